import { EXIT, type ExitCode } from '../errors.ts';
import { SEVERITIES, type Severity } from '../model/detector-info.ts';
import type { ScanRow } from '../model/ledger.ts';
import type { BucketReport, FindingReport, Report } from '../model/report.ts';
import { type Baseline, isKnownRisk } from './baseline.ts';
import type { CoverageCount } from './coverage-count.ts';

export interface Demands {
  /** Severity of a finding or level of a risk from which the scan counts as violated; null: never. */
  failOn: Severity | null;
  /** Per cent of scannable objects. */
  minCoverage: number;
  allowEmpty: boolean;
  /** Findings and risks that it has do not violate. */
  baseline?: Baseline | undefined;
}

/** A target whose listing did not come to its end. */
export interface BrokenListing {
  target: string;
  bucketUri: string;
  message: string;
}

export interface Outcomes {
  state: ScanRow['state'];
  budgetEnd: ScanRow['budgetEnd'];
  findings: readonly FindingReport[];
  buckets: readonly BucketReport[];
  count: CoverageCount;
  broken: readonly BrokenListing[];
}

/** Is the scan violated, is it complete, and why, in words; the exit code follows (a violation before incompleteness). */
export function judgeResult(outcomes: Outcomes, demands: Demands): { result: Report['result']; exitCode: ExitCode } {
  const violations = violationsOf(outcomes, demands);
  const gaps = gapsOf(outcomes, demands);
  const violated = violations.length > 0;
  const incomplete = gaps.length > 0;
  const hasFailed = outcomes.state === 'failed' || outcomes.state === 'cancelled';
  return {
    result: { violated, incomplete, reasons: [...violations, ...gaps], statuses: statusesOf(outcomes.findings) },
    exitCode: hasFailed ? EXIT.runtime : violated ? EXIT.violated : incomplete ? EXIT.incomplete : EXIT.ok,
  };
}

function statusesOf(findings: readonly FindingReport[]): Report['result']['statuses'] {
  const statuses = { new: 0, known: 0, suppressed: 0 };
  for (const { status } of findings) statuses[status] += 1;
  return statuses;
}

function violationsOf({ findings, buckets }: Outcomes, { failOn, baseline }: Demands): string[] {
  if (failOn === null) return [];
  const levels = SEVERITIES.slice(SEVERITIES.indexOf(failOn)) as readonly string[];
  const severe = findings.filter(({ severity, status }) => status === 'new' && levels.includes(severity)).length;
  const noun = `${baseline === undefined ? '' : 'new '}${severe === 1 ? 'finding' : 'findings'}`;
  const reasons = severe === 0 ? [] : [`${severe} ${noun} of severity ${failOn} or above`];
  for (const { uri, risk } of buckets) {
    if (!levels.includes(risk.level) || (baseline && isKnownRisk(uri, risk.level, baseline))) continue;
    reasons.push(`the risk of ${uri} is ${risk.level}`);
  }
  return reasons;
}

const UNENDED: Record<ScanRow['state'], string | null> = {
  running: 'the scan has not ended',
  cancelled: 'the scan was cancelled',
  failed: 'the scan failed',
  done: null,
};

const BUDGET_WORDS: Record<NonNullable<ScanRow['budgetEnd']>, string> = {
  bytes: '--max-bytes',
  requests: '--max-requests',
  cost: '--max-cost',
  time: '--max-time',
};

function gapsOf({ state, budgetEnd, count, broken }: Outcomes, { minCoverage, allowEmpty }: Demands): string[] {
  const unended = UNENDED[state];
  const gaps = unended === null ? [] : [unended];
  if (budgetEnd !== null) gaps.push(`the scan ended at its budget (${BUDGET_WORDS[budgetEnd]})`);
  gaps.push(...broken.map(({ target, message }) => `${target} was not listed to its end: ${message}`));
  const { listed, complete } = count.objects;
  if (listed === 0 && !allowEmpty) gaps.push('nothing was listed');
  if (count.percent() < minCoverage) {
    gaps.push(
      `${complete} of ${count.scannable} scannable objects were scanned completely: ${percentText(count.percent())}, asked are ${minCoverage} %`,
    );
  }
  if (count.notReached > 0) gaps.push(`${count.notReached} objects were not reached`);
  return gaps;
}

/** Never rounded up to 100: one missing object of a million must show. */
export function percentText(percent: number): string {
  return percent >= 100 ? '100 %' : `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}
