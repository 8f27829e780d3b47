import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Ledger, ScanRow } from '../src/model/ledger.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import type { ScanEvent } from '../src/model/scan-event.ts';
import { detectorSetOf } from './detector-set.ts';
import { LISTINGS_AT_ONCE } from './fleet.ts';
import { codeOf, FleetScan } from './fleet-scan.ts';
import type { JobKind, JobOf } from './jobs.ts';
import { openProviders, type Providers } from './open-providers.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { JobQueue } from './queue.ts';
import type { ThreadPool } from './thread-pool.ts';
import { ThreadPools } from './thread-pools.ts';

export interface FleetLedger extends Ledger {
  loadDetectorSet(digest: string): Promise<unknown>;
  runningScans(): Promise<string[]>;
}

export interface FleetWorkerOptions {
  /** What every scan gets from its worker; the rest is frozen with the scan. */
  config: Pick<ScanConfig, 'version' | 'threads' | 'fingerprintKey' | 'fingerprintKeyId'>;
  ledger: FleetLedger;
  /** Opened under `fleetQueueName`; the worker stops it and does not close it. */
  queue: JobQueue;
  /** Ends the worker gracefully. */
  signal: AbortSignal;
  /** After the signal, objects that are being read have this long to end. Default 20,000. */
  graceMs?: number;
  /** How often the ledger is searched for work that the queue does not know of. Default 60,000. */
  reconcileMs?: number;
  /** How often it is asked whether scans go on. Default 2,000. */
  pollMs?: number;
  onEvent?: (scanId: string, event: ScanEvent) => void;
  log: (fields: Record<string, unknown>, message: string) => void;
}

/** After a cancellation, objects that are being read have this long to end. */
const CANCEL_GRACE_MS = 5000;
/** Between two looks at the ledger for one scan. */
const LOOK_MS = 500;
/** After a job that failed: the ledger or the queue may be away. */
const RETRY_MS = 2000;
const OTHER_JOBS = LISTINGS_AT_ONCE + 1;

interface Work {
  scan: FleetScan;
  /** Aborts when the scan is cancelled or the worker stops. */
  signal: AbortSignal;
  stop: AbortController;
  kill: AbortController;
  threads: ThreadPool;
  providers: Providers;
  active: number;
  isOver: boolean;
  nextLook: NodeJS.Timeout | undefined;
}

/** Takes jobs of every scan of the queue until `signal` aborts. */
export async function runWorker(options: FleetWorkerOptions): Promise<void> {
  await new FleetWorker(options).run();
}

class FleetWorker {
  private readonly options: FleetWorkerOptions;
  private readonly pools = new ThreadPools();
  private readonly works = new Map<string, Promise<Work | null>>();
  /** Scans that another kind of worker must do; told once. */
  private readonly refused = new Set<string>();
  /** Jobs that the stop has ended, to be added again. */
  private readonly handedBack: (() => Promise<void>)[] = [];
  private readonly looks = new Set<Promise<void>>();

  constructor(options: FleetWorkerOptions) {
    this.options = options;
  }

  async run(): Promise<void> {
    const { config, queue, signal, log, graceMs = 20_000, reconcileMs = 60_000, pollMs = 2000 } = this.options;
    setMaxListeners(0, signal);
    const timers = [setInterval(() => void this.reconcile(), reconcileMs), setInterval(() => void this.poll(), pollMs)];
    queue.work(
      {
        list: (job, lock) => this.take('list', job, lock, (scan, until) => scan.list(job.targetIndex, until)),
        shard: (job, lock) => this.take('shard', job, lock, (scan, until) => scan.shard(job.shardId, until)),
        posture: (job, lock) => this.take('posture', job, lock, (scan, until) => scan.posture(job.targetIndex, until)),
      },
      // One more shard than threads, so that there is work while the last objects of a shard are read.
      (config.threads || availableParallelism()) + 1 + OTHER_JOBS,
      (error) => log({ code: codeOf(error) }, 'queue'),
    );
    void this.reconcile();
    await aborted(signal);
    for (const timer of timers) clearInterval(timer);
    const kill = setTimeout(() => void this.killAll(), graceMs);
    try {
      await queue.stop();
      await Promise.all(this.looks);
      for (const giveBack of this.handedBack) await giveBack();
    } finally {
      clearTimeout(kill);
      for (const pending of this.works.values()) {
        const work = await pending.catch(() => null);
        clearTimeout(work?.nextLook);
        await work?.providers.close();
      }
      await this.pools.close();
    }
  }

