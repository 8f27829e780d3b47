import { AssayError } from '../errors.ts';
import type { RiskLevel } from '../model/posture.ts';
import type { FindingReport, Report } from '../model/report.ts';
import { RISK_ORDER } from '../posture/join-risk.ts';

/** An earlier report: what it names is known, and only what is new counts for `--fail-on`. */
export interface Baseline {
  scan: string;
  fingerprints: ReadonlySet<string>;
  /** By bucket. */
  risks: ReadonlyMap<string, RiskLevel>;
}

/**
 * Reads a JSON report. `file` is its name in messages. Throws `AssayError` `usage` when it is none, or when its findings
 * have fingerprints of another key: then nothing of it could ever be known again.
 */
export function readBaseline(text: string, file: string, fingerprintKeyId: string): Baseline {
  const report = parsed(text, file);
  const { scan, findings, buckets } = report;
  if (scan.fingerprintKeyId !== fingerprintKeyId) {
    throw new AssayError(
      'usage',
      `--baseline ${file}: its findings were fingerprinted with another key (${scan.fingerprintKeyId}, here ${fingerprintKeyId}); set ASSAY_FINGERPRINT_KEY or ASSAY_HOME as they were for that scan`,
    );
  }
  return {
    scan: scan.id,
    fingerprints: new Set(findings.map(({ fingerprint }) => fingerprint)),
    risks: new Map(buckets.map(({ uri, risk }) => [uri, risk.level])),
  };
}

function parsed(text: string, file: string): Report {
  let report: Partial<Report> | null = null;
  try {
    report = JSON.parse(text) as Partial<Report> | null;
  } catch {
    // No JSON is no report: said below.
  }
  const isReport =
    report?.schema === 'assay.report/v1' &&
    typeof report.scan?.fingerprintKeyId === 'string' &&
    Array.isArray(report.findings) &&
    Array.isArray(report.buckets);
  if (!isReport) throw new AssayError('usage', `--baseline ${file}: is no JSON report (\`assay scan -o json=FILE\`)`);
  return report as Report;
}

/** Says of each finding whether the baseline has it. What is suppressed stays so. */
export function markKnown(findings: readonly FindingReport[], baseline: Baseline): FindingReport[] {
  return findings.map((finding) => {
    const status = baseline.fingerprints.has(finding.fingerprint) ? 'known' : 'new';
    return { ...finding, status: finding.status === 'suppressed' ? 'suppressed' : status, baseline: status };
  });
}

/** How many findings of the baseline are not here. */
export function goneSince(findings: readonly FindingReport[], baseline: Baseline): number {
  const here = new Set(findings.map(({ fingerprint }) => fingerprint));
  return [...baseline.fingerprints].filter((fingerprint) => !here.has(fingerprint)).length;
}

/** Whether a bucket was at least this much at risk already. */
export function isKnownRisk(uri: string, level: RiskLevel, baseline: Baseline): boolean {
  const before = baseline.risks.get(uri);
  return before !== undefined && RISK_ORDER.indexOf(before) >= RISK_ORDER.indexOf(level);
}
