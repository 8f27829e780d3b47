import { runWorker } from '../../workers/fleet-worker.ts';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import { loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import type { OpenLedger } from '../store/ledger.ts';
import { patientLedger } from '../store/patient-ledger.ts';
import { openLog } from './log.ts';
import { openFleet } from './open-ledger.ts';
import { scanConfig } from './scan.ts';
import { settingsOf } from './scan-options.ts';
import { serveHealth } from './worker-health.ts';

export interface WorkerOptions extends Record<string, unknown> {
  config?: string;
  healthPort?: string;
  healthHost?: string;
}

/** Times that tests make shorter; absent: those of `runWorker` and `openQueue`. */
export interface WorkerTimes {
  lockMs?: number;
  reconcileMs?: number;
  pollMs?: number;
  graceMs?: number;
}

/** How long a call to the ledger is repeated while its server is away. */
const PATIENCE_MS = 5 * 60_000;
/** A stop takes no longer, even when the queue or the ledger does not answer. */
const STOP_MS = 28_000;

/** `assay worker`: works until SIGTERM or SIGINT; a second one ends it at once. Throws `AssayError`. */
export async function worker(options: WorkerOptions, times: WorkerTimes = {}): Promise<ExitCode> {
  const { lockMs, ...rest } = times;
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd: process.cwd(), file: options.config });
  const port = portOf(options.healthPort);
  const key = loadFingerprintKey(config);
  const log = await openLog(config);
  const ofScan = scanConfig(config, key);
  const { ledger, queue } = await openFleet('worker', config, ofScan, lockMs);
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.ok);
    log.info({}, 'the worker stops');
    stop.abort();
    setTimeout(() => process.exit(EXIT.ok), STOP_MS).unref();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const health = port === null ? null : await serveHealth(port, options.healthHost ?? '', () => ready(ledger, queue));
  try {
    log.info({ key: key.keyId }, 'the worker takes jobs');
    await runWorker({
      config: ofScan,
      ledger: patientLedger(ledger, { patienceMs: PATIENCE_MS, signal: stop.signal }),
      queue,
      signal: stop.signal,
      log: (fields, message) => log.warn(fields, message),
      onEvent: (scanId, event) => {
        if (event.type !== 'object') return;
        const { outcome, bytesRead } = event.object.scan;
        log.info({ scan: scanId, outcome, bytesRead, reused: event.object.reused }, 'object');
      },
      ...rest,
    });
    return EXIT.ok;
  } finally {
    await health?.close();
    await queue.close();
    await ledger.close();
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  }
}

async function ready(ledger: OpenLedger, queue: { ping(): Promise<void> }): Promise<void> {
  await Promise.all([ledger.pool.query('SELECT 1'), queue.ping()]);
}

function portOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  const port = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new AssayError('usage', `worker: --health-port ${given} is no port`);
}
