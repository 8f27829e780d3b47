import { readFileSync } from 'node:fs';
import type { Detector } from '../../detectors/detector.ts';
import type { FingerprintKey } from '../config/fingerprint-key.ts';
import type { Config } from '../config/load-config.ts';
import { AssayError, type ExitCode } from '../errors.ts';
import type { DetectorInfo } from '../model/detector-info.ts';
import type { Report } from '../model/report.ts';
import { assembleReport } from '../report/assemble.ts';
import { type Baseline, readBaseline } from '../report/baseline.ts';
import { Fingerprinter } from '../scan/redact.ts';
import { createScanner } from '../scan/scanner.ts';
import type { OpenLedger } from '../store/ledger.ts';
import { Suppressions } from '../store/suppressions.ts';

export interface ReportRequest {
  ledger: OpenLedger;
  scanId: string;
  config: Config;
  key: FingerprintKey;
  /** How the report names them. */
  infos: ReadonlyMap<string, DetectorInfo>;
  /** What masks names that no thread has seen. */
  detectors: readonly Detector[];
  baseline: Baseline | undefined;
}

/** The report of a scan as the configuration asks for it, and the exit code that it stands for. */
export async function makeReport(request: ReportRequest): Promise<{ report: Report; exitCode: ExitCode }> {
  const { ledger, scanId, config, key, infos, detectors, baseline } = request;
  const { maxLocations, objects, failOn, minCoverage, allowEmpty } = config;
  const fingerprinter = new Fingerprinter(key.key);
  return assembleReport({
    ledger,
    scanId,
    detectors: infos,
    options: {
      ...{ maxLocations, objects, failOn, minCoverage, allowEmpty, baseline },
      trusted: config.trusted,
      fingerprint: (parts) => fingerprinter.fingerprint(...parts),
      maskName: nameMasker(detectors, key.key),
      suppressions: { all: await new Suppressions(ledger.db, key.keyId).list(), now: new Date().toISOString() },
    },
  });
}

/** The report that `--baseline` names. Throws `AssayError` `usage` when it cannot be used: before a scan, not after it. */
export function loadBaseline(file: string | undefined, key: FingerprintKey): Baseline | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new AssayError('usage', `--baseline ${file}: cannot be read (${code})`, { cause });
  }
  return readBaseline(text, file, key.keyId);
}

/** Compiles the catalogue only when a name has to be shown that no thread has seen. */
function nameMasker(detectors: readonly Detector[], key: Buffer): (name: string) => string {
  let scanner: ReturnType<typeof createScanner> | undefined;
  return (name) => {
    scanner ??= createScanner(detectors, key);
    return scanner.maskName(name);
  };
}
