import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { OwnDetector } from '../detectors/own-detector.ts';
import { NOTHING_SPENT } from '../src/model/budget.ts';
import type { Ledger } from '../src/model/ledger.ts';
import type { Target } from '../src/model/object.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import type { ScanEvent } from '../src/model/scan-event.ts';
import { createThrottles } from '../src/providers/throttle.ts';
import { BudgetMeter } from './budget-meter.ts';
import { loadDetectorSet } from './detector-set.ts';
import { endScan } from './end-scan.ts';
import { openProviders } from './open-providers.ts';
import { openScan } from './open-scan.ts';
import { ProgressMeter } from './progress-meter.ts';
import { openQueue, type QueueConnection } from './queue.ts';
import type { ScanContext } from './scan-context.ts';
import { ScanRun } from './scan-run.ts';
import { createThreadPool, type ThreadPool } from './thread-pool.ts';

/** After a cancellation, objects that are being read have this long to end. */
const GRACE_MS = 5000;

export interface ScanRequest {
  targets: Target[];
  config: ScanConfig;
  /** The ledger, and beside it the database connection that the queue shares with it. */
  ledger: Ledger & Extract<QueueConnection, { pool: unknown }>;
  /** The user's detectors; the same as `threads` were started with. Absent: the catalogue alone. */
  ownDetectors?: readonly OwnDetector[];
  onEvent?: (event: ScanEvent) => void;
  /** Ends the run gracefully: what was answered is kept, and the scan can be resumed. */
  signal?: AbortSignal;
  /** Threads from `startThreads` with the same configuration; `runScan` ends them. Absent: they are started now. */
  threads?: ThreadPool;
}

/**
 * Starts the first thread, which loads and compiles the catalogue meanwhile. Worth doing before the ledger is opened;
 * who does not come to `runScan` closes them. `file`: another module for the threads, for tests.
 */
export function startThreads(config: ScanConfig, file?: URL, ownDetectors: readonly OwnDetector[] = []): ThreadPool {
  return createThreadPool({
    threads: config.threads || availableParallelism(),
    data: {
      // A copy: the clone of a small Buffer would carry the whole pool that it is a part of.
      fingerprintKey: Uint8Array.from(config.fingerprintKey),
      // Threads slow down together when a bucket refuses one of them.
      providerOptions: { ...config.providerOptions, throttles: createThrottles() },
      ownDetectors,
    },
    ...(file === undefined ? {} : { file }),
  });
}

/**
 * Scans targets to the end: lists, reads, and collects exposure, resuming what an earlier run left. Throws `AssayError`:
 * `cancelled` when the signal aborts, the listing's error when the one target could not be listed at all.
 */
export async function runScan(request: ScanRequest): Promise<{ scanId: string }> {
  const { targets, config, ledger, ownDetectors } = request;
  const emit = request.onEvent ?? (() => {});
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const kill = new AbortController();
  setMaxListeners(0, signal, kill.signal);
  let grace: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => {
    grace = setTimeout(() => kill.abort(), GRACE_MS);
  });

  const threads = request.threads ?? startThreads(config, undefined, ownDetectors);
  const providers = openProviders(threads.data.providerOptions);
  try {
    const [set, queue] = await Promise.all([loadDetectorSet(ownDetectors), openQueue(ledger)]);
    try {
      const scan = await openScan(ledger, targets, config, set);
      const { id, startedAt, detectorSet, resumed } = scan;
      emit({ type: 'scan', scanId: id, startedAt, detectorSet, resumed });
      const meter = new ProgressMeter((progress) => emit({ type: 'progress', progress }));
      if (resumed) meter.resume(await ledger.counters(id));
      const row = await ledger.getScan(id);
      const budget = new BudgetMeter({
        budget: config.budget,
        ledger,
        scanId: id,
        spent: row?.spent ?? NOTHING_SPENT,
        takenUpAt: row?.takenUpAt ?? startedAt,
        providerOptions: config.providerOptions,
        otherRequests: providers.requests,
      });
      setMaxListeners(0, budget.late);
      budget.late.addEventListener('abort', () => {
        grace ??= setTimeout(() => kill.abort(), GRACE_MS);
      });
      const context: ScanContext = {
        scan,
        targets,
        config,
        ledger,
        threads,
        emit,
        meter,
        budget,
        kill: kill.signal,
        provider: providers.get,
      };
      const errors = await new ScanRun(context, queue, signal).toTheEnd();
      meter.close();
      const [error] = errors;
      if ((await endScan(context, errors.length)) && error !== undefined) throw error;
      return { scanId: id };
    } finally {
      stop.abort();
      await queue.close();
    }
  } finally {
    clearTimeout(grace);
    await threads.close();
    await providers.close();
  }
}
