import { isAssayError } from '../src/errors.ts';
import { collectPosture } from './collect-posture.ts';
import { DuePostures } from './due-postures.ts';
import { endScan } from './end-scan.ts';
import { LISTINGS_AT_ONCE } from './fleet.ts';
import type { ListJob, PostureJob } from './jobs.ts';
import { listTarget } from './list-target.ts';
import type { JobQueue } from './queue.ts';
import type { ScanContext } from './scan-context.ts';
import { scanShard } from './scan-shard.ts';

/** Open shards that one look at the ledger adds. */
const SHARDS_AT_ONCE = 2000;

/** One scan as one worker of a fleet sees it. What is open is asked of the ledger: other workers do the same work. */
export class FleetScan {
  readonly context: ScanContext;
  private readonly queue: JobQueue;
  private readonly postures: DuePostures;
  private readonly lastPostures: DuePostures;
  /** Shards being scanned here; a queue that was emptied gives them out again. */
  private readonly here = new Set<string>();
  /** Targets whose listing has come to its end or broken: it stays so. */
  private readonly listed = new Set<number>();

  constructor(context: ScanContext, queue: JobQueue) {
    this.context = context;
    this.queue = queue;
    this.postures = new DuePostures(context.targets);
    this.lastPostures = new DuePostures(context.targets);
  }

  async list(targetIndex: number, signal: AbortSignal): Promise<void> {
    const { ledger, scan, budget } = this.context;
    if (budget.spentUp !== null) return;
    const { error } = await ledger.listing(scan.id, targetIndex);
    if (error === null) {
      await this.inTime(signal, (until) => listTarget(this.context, targetIndex, (ids) => this.addShards(ids), until));
    }
    await this.addListings();
  }

  async shard(shardId: string, signal: AbortSignal): Promise<void> {
    if (this.here.has(shardId)) return;
    this.here.add(shardId);
    try {
      await this.inTime(signal, (until) => scanShard(this.context, shardId, until));
    } finally {
      this.here.delete(shardId);
    }
  }

  async posture(targetIndex: number, signal: AbortSignal): Promise<void> {
    const bucket = this.postures.bucket(targetIndex);
    if (bucket !== null) await collectPosture(this.context, bucket, signal);
  }

  /** Adds what the ledger holds open; what is in the queue already stays as it is. True: nothing is left to do. */
  async reconcile(signal: AbortSignal): Promise<boolean> {
    const { ledger, scan, budget } = this.context;
    await budget.tell();
    if (budget.spentUp !== null) {
      if (this.here.size > 0) return false;
      for (const index of this.lastPostures.take(await ledger.exposures(scan.id), false)) {
        await this.posture(index, signal);
      }
      return true;
    }
    const listings = await this.addListings();
    const shardIds = await ledger.openShards(scan.id);
    const isRead = listings === 0 && shardIds.length === 0;
    const exposures = await ledger.exposures(scan.id);
    if (isRead) {
      // Here and now: whether a job was lost, or another worker has tried in vain, is not in the ledger.
      for (const index of this.lastPostures.take(exposures, true)) await this.posture(index, signal);
      return true;
    }
    const postures = this.postures.take(exposures, false);
    await this.addShards(shardIds.slice(0, SHARDS_AT_ONCE));
    await this.queue.add('posture', postures.map(this.targetJob));
    return false;
  }

  async finish(): Promise<void> {
    const { ledger, scan, targets } = this.context;
    let broken = 0;
    for (const index of targets.keys()) if ((await ledger.listing(scan.id, index)).error !== null) broken += 1;
    await endScan(this.context, broken);
  }

  /** What the end of the budget's time cuts off is no failure. */
  private async inTime(signal: AbortSignal, work: (until: AbortSignal) => Promise<unknown>): Promise<void> {
    const { late } = this.context.budget;
    try {
      await work(AbortSignal.any([signal, late]));
    } catch (error) {
      if (!late.aborted) throw error;
    }
  }

  /** Adds the first listings that are open, and answers how many that are. */
  private async addListings(): Promise<number> {
    const open: number[] = [];
    for (const index of this.context.targets.keys()) {
      if (this.listed.has(index)) continue;
      const { complete, error } = await this.context.ledger.listing(this.context.scan.id, index);
      if (complete || error !== null) this.listed.add(index);
      else open.push(index);
      if (open.length === LISTINGS_AT_ONCE) break;
    }
    await this.queue.add('list', open.map(this.targetJob));
    return open.length;
  }

  private readonly targetJob = (targetIndex: number): ListJob & PostureJob => {
    return { v: 1, scanId: this.context.scan.id, targetIndex };
  };

  private addShards(shardIds: string[]): Promise<void> {
    return this.queue.add(
      'shard',
      shardIds.map((shardId) => ({ v: 1, scanId: this.context.scan.id, shardId })),
    );
  }
}

/** What a log may say of an error: anything else might hold scanned data. */
export function codeOf(error: unknown): string {
  if (isAssayError(error)) return error.code;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : typeof error;
}
