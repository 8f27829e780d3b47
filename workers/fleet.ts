import type { NewScan } from '../src/model/ledger.ts';
import { DuePostures } from './due-postures.ts';
import type { JobQueue, QueueServer } from './queue.ts';

/** Of one scan in the whole fleet; others are added as these end, so that shards are read meanwhile. */
export const LISTINGS_AT_ONCE = 2;
/** Scans that a worker takes jobs of, the oldest first: each costs it a connection to the queue. */
export const MAX_SCANS_AT_ONCE = 8;

/**
 * Each scan has a queue of its own: a small scan does not wait behind the shards of a large one, whoever does not know a
 * scan's key or detectors never sees its jobs, and what is left of a cancelled one is dropped in one piece.
 */
export function openScanQueue(queues: QueueServer, scanId: string, lockMs?: number): JobQueue {
  return queues.open({ name: `assay-${scanId}`, ...(lockMs === undefined ? {} : { lockMs }) });
}

/** Hands a scan to the fleet: its first listings, and who can reach each of its buckets. */
export async function enqueueScan(
  queues: QueueServer,
  { id, targets }: Pick<NewScan, 'id' | 'targets'>,
): Promise<void> {
  const job = (targetIndex: number) => ({ v: 1 as const, scanId: id, targetIndex });
  const first = targets.slice(0, LISTINGS_AT_ONCE);
  const queue = openScanQueue(queues, id);
  try {
    await queue.add('posture', new DuePostures(targets).take([], false).map(job));
    await queue.add(
      'list',
      first.map((_target, index) => job(index)),
    );
  } finally {
    await queue.close();
  }
}

/** Takes what is left of a scan that has ended off the queue. */
export async function dropScan(queues: QueueServer, scanId: string): Promise<void> {
  const queue = openScanQueue(queues, scanId);
  try {
    await queue.drop();
  } finally {
    await queue.close();
  }
}
