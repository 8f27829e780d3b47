import { setMaxListeners } from 'node:events';
import { MAX_SCANS_AT_ONCE } from './fleet.ts';
import { codeOf } from './fleet-scan.ts';
import type { JobKind, JobOf } from './jobs.ts';
import { type JoinedScan, joinScan, type WorkerParts } from './join-scan.ts';
import { ThreadPools } from './thread-pools.ts';

export interface FleetWorkerOptions extends WorkerParts {
  /** Ends the worker gracefully. */
  signal: AbortSignal;
  /** Works on this scan and no other, until it has ended. */
  only?: string;
  /** After the signal, objects that are being read have this long to end. Default 20,000. */
  graceMs?: number;
  /** How often the ledger is searched for work that the queue does not know of. Default 60,000. */
  reconcileMs?: number;
  /** How often it is asked which scans there are. Default 2,000. */
  pollMs?: number;
  /** Another module for the threads, for tests. */
  threadFile?: URL;
  /** When a scan has come to its end here. */
  onEnd?: () => Promise<unknown>;
  log: (fields: Record<string, unknown>, message: string) => void;
}

/** After a cancellation, objects that are being read have this long to end. */
const CANCEL_GRACE_MS = 5000;
/** Between two looks at the ledger for one scan. */
const LOOK_MS = 500;
/** After a job that failed: the ledger or the queue may be away. */
const RETRY_MS = 2000;
/**
 * Jobs of one scan that are taken beside one for each thread: work while the last objects of a shard are read, and a
 * listing. More would be missing at other workers.
 */
const SPARE_JOBS = 2;

interface Work extends JoinedScan {
  /** Jobs under way. */
  active: number;
  isOver: boolean;
  nextLook: NodeJS.Timeout | undefined;
}

/** Takes jobs of every scan of the fleet until `signal` aborts, or of one until that has ended. */
export async function runWorker(options: FleetWorkerOptions): Promise<void> {
  await new FleetWorker(options).run();
}

class FleetWorker {
  private readonly options: FleetWorkerOptions;
  private readonly pools: ThreadPools;
  private readonly works = new Map<string, Promise<Work | null>>();
  /** Scans that another kind of worker must do; told once. */
  private readonly refused = new Set<string>();
  /** Jobs that the stop has ended, to be added again. */
  private readonly handedBack: (() => Promise<void>)[] = [];
  /** What must have ended before the worker does. */
  private readonly running = new Set<Promise<void>>();
  /** Aborts when the one scan of `only` has ended. */
  private readonly done = new AbortController();
  private readonly signal: AbortSignal;
  private isPolling = false;

  constructor(options: FleetWorkerOptions) {
    this.options = options;
    this.pools = new ThreadPools(options.threadFile);
    this.signal = AbortSignal.any([options.signal, this.done.signal]);
    setMaxListeners(0, this.signal);
  }

  async run(): Promise<void> {
    const { graceMs = 20_000, reconcileMs = 60_000, pollMs = 2000 } = this.options;
    const timers = [setInterval(() => void this.poll(), pollMs), setInterval(() => void this.reconcile(), reconcileMs)];
    void this.poll();
    await aborted(this.signal);
    for (const timer of timers) clearInterval(timer);
    const kill = setTimeout(() => void this.killAll(), graceMs);
    try {
      const works = await Promise.all([...this.works.values()].map((pending) => pending.catch(() => null)));
      await Promise.all(works.map((work) => work?.queue.stop()));
      while (this.running.size > 0) await Promise.all(this.running);
      // Whoever looks into the ledger finds them too, only later.
      await Promise.all(this.handedBack.map((giveBack) => giveBack())).catch(() => {});
      await Promise.all(works.map((work) => work !== null && !work.isOver && this.leave(work)));
    } finally {
      clearTimeout(kill);
      await this.pools.close();
    }
  }

  /** Begins with scans that are new and leaves those that have ended. */
  private async poll(): Promise<void> {
    if (this.isPolling) return;
    this.isPolling = true;
    try {
      const running = await this.scansToDo();
      for (const [scanId, pending] of this.works) {
        const work = running.includes(scanId) ? null : await pending.catch(() => null);
        if (work !== null) this.end(work);
      }
      for (const scanId of this.refused) if (!running.includes(scanId)) this.refused.delete(scanId);
      for (const scanId of running) {
        if (this.signal.aborted || this.works.size >= MAX_SCANS_AT_ONCE) break;
        if (this.works.has(scanId) || this.refused.has(scanId)) continue;
        const work = await this.open(scanId);
        if (work !== null) this.lookSoon(work, 0);
      }
      const { only } = this.options;
      if (only !== undefined && this.works.size === 0 && !running.includes(only)) this.done.abort();
    } catch (error) {
      if (!this.signal.aborted) this.options.log({ code: codeOf(error) }, 'scans are not taken up just now');
    } finally {
      this.isPolling = false;
    }
  }

