import { AssayError } from '../src/errors.ts';
import { collectPosture } from './collect-posture.ts';
import { DuePostures } from './due-postures.ts';
import { type JobKind, type JobOf, jobId, type ListJob, type PostureJob } from './jobs.ts';
import { listTarget } from './list-target.ts';
import type { JobQueue } from './queue.ts';
import type { ScanContext } from './scan-context.ts';
import { scanShard } from './scan-shard.ts';

const RECONCILE_MS = 60_000;
/** Open shards that one look at the ledger adds; those of a lost queue come first in turn. */
const RECONCILE_SHARDS = 2000;
const LISTINGS_AT_ONCE = 4;
/** Jobs taken beside those for the threads: all listings that are added at once, and a posture. */
const OTHER_JOBS = LISTINGS_AT_ONCE + 1;

/**
 * Drives one scan through the queue until the ledger says that it is complete. The queue may lose every job: what the
 * ledger holds open is added again at the start, whenever nothing is left to do here, and once a minute.
 */
export class ScanRun {
  private readonly context: ScanContext;
  private readonly queue: JobQueue;
  private readonly signal: AbortSignal;
  /** Added and not ended in this process, by job id. */
  private readonly pending = new Set<string>();
  private readonly listingErrors = new Map<number, AssayError>();
  /** Targets to list when one of the running listings has ended. */
  private waitingListings: number[] = [];
  private readonly postures: DuePostures;
  private readonly end = Promise.withResolvers<void>();
  /** Jobs under way. */
  private active = 0;
  private isReconciling = false;
  private mustReconcile = false;

  constructor(context: ScanContext, queue: JobQueue, signal: AbortSignal) {
    this.context = context;
    this.queue = queue;
    this.signal = signal;
    this.postures = new DuePostures(context.targets);
  }

  /** Answers the errors of listings that broke. Throws `cancelled`, or the error that made going on useless. */
  async toTheEnd(): Promise<AssayError[]> {
    const { context, end, queue, signal } = this;
    const cancel = (): void =>
      end.reject(new AssayError('cancelled', `scan ${context.scan.id} was cancelled; the same command resumes it`));
    // It may be rejected before anything waits for it.
    end.promise.catch(() => {});
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const { late } = context.budget;
    const endWhenQuiet = (): void => this.endSpent();
    late.addEventListener('abort', endWhenQuiet, { once: true });
    const timer = setInterval(() => this.reconcile(), RECONCILE_MS);
    try {
      // No other process uses an embedded queue: what is in it was left behind by a killed one.
      await queue.clear();
      queue.work(
        {
          list: (job, lock) => this.run('list', job, lock, (signal) => this.list(job.targetIndex, signal)),
          shard: (job, lock) => this.run('shard', job, lock, (signal) => this.shard(job.shardId, signal)),
          posture: (job, lock) => this.run('posture', job, lock, (signal) => this.posture(job.targetIndex, signal)),
        },
        // One more shard than threads, so that there is work while the last objects of a shard are read.
        context.threads.threads + 1 + OTHER_JOBS,
        (error) => end.reject(error),
      );
      this.reconcile();
      await end.promise;
      return [...this.listingErrors.values()];
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', cancel);
      late.removeEventListener('abort', endWhenQuiet);
    }
  }

  private async run<K extends JobKind>(
    kind: K,
    job: JobOf<K>,
    lock: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (job.scanId !== this.context.scan.id || this.signal.aborted) return;
    const { late } = this.context.budget;
    this.active += 1;
    try {
      // Who can reach a bucket is asked whatever the budget.
      await work(AbortSignal.any(kind === 'posture' ? [this.signal, lock] : [this.signal, lock, late]));
    } catch (error) {
      // Without its lock the job is somebody else's; what is still open is found by the reconciler.
      if (!lock.aborted && !late.aborted) this.end.reject(error);
    } finally {
      this.active -= 1;
      this.pending.delete(jobId(kind, job));
      if (this.pending.size === 0) this.reconcile();
      this.endSpent();
    }
  }