  private async take<K extends JobKind>(
    kind: K,
    job: JobOf<K>,
    lock: AbortSignal,
    run: (scan: FleetScan, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { queue, log, signal } = this.options;
    const giveBack = () => queue.add(kind, [job]);
    let work: Work | null = null;
    try {
      work = await this.open(job.scanId);
      if (work === null) return;
      work.active += 1;
      try {
        await run(work.scan, AbortSignal.any([work.signal, lock]));
      } finally {
        work.active -= 1;
      }
    } catch (error) {
      // What is still open is in the ledger: it is added again here, by another worker, or at the next start.
      if (signal.aborted) this.handedBack.push(giveBack);
      else if (!lock.aborted && !work?.isOver) {
        log({ scan: job.scanId, job: kind, code: codeOf(error) }, 'a job failed and will be tried again');
        if (work !== null) this.lookSoon(work, RETRY_MS);
      }
    }
    if (work !== null) await this.settle(work);
  }

  private async settle(work: Work): Promise<void> {
    if (work.active > 0) return;
    if (work.isOver) await this.leave(work);
    else this.lookSoon(work, LOOK_MS);
  }

  private open(scanId: string): Promise<Work | null> {
    let work = this.works.get(scanId);
    if (work === undefined) {
      work = this.begin(scanId);
      this.works.set(scanId, work);
      // What failed, and what is not for us, is asked again by the next job.
      work.then(
        (begun) => begun === null && this.works.delete(scanId),
        () => this.works.delete(scanId),
      );
    }
    return work;
  }

  private async begin(scanId: string): Promise<Work | null> {
    const { config, ledger, queue, signal, onEvent } = this.options;
    const row = await ledger.getScan(scanId);
    if (row === null || row.state !== 'running' || this.isRefused(row)) return null;
    const source = await ledger.loadDetectorSet(row.detectorSet);
    const set = await detectorSetOf(row.detectorSet, source).catch(() => null);
    if (set === null) return this.refuse(scanId, 'it needs detectors of another version');
    const stored = row.config as Omit<ScanConfig, 'threads' | 'resume' | 'fingerprintKey' | 'fingerprintKeyId'>;
    const { version, threads: threadCount, fingerprintKey, fingerprintKeyId } = config;
    const own = { version, threads: threadCount, fingerprintKey, fingerprintKeyId };
    const settled: ScanConfig = { ...stored, ...own, resume: 'never' };
    const threads = this.pools.acquire(settled, set.own);
    const providers = openProviders(threads.data.providerOptions);
    const stop = new AbortController();
    const kill = new AbortController();
    const until = AbortSignal.any([signal, stop.signal]);
    setMaxListeners(0, until, kill.signal);
    const scan = new FleetScan(
      {
        scan: row,
        targets: row.targets,
        config: settled,
        ledger,
        threads,
        provider: providers.get,
        emit: (event) => onEvent?.(scanId, event),
        meter: new ProgressMeter(() => {}),
        kill: kill.signal,
      },
      queue,
    );
    return { scan, signal: until, stop, kill, threads, providers, active: 0, isOver: false, nextLook: undefined };
  }

  private isRefused(row: ScanRow): boolean {
    const { version, fingerprintKeyId } = this.options.config;
    const reason =
      row.fingerprintKeyId !== fingerprintKeyId
        ? 'it has another fingerprint key'
        : row.version !== version
          ? `it is of version ${row.version}`
          : null;
    if (reason !== null) this.refuse(row.id, reason);
    return reason !== null;
  }

  private refuse(scanId: string, reason: string): null {
    if (!this.refused.has(scanId)) this.options.log({ scan: scanId, reason }, 'a scan is left to other workers');
    this.refused.add(scanId);
    return null;
  }

  /** Looks at every scan that has not ended, also those whose jobs the queue has lost. */
  private async reconcile(): Promise<void> {
    const { ledger, log, signal } = this.options;
    try {
      for (const scanId of await ledger.runningScans()) {
        if (signal.aborted) return;
        const work = this.refused.has(scanId) ? null : await this.open(scanId);
        if (work !== null) this.lookSoon(work, 0);
      }
    } catch (error) {
      if (!signal.aborted) log({ code: codeOf(error) }, 'the ledger was not searched for lost work');
    }
  }

  /** Ends work on scans that another process has ended or cancelled. */
  private async poll(): Promise<void> {
    for (const [scanId, pending] of this.works) {
      try {
        const work = await pending;
        if (work === null || work.isOver) continue;
        const row = await this.options.ledger.getScan(scanId);
        if (row?.state !== 'running') await this.end(work);
      } catch {
        // The next poll asks again.
      }
    }
  }

  private async end(work: Work): Promise<void> {
    if (work.isOver) return;
    work.isOver = true;
    clearTimeout(work.nextLook);
    work.stop.abort();
    if (work.active === 0) return this.leave(work);
    setTimeout(() => work.kill.abort(), CANCEL_GRACE_MS).unref();
  }

  private async leave(work: Work): Promise<void> {
    const { id } = work.scan.context.scan;
    if (!this.works.delete(id)) return;
    await work.providers.close();
    await this.pools.release(work.threads);
  }

  private lookSoon(work: Work, delayMs: number): void {
    if (work.isOver || this.options.signal.aborted || work.nextLook !== undefined) return;
    work.nextLook = setTimeout(() => {
      const look = this.look(work).finally(() => this.looks.delete(look));
      this.looks.add(look);
    }, delayMs);
  }

  private async look(work: Work): Promise<void> {
    const { ledger, log } = this.options;
    const { id } = work.scan.context.scan;
    let isFailed = false;
    try {
      const row = await ledger.getScan(id);
      if (row?.state !== 'running') return await this.end(work);
      if (await work.scan.reconcile(work.signal)) {
        await work.scan.finish();
        log({ scan: id }, 'a scan has ended');
        await this.end(work);
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