  private async scansToDo(): Promise<string[]> {
    const { only, ledger } = this.options;
    if (only === undefined) return await ledger.runningScans();
    return (await ledger.getScan(only))?.state === 'running' ? [only] : [];
  }

  private async open(scanId: string): Promise<Work | null> {
    const pending = this.begin(scanId);
    this.works.set(scanId, pending);
    const work = await pending.catch((error: unknown) => {
      this.works.delete(scanId);
      throw error;
    });
    if (work === null) this.works.delete(scanId);
    return work;
  }

  private async begin(scanId: string): Promise<Work | null> {
    const { ledger, log } = this.options;
    const row = await ledger.getScan(scanId);
    if (row?.state !== 'running') return null;
    const joined = await joinScan(row, this.options, this.pools, this.signal);
    if ('refused' in joined) {
      log({ scan: scanId, reason: joined.refused }, 'a scan is left to other workers');
      this.refused.add(scanId);
      return null;
    }
    const work: Work = { ...joined, active: 0, isOver: false, nextLook: undefined };
    const { scan, queue, threads } = work;
    queue.work(
      {
        list: (job, lock) => this.take(work, 'list', job, lock, (until) => scan.list(job.targetIndex, until)),
        shard: (job, lock) => this.take(work, 'shard', job, lock, (until) => scan.shard(job.shardId, until)),
        posture: (job, lock) => this.take(work, 'posture', job, lock, (until) => scan.posture(job.targetIndex, until)),
      },
      threads.threads + SPARE_JOBS,
      (error) => {
        if (!this.signal.aborted && !work.isOver) log({ code: codeOf(error) }, 'queue');
      },
    );
    return work;
  }

  private async take<K extends JobKind>(
    work: Work,
    kind: K,
    job: JobOf<K>,
    lock: AbortSignal,
    run: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (job.scanId !== work.scan.context.scan.id) return;
    work.active += 1;
    try {
      await run(AbortSignal.any([work.signal, lock]));
    } catch (error) {
      // What is still open is in the ledger: it is added again here, by another worker, or at the next start.
      if (work.isOver) return;
      if (this.signal.aborted) this.handedBack.push(() => work.queue.add(kind, [job]));
      else if (!lock.aborted) {
        this.options.log({ scan: job.scanId, job: kind, code: codeOf(error) }, 'a job failed and will be tried again');
        this.lookSoon(work, RETRY_MS);
      }
    } finally {
      work.active -= 1;
    }
    if (work.active === 0) this.lookSoon(work, LOOK_MS);
  }

  /** Looks at every scan, also those whose jobs the queue has lost. */
  private async reconcile(): Promise<void> {
    for (const pending of this.works.values()) {
      const work = await pending.catch(() => null);
      if (work !== null) this.lookSoon(work, 0);
    }
  }

  /** Leaves a scan that has ended or was cancelled. */
  private end(work: Work): void {
    if (work.isOver) return;
    work.isOver = true;
    work.stop.abort();
    const kill = setTimeout(() => work.kill.abort(), CANCEL_GRACE_MS);
    this.wait(
      this.leave(work)
        .catch((error: unknown) => this.options.log({ code: codeOf(error) }, 'queue'))
        .finally(() => clearTimeout(kill)),
    );
  }

  private async leave(work: Work): Promise<void> {
    const { id } = work.scan.context.scan;
    clearTimeout(work.nextLook);
    try {
      await work.queue.stop();
      // Nobody needs it any more, whoever else is still about to leave it.
      if (work.isOver) await work.queue.drop();
    } finally {
      await work.queue.close();
      await work.scan.context.budget.close().catch(() => {});
      await work.providers.close();
      await this.pools.release(work.threads);
      this.works.delete(id);
      if (this.options.only === id) this.done.abort();
    }
  }

  private lookSoon(work: Work, delayMs: number): void {
    if (work.isOver || this.signal.aborted || work.nextLook !== undefined) return;
    work.nextLook = setTimeout(() => this.wait(this.look(work)), delayMs);
  }

  private wait(work: Promise<void>): void {
    const waiting = work.finally(() => this.running.delete(waiting));
    this.running.add(waiting);
  }

  private async look(work: Work): Promise<void> {
    const { ledger, log } = this.options;
    const { id } = work.scan.context.scan;
    let isFailed = false;
    try {
      const row = await ledger.getScan(id);
      if (row?.state !== 'running' || row.takenUpAt !== work.takenUpAt) this.end(work);
      else if (await work.scan.reconcile(work.signal)) {
        await work.scan.finish();
        log({ scan: id }, 'a scan has ended');
        this.end(work);
        await this.options.onEnd?.();
      }
    } catch (error) {
      isFailed = true;
      if (!work.signal.aborted) log({ scan: id, code: codeOf(error) }, 'the ledger or the queue is away');
    } finally {
      work.nextLook = undefined;
      if (isFailed) this.lookSoon(work, RETRY_MS);
    }
  }

  private async killAll(): Promise<void> {
    for (const pending of this.works.values()) (await pending.catch(() => null))?.kill.abort();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
