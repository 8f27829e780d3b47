import { runWorker } from '../../workers/fleet-worker.ts';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import { loadConfig, storesOf } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import { daysAgo } from './days-ago.ts';
import { openLog } from './log.ts';
import { type Fleet, openFleet } from './open-ledger.ts';
import { scanConfig } from './scan-config.ts';
import { settingsOf } from './scan-options.ts';
import { type Health, serveHealth } from './worker-health.ts';

export interface WorkerOptions extends Record<string, unknown> {
  config?: string;
  healthPort?: string;
  healthHost?: string;
}

/** What tests change; absent: as `runWorker` has it. */
export interface WorkerChanges {
  threadFile?: URL;
  lockMs?: number;
  reconcileMs?: number;
  pollMs?: number;
  graceMs?: number;
}

/** A stop takes no longer, even when the queue or the ledger does not answer. */
const STOP_MS = 28_000;

/**
 * `assay worker`: waits for its servers, then works until SIGTERM or SIGINT; a second one ends it at once. Throws
 * `AssayError`.
 */
export async function worker(options: WorkerOptions, changes: WorkerChanges = {}): Promise<ExitCode> {
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd: process.cwd(), file: options.config });
  const port = portOf(options.healthPort);
  const key = loadFingerprintKey(config);
  const log = await openLog(config);
  const ofScan = scanConfig(config, key, storesOf(config));
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.ok);
    log.info({}, 'the worker stops');
    stop.abort();
    setTimeout(() => process.exit(EXIT.ok), STOP_MS).unref();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  let health: Health | null = null;
  let fleet: Fleet | null = null;
  try {
    if (port !== null) health = await serveHealth(port, options.healthHost ?? '127.0.0.1', () => ready(fleet));
    fleet = await openFleet('worker', config, stop.signal, log.warn);
    const { ledger } = fleet;
    log.info({ key: key.keyId }, 'the worker takes jobs');
    await runWorker({
      config: ofScan,
      ledger,
      queues: fleet.queues,
      signal: stop.signal,
      log: (fields, message) => log.warn(fields, message),
      onEnd: async () => {
        if (config.keepScansDays > 0) await ledger.pruneScans(daysAgo(config.keepScansDays));
      },
      onEvent: (scanId, event) => {
        if (event.type !== 'object') return;
        const { outcome, bytesRead } = event.object.scan;
        log.info({ scan: scanId, outcome, bytesRead, reused: event.object.reused }, 'object');
      },
      ...changes,
    });
    return EXIT.ok;
  } catch (error) {
    // It was told to stop before its servers had come.
    if (fleet === null && stop.signal.aborted) return EXIT.ok;
    throw error;
  } finally {
    await health?.close();
    await fleet?.close();
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  }
}

async function ready(fleet: Fleet | null): Promise<void> {
  if (fleet === null) throw new Error('it waits for its servers');
  const { ledger, queues } = fleet;
  await Promise.all([ledger.pool.query('SELECT 1'), queues.ping()]);
}

function portOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  const port = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new AssayError('usage', `worker: --health-port ${given} is no port`);
}
