import type { NewScan } from '../src/model/ledger.ts';
import { loadDetectorSet } from './detector-set.ts';
import { canonicalJson, sha256 } from './digest.ts';
import { DuePostures } from './due-postures.ts';
import type { JobQueue } from './queue.ts';

/** Others are added as these end, so that shards are read meanwhile. */
export const LISTINGS_AT_ONCE = 4;

export interface FleetIdentity {
  version: string;
  fingerprintKeyId: string;
}

/**
 * The name of the queue whose jobs a process can do: those of scans under the same fingerprint key, by the same version
 * with the same catalogue. Others never see them.
 */
export async function fleetQueueName({ version, fingerprintKeyId }: FleetIdentity): Promise<string> {
  const { digest } = await loadDetectorSet();
  return `assay-${sha256(canonicalJson({ version, fingerprintKeyId, digest }))
    .replace(/^sha256:/, '')
    .slice(0, 16)}`;
}

/** Hands a scan to the fleet: its first listings, and who can reach each of its buckets. */
export async function enqueueScan(queue: JobQueue, { id, targets }: Pick<NewScan, 'id' | 'targets'>): Promise<void> {
  const job = (targetIndex: number) => ({ v: 1 as const, scanId: id, targetIndex });
  const first = targets.slice(0, LISTINGS_AT_ONCE);
  await queue.add(
    'list',
    first.map((_target, index) => job(index)),
  );
  await queue.add('posture', new DuePostures(targets).take([], false).map(job));
}
