import { setMaxListeners } from 'node:events';
import type { Ledger, ScanRow } from '../src/model/ledger.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import type { ScanEvent } from '../src/model/scan-event.ts';
import { BudgetMeter } from './budget-meter.ts';
import { detectorSetOf } from './detector-set.ts';
import { openScanQueue } from './fleet.ts';
import { FleetScan } from './fleet-scan.ts';
import { openProviders, type Providers } from './open-providers.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { JobQueue, QueueServer } from './queue.ts';
import type { ScanContext } from './scan-context.ts';
import type { ThreadPool } from './thread-pool.ts';
import type { ThreadPools } from './thread-pools.ts';

/** When the time of a budget is over, objects that are being read have this long to end. */
const LATE_GRACE_MS = 5000;

export interface FleetLedger extends Ledger {
  loadDetectorSet(digest: string): Promise<unknown>;
  runningScans(): Promise<string[]>;
}

/** What a worker brings to every scan. */
export interface WorkerParts {
  /** The rest is frozen with the scan. */
  config: Pick<ScanConfig, 'version' | 'threads' | 'fingerprintKey' | 'fingerprintKeyId'>;
  ledger: FleetLedger;
  queues: QueueServer;
  /** A worker that is silent this long has lost its jobs to others. Default 30,000. */
  lockMs?: number;
  onEvent?: (scanId: string, event: ScanEvent) => void;
}

/** A scan that a worker has taken up. */
export interface JoinedScan {
  scan: FleetScan;
  /** Another time in the ledger: it was taken up again, perhaps with another budget. */
  takenUpAt: string;
  queue: JobQueue;
  /** Aborts when the scan has ended or the worker stops. */
  signal: AbortSignal;
  stop: AbortController;
  /** Gives up what is being read. */
  kill: AbortController;
  threads: ThreadPool;
  providers: Providers;
}

/** Opens what a scan needs here, under the configuration that was frozen with it; or says why another worker must do it. */
export async function joinScan(
  row: ScanRow,
  parts: WorkerParts,
  pools: ThreadPools,
  signal: AbortSignal,
): Promise<JoinedScan | { refused: string }> {
  const { config, ledger, queues, lockMs, onEvent } = parts;
  if (row.fingerprintKeyId !== config.fingerprintKeyId) return { refused: 'it has another fingerprint key' };
  if (row.version !== config.version) return { refused: `it is of version ${row.version}` };
  const source = await ledger.loadDetectorSet(row.detectorSet);
  const set = await detectorSetOf(row.detectorSet, source).catch(() => null);
  if (set === null) return { refused: 'it needs detectors of another version' };
  const stored = row.config as Omit<ScanConfig, 'threads' | 'resume' | 'fingerprintKey' | 'fingerprintKeyId'>;
  const { version, threads: threadCount, fingerprintKey, fingerprintKeyId } = config;
  const own = { version, threads: threadCount, fingerprintKey, fingerprintKeyId };
  const settled: ScanConfig = { ...stored, ...own, resume: 'never' };
  const threads = pools.acquire(settled, set.own);
  const providers = openProviders(threads.data.providerOptions);
  const queue = openScanQueue(queues, row.id, lockMs);
  const stop = new AbortController();
  const kill = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const budget = new BudgetMeter({
    budget: settled.budget,
    ledger,
    scanId: row.id,
    spent: row.spent,
    takenUpAt: row.takenUpAt,
    providerOptions: settled.providerOptions,
    otherRequests: providers.requests,
  });
  setMaxListeners(0, until, kill.signal, budget.late);
  budget.late.addEventListener('abort', () => setTimeout(() => kill.abort(), LATE_GRACE_MS).unref());
  const context: ScanContext = {
    scan: row,
    targets: row.targets,
    config: settled,
    ledger,
    threads,
    provider: providers.get,
    emit: (event) => onEvent?.(row.id, event),
    meter: new ProgressMeter(() => {}),
    budget,
    kill: kill.signal,
  };
  return {
    takenUpAt: row.takenUpAt,
    scan: new FleetScan(context, queue),
    queue,
    signal: until,
    stop,
    kill,
    threads,
    providers,
  };
}
