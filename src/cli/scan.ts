import { closeSync, openSync, writeSync } from 'node:fs';
import { infoOf, loadDetectorSet } from '../../workers/detector-set.ts';
import { type FingerprintKey, loadFingerprintKey } from '../config/fingerprint-key.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { AssayError, type ExitCode, isAssayError } from '../errors.ts';
import type { DetectorInfo } from '../model/detector-info.ts';
import type { Target } from '../model/object.ts';
import type { Report } from '../model/report.ts';
import type { ScanEvent } from '../model/scan-event.ts';
import { isStandardInput } from '../providers/parse-target.ts';
import { FORMAT_NAMES } from '../report/formats.ts';
import { createJsonlWriter } from '../report/jsonl.ts';
import { daysAgo } from './days-ago.ts';
import { type Log, openLog } from './log.ts';
import { loadBaseline, makeReport } from './make-report.ts';
import { checkWritable, type Output, planOutputs } from './outputs.ts';
import { loadOwnDetectors } from './own-detectors.ts';
import { showProgress } from './progress.ts';
import { resolveTargets } from './resolve-targets.ts';
import { scanConfig } from './scan-config.ts';
import { type ScanOptions, settingsOf } from './scan-options.ts';
import { openAlone, openOnFleet } from './scan-runner.ts';
import { withStandardInput } from './standard-input.ts';
import { readVersion } from './version.ts';
import { writeOutputs } from './write-outputs.ts';

/** `assay scan`: scans the targets, writes every output, and answers the exit code of the contract. Throws `AssayError`. */
export async function scan(targetTexts: string[], options: ScanOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  const outputs = planOutputs(options.format ?? [], options.output ?? [], FORMAT_NAMES);
  checkWritable(outputs);
  const key = loadFingerprintKey(config);
  const baseline = loadBaseline(options.baseline, key);
  const log = await openLog(config);
  const ownDetectors = await loadOwnDetectors(config.detectors, cwd);
  const { targets, stores } = await resolveTargets(targetTexts, cwd, config);
  const ofScan = scanConfig(config, key, stores);
  // Workers do not see what comes on standard input.
  const isShared = config.queueUrl !== null && !targets.some(isStandardInput);
  const runner = isShared
    ? await openOnFleet(config, ofScan, ownDetectors, log)
    : await openAlone(config, ofScan, ownDetectors);
  const { ledger } = runner;
  try {
    const { detectors } = await loadDetectorSet(ownDetectors);
    const infos = new Map(detectors.map((detector) => [detector.id, infoOf(detector)]));
    const live = openLive(outputs, config, infos, targetTexts, key);
    const { scanId } = await watch(config, log, live.event, (onEvent, signal) =>
      withStandardInput(targets, signal, (targets) => runner.run(targets, onEvent, signal)),
    ).catch((error: unknown) => {
      throw isAssayError(error) && error.code === 'cancelled' ? interrupted(targets, isShared, error) : error;
    });
    const { report, exitCode } = await makeReport({ ledger, scanId, config, key, infos, detectors, baseline });
    live.finish(report);
    writeOutputs(
      outputs.filter(({ format }) => format !== 'jsonl'),
      report,
      infos,
    );
    if (config.keepScansDays > 0) await ledger.pruneScans(daysAgo(config.keepScansDays));
    return exitCode;
  } finally {
    await runner.close();
  }
}

function interrupted(targets: Target[], isShared: boolean, cause: AssayError): AssayError {
  const next = targets.some(isStandardInput)
    ? 'what came on standard input has to be given again'
    : isShared
      ? 'workers of the fleet go on with it; the same command waits for it again, `assay scans cancel` ends it'
      : 'the same command continues where it stopped';
  return new AssayError('cancelled', `scan: interrupted; ${next}`, { cause });
}

/** Runs with progress on standard error, and ends gracefully on the first interrupt. */
async function watch(
  config: Config,
  log: Log,
  also: (event: ScanEvent) => void,
  run: (onEvent: (event: ScanEvent) => void, signal: AbortSignal) => Promise<{ scanId: string }>,
): Promise<{ scanId: string }> {
  const progress = config.quiet ? null : showProgress(process.stderr);
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await run((event) => {
      if (event.type === 'progress') progress?.update(event.progress);
      else tell(log, event);
      also(event);
    }, stop.signal);
  } finally {
    progress?.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function tell(log: Log, event: ScanEvent): void {
  if (event.type === 'scan') log.info({ scan: event.scanId, resumed: event.resumed }, 'scan');
  else if (event.type === 'listing') {
    const { targetIndex, objects, bytes, complete, error } = event;
    // The report says what could not be listed, or the one error that ends the command.
    if (error !== null) log.info({ target: targetIndex, code: error.code }, 'listing ended early');
    else log.info({ target: targetIndex, objects, bytes, complete }, 'listed');
  } else if (event.type === 'object') {
    const { uri, reused, scan: result } = event.object;
    log.info(
      { object: uri, outcome: result.outcome, format: result.format, bytesRead: result.bytesRead, reused },
      'object',
    );
  } else if (event.type === 'bucket') {
    if (event.error !== null) log.info({ bucket: event.bucketUri, code: event.error.code }, 'exposure not collected');
    else log.info({ bucket: event.bucketUri }, 'exposure collected');
  }
}

/** The outputs that are written while the scan runs. */
function openLive(
  outputs: readonly Output[],
  config: Config,
  detectors: ReadonlyMap<string, DetectorInfo>,
  targets: string[],
  key: FingerprintKey,
): { event(event: ScanEvent): void; finish(report: Report): void } {
  const writers = outputs
    .filter(({ format }) => format === 'jsonl')
    .map(({ file }) => {
      const descriptor = file === null ? null : openSync(file, 'w');
      const writer = createJsonlWriter({
        write: (line) => void (descriptor === null ? process.stdout.write(line) : writeSync(descriptor, line)),
        detectors,
        objects: config.objects,
        scan: { version: readVersion(), targets, fingerprintKeyId: key.keyId },
      });
      return { writer, close: () => descriptor !== null && closeSync(descriptor) };
    });
  return {
    event: (event) => {
      for (const { writer } of writers) writer.event(event);
    },
    finish: (report) => {
      for (const { writer, close } of writers) {
        writer.finish(report);
        close();
      }
    },
  };
}