  /** Ends the run when its budget is used up and what was begun has ended. */
  private endSpent(): void {
    const isSpent = this.context.budget.spentUp !== null;
    if (isSpent && this.active === 0 && !this.isPending('posture')) this.end.resolve();
  }

  private async list(targetIndex: number, signal: AbortSignal): Promise<void> {
    const error = await listTarget(this.context, targetIndex, (shardIds) => this.addShards(shardIds), signal);
    if (error !== null) this.listingErrors.set(targetIndex, error);
    const next = this.waitingListings.shift();
    if (next !== undefined) await this.add('list', [this.targetJob(next)]);
  }

  private async shard(shardId: string, signal: AbortSignal): Promise<void> {
    await scanShard(this.context, shardId, signal);
  }

  private async posture(targetIndex: number, signal: AbortSignal): Promise<void> {
    const bucket = this.postures.bucket(targetIndex);
    if (bucket !== null) await collectPosture(this.context, bucket, signal);
  }

  private targetJob(targetIndex: number): ListJob & PostureJob {
    return { v: 1, scanId: this.context.scan.id, targetIndex };
  }

  private addShards(shardIds: string[]): Promise<void> {
    return this.add(
      'shard',
      shardIds.map((shardId) => ({ v: 1, scanId: this.context.scan.id, shardId })),
    );
  }

  private async add<K extends JobKind>(kind: K, jobs: JobOf<K>[]): Promise<void> {
    for (const job of jobs) this.pending.add(jobId(kind, job));
    await this.queue.add(kind, jobs);
  }

  private isPending(kind: JobKind): boolean {
    return [...this.pending].some((id) => id.startsWith(`${kind}-`));
  }

  private reconcile(): void {
    this.mustReconcile = true;
    if (this.isReconciling) return;
    this.isReconciling = true;
    this.reconcileOnce()
      .catch((error: unknown) => this.end.reject(error))
      .finally(() => {
        this.isReconciling = false;
        if (this.mustReconcile) this.reconcile();
      });
  }

  /** Adds what is open in the ledger; ends the run when nothing is. */
  private async reconcileOnce(): Promise<void> {
    this.mustReconcile = false;
    if (this.signal.aborted) return;
    const { ledger, scan, meter } = this.context;
    if (this.context.budget.spentUp !== null) return await this.askPostures();
    const listings = await this.openListings();
    if (listings.length === 0 && this.listingErrors.size === 0) meter.listingComplete();
    const shardIds = await ledger.openShards(scan.id);
    const isRead = listings.length === 0 && shardIds.length === 0;
    const postures = this.postures.take(await ledger.exposures(scan.id), isRead);
    if (isRead && postures.length === 0) {
      if (!this.isPending('posture')) this.end.resolve();
      return;
    }
    // A job that ended while the ledger was read may be in here although the queue did not take it a second time.
    for (const id of [...this.pending]) if (!id.startsWith('posture-')) this.pending.delete(id);
    this.waitingListings = listings.slice(LISTINGS_AT_ONCE);
    await this.add(
      'list',
      listings.slice(0, LISTINGS_AT_ONCE).map((index) => this.targetJob(index)),
    );
    await this.addShards(shardIds.slice(0, RECONCILE_SHARDS));
    await this.add(
      'posture',
      postures.map((index) => this.targetJob(index)),
    );
  }

  /** Who can reach a bucket is told whatever was read of it. */
  private async askPostures(): Promise<void> {
    const { ledger, scan } = this.context;
    const postures = this.postures.take(await ledger.exposures(scan.id), false);
    await this.add(
      'posture',
      postures.map((index) => this.targetJob(index)),
    );
    this.endSpent();
  }

  private async openListings(): Promise<number[]> {
    const open: number[] = [];
    for (const index of this.context.targets.keys()) {
      if (this.listingErrors.has(index)) continue;
      const { complete } = await this.context.ledger.listing(this.context.scan.id, index);
      if (!complete) open.push(index);
    }
    return open;
  }
}
