import type { OwnDetector } from '../detectors/own-detector.ts';
import { AssayError, type ErrorCode } from '../src/errors.ts';
import type { Target } from '../src/model/object.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import type { ScanEvent } from '../src/model/scan-event.ts';
import { loadDetectorSet } from './detector-set.ts';
import { enqueueScan } from './fleet.ts';
import { codeOf } from './fleet-scan.ts';
import { type FleetWorkerOptions, runWorker } from './fleet-worker.ts';
import type { FleetLedger } from './join-scan.ts';
import { openScan } from './open-scan.ts';
import type { QueueServer } from './queue.ts';

export interface FleetScanRequest {
  targets: Target[];
  config: ScanConfig;
  ledger: FleetLedger;
  queues: QueueServer;
  ownDetectors?: readonly OwnDetector[];
  onEvent?: (event: ScanEvent) => void;
  /** Ends this process's part of the run gracefully; the workers of the fleet go on. */
  signal?: AbortSignal;
  log: FleetWorkerOptions['log'];
}

const GRACE_MS = 5000;
const POLL_MS = 500;

/**
 * Scans targets to the end on the queue of a fleet: this process takes jobs of its own scan and of no other, beside the
 * fleet's workers. Throws `AssayError`: `cancelled`, the listing's error when the one target could not be listed at all.
 */
export async function runFleetScan(request: FleetScanRequest): Promise<{ scanId: string }> {
  const { targets, config, ledger, queues, ownDetectors, log, signal = new AbortController().signal } = request;
  const emit = request.onEvent ?? (() => {});
  const set = await loadDetectorSet(ownDetectors);
  const scan = await openScan(ledger, targets, config, set, true);
  const { id, startedAt, detectorSet, resumed } = scan;
  emit({ type: 'scan', scanId: id, startedAt, detectorSet, resumed });
  // What the queue does not take just now is open in the ledger.
  await enqueueScan(queues, scan).catch((error: unknown) => log({ code: codeOf(error) }, 'the queue is away'));
  let findings = 0;
  const tell = async (): Promise<void> => {
    const { listed, listingComplete, done } = await ledger.counters(id);
    const { objects, bytes, bytesRead, bytesScanned } = done;
    const progress = { listed, listingComplete, done: { objects, bytes }, bytesRead, bytesScanned, findings };
    emit({ type: 'progress', progress });
  };
  const timer = setInterval(() => void tell().catch(() => {}), POLL_MS);
  try {
    await runWorker({
      config,
      ledger,
      queues,
      only: id,
      signal,
      graceMs: GRACE_MS,
      pollMs: POLL_MS,
      onEvent: (_scanId, event) => {
        if (event.type === 'object') findings += event.object.scan.values.length + event.object.scan.columns.length;
        emit(event);
      },
      log,
    });
  } finally {
    clearInterval(timer);
  }
  await tell();
  const row = await ledger.getScan(id);
  if (row?.state === 'running') throw new AssayError('cancelled', `scan ${id} goes on without this process`);
  if (row?.state === 'failed') throw await listingError(ledger, id);
  return { scanId: id };
}

/** A scan fails only by its one listing. */
async function listingError(ledger: FleetLedger, scanId: string): Promise<AssayError> {
  const { error } = await ledger.listing(scanId, 0);
  return new AssayError((error?.code ?? 'listing-failed') as ErrorCode, error?.message ?? `scan ${scanId} has failed`);
}
