import type { OwnDetector } from '../../detectors/own-detector.ts';
import { runFleetScan } from '../../workers/run-fleet-scan.ts';
import { runScan, startThreads } from '../../workers/run-scan.ts';
import type { Config } from '../config/load-config.ts';
import type { Target } from '../model/object.ts';
import type { ScanConfig } from '../model/scan-config.ts';
import type { ScanEvent } from '../model/scan-event.ts';
import type { OpenLedger } from '../store/ledger.ts';
import type { Log } from './log.ts';
import { openFleet, openLedger } from './open-ledger.ts';

/** Where a scan runs: here alone, or on the queue of a fleet. */
export interface ScanRunner {
  ledger: OpenLedger;
  run(targets: Target[], onEvent: (event: ScanEvent) => void, signal: AbortSignal): Promise<{ scanId: string }>;
  close(): Promise<void>;
}

/** Throws as the ledger and the queue do. */
export async function openAlone(
  config: Config,
  ofScan: ScanConfig,
  ownDetectors: readonly OwnDetector[],
): Promise<ScanRunner> {
  const opening = openLedger(config);
  // They load and compile while the ledger opens, but not before the program of an embedded one is compiled.
  const threads = startThreads(ofScan, undefined, ownDetectors);
  const ledger = await opening.catch(async (error) => {
    await threads.close();
    throw error;
  });
  return {
    ledger,
    run: (targets, onEvent, signal) =>
      runScan({ targets, config: ofScan, ledger, threads, ownDetectors, onEvent, signal }),
    async close() {
      await threads.close();
      await ledger.close();
    },
  };
}

/** Throws as `openFleet`. */
export async function openOnFleet(
  config: Config,
  ofScan: ScanConfig,
  ownDetectors: readonly OwnDetector[],
  log: Log,
): Promise<ScanRunner> {
  const stop = new AbortController();
  const { ledger, queues, close } = await openFleet('scan', config, stop.signal);
  return {
    ledger,
    run(targets, onEvent, signal) {
      signal.addEventListener('abort', () => stop.abort(), { once: true });
      const told = (fields: Record<string, unknown>, message: string) => log.info(fields, message);
      return runFleetScan({ targets, config: ofScan, ledger, queues, ownDetectors, onEvent, signal, log: told });
    },
    close,
  };
}
