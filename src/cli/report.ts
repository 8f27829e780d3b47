import { setTimeout as sleep } from 'node:timers/promises';
import { loadDetectorSet, storedInfos, storedOwn } from '../../workers/detector-set.ts';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { AssayError, type ExitCode, isAssayError } from '../errors.ts';
import type { ScanRow } from '../model/ledger.ts';
import { FORMAT_NAMES } from '../report/formats.ts';
import { plural, thousands } from '../report/shown.ts';
import type { OpenLedger } from '../store/ledger.ts';
import { findScanIds } from '../store/scan-ids.ts';
import { loadBaseline, makeReport } from './make-report.ts';
import { openLedgerToRead, openLedgerToWait } from './open-ledger.ts';
import { checkWritable, planOutputs } from './outputs.ts';
import { type OutputOptions, settingsOf } from './scan-options.ts';
import { writeOutputs } from './write-outputs.ts';

const POLL_MS = 1000;
const TELL_MS = 10_000;

export interface ReportOptions extends OutputOptions, Record<string, unknown> {
  config?: string;
  wait?: true;
}

/** `assay report`: every output of a scan that the ledger has. Throws `AssayError`. */
export async function report(given: string, options: ReportOptions): Promise<ExitCode> {
  const flags = settingsOf(options);
  const config = loadConfig({ flags, env: process.env, cwd: process.cwd(), file: options.config });
  const outputs = planOutputs(options.format ?? [], options.output ?? [], FORMAT_NAMES);
  checkWritable(outputs);
  const key = loadFingerprintKey(config);
  const baseline = loadBaseline(options.baseline, key);
  const ledger = await (options.wait ? openWhenFree(config) : openLedgerToRead(config));
  try {
    const scan = await findScan(ledger, given);
    if (scan.fingerprintKeyId !== key.keyId) {
      throw new AssayError(
        'fingerprint-key',
        `report: scan ${scan.id} was made with another fingerprint key (${scan.fingerprintKeyId}, here ${key.keyId}); set ASSAY_FINGERPRINT_KEY or ASSAY_FINGERPRINT_KEY_FILE as it was for that scan`,
      );
    }
    if (options.wait) await ended(ledger, scan, config);
    const source = await ledger.loadDetectorSet(scan.detectorSet);
    const { detectors } = await loadDetectorSet(storedOwn(source));
    const infos = storedInfos(source ?? { detectors });
    const made = await makeReport({ ledger, scanId: scan.id, config, key, infos, detectors, baseline });
    writeOutputs(outputs, made.report, infos);
    return made.exitCode;
  } finally {
    await ledger.close();
  }
}

async function findScan(ledger: OpenLedger, given: string): Promise<ScanRow> {
  const [id, other] = await findScanIds(ledger.db, given);
  if (other !== undefined) throw new AssayError('usage', `report ${given}: more than one scan begins with it`);
  const scan = id === undefined ? null : await ledger.getScan(id);
  if (scan !== null) return scan;
  throw new AssayError('usage', `report ${given}: there is no such scan in this ledger`);
}

/** The embedded ledger is held by the process that scans: it is free when that has ended. */
async function openWhenFree(config: Config): Promise<OpenLedger> {
  for (;;) {
    try {
      return await openLedgerToWait(config);
    } catch (error) {
      if (!isAssayError(error) || error.code !== 'state-locked') throw error;
      await sleep(POLL_MS);
    }
  }
}

/** Nobody works on a scan of an embedded ledger that this process holds: waiting for it would never end. */
async function ended(ledger: OpenLedger, { id }: ScanRow, { databaseUrl, quiet }: Config): Promise<void> {
  if (databaseUrl === null) return;
  let toldAt = performance.now();
  while ((await ledger.getScan(id))?.state === 'running') {
    await sleep(POLL_MS);
    if (quiet || performance.now() - toldAt < TELL_MS) continue;
    toldAt = performance.now();
    const { done, listed, listingComplete } = await ledger.counters(id);
    const atLeast = listingComplete ? '' : 'at least ';
    process.stderr.write(
      `assay: waiting for scan ${id}: ${thousands(done.objects)} of ${atLeast}${plural(listed.objects, 'object')}\n`,
    );
  }
}
