import type { DetectorInfo } from '../model/detector-info.ts';
import { isScannable, type Outcome } from '../model/outcome.ts';
import type { BucketReport, FindingReport, Report } from '../model/report.ts';
import { bytesText, plural, shown, thousands } from './shown.ts';
import { percentText } from './verdict.ts';

export type Detectors = ReadonlyMap<string, DetectorInfo>;

/** The first sentence of a report: the worst bucket, or that nothing was found, and never more than was read. */
export function headline(report: Report): string {
  const { buckets, coverage, findings } = report;
  const [worst] = buckets;
  const isRisky = worst !== undefined && worst.risk.level !== 'none' && worst.risk.level !== 'low';
  if (isRisky)
    return `${worst.risk.level.toUpperCase()} risk in ${shown(worst.uri)}. ${worst.risk.because.map(shown).join(' ')}`;
  if (coverage.objects.listed === 0) return 'Nothing was listed, so nothing is known.';
  const isWhole = coverage.objects.complete === scannableObjects(coverage) && !report.result.incomplete;
  const rest = isWhole ? '' : ' Not everything was read.';
  if (findings.length === 0)
    return isWhole ? 'Nothing was found, and everything was read.' : `Nothing was found in what was read.${rest}`;
  const risk =
    worst === undefined
      ? ''
      : `, ${worst.risk.level === 'none' ? 'no' : 'low'} risk. ${worst.risk.because.map(shown).join(' ')}`;
  return `${plural(findings.length, 'finding')}${risk}${rest}`;
}

function scannableObjects({ objects, reasons }: Report['coverage']): number {
  const spared = Object.entries(reasons).filter(([outcome]) => !isScannable(outcome as Outcome));
  return objects.listed - spared.reduce((sum, [, count]) => sum + count, 0);
}

/** How much was read, and what was not and why. */
export function coverageLines({ coverage }: Report): string[] {
  const { objects, bytes, reasons } = coverage;
  const scannable = scannableObjects(coverage);
  const percent = scannable === 0 ? 100 : (100 * objects.complete) / scannable;
  const lines = [
    `${thousands(objects.complete)} of ${plural(scannable, 'scannable object')} scanned completely (${percentText(percent)})`,
    `${plural(objects.listed, 'object')} listed (${bytesText(bytes.listed)}); ${bytesText(bytes.read)} read, ${bytesText(bytes.scanned)} scanned after decoding`,
  ];
  if (objects.reused > 0) lines.push(`${plural(objects.reused, 'object')} unchanged since an earlier scan`);
  const why = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (why.length > 0)
    lines.push(`not complete: ${why.map(([reason, count]) => `${thousands(count)} ${reason}`).join(', ')}`);
  return lines;
}

/** What a finding is called: the detector's own name where it is known. */
export function findingName(finding: FindingReport, detectors: Detectors): string {
  return detectors.get(finding.detector)?.name ?? finding.entity ?? finding.issuer ?? finding.detector;
}

/** `12 times in 3 objects`, `1,204 times, 980 distinct`. */
export function findingCount({ kind, count, objects, distinct }: FindingReport): string {
  const times = count === 1 ? 'once' : `${thousands(count)} times`;
  if (kind === 'column') return distinct === count ? times : `${times}, ${thousands(distinct)} distinct`;
  return objects > 1 ? `${times} in ${plural(objects, 'object')}` : times;
}

/** `row 3, column text, /messages/0/content, line 4`: where in the object, as far as it is known. */
export function placeText(location: FindingReport['locations'][number]): string {
  const { member, row, column, pointer, line, page, byteOffset } = location;
  const parts = [
    member !== undefined && `in ${shown(member)}`,
    page !== undefined && `page ${page}`,
    row !== undefined && `row ${row}`,
    column !== undefined && `column ${shown(column)}`,
    pointer !== undefined && shown(pointer),
    line !== undefined && `line ${line}`,
  ].filter((part) => part !== false && part !== '');
  if (parts.length === 0 && byteOffset !== undefined) return `byte ${byteOffset}`;
  return parts.join(', ');
}

export interface NextStep {
  words: string;
  /** Ready for a shell. */
  commands: string[];
}

/** What to do, in order: close what is open, then deal with what was found, then read what was not. */
export function nextSteps(report: Report, detectors: Detectors): NextStep[] {
  const steps: NextStep[] = [];
  for (const bucket of report.buckets) steps.push(...bucketSteps(bucket));
  const fixes = new Map<string, string[]>();
  for (const finding of report.findings) {
    const info = detectors.get(finding.detector);
    if (info === undefined || finding.severity === 'low') continue;
    fixes.set(info.fix, [...new Set([...(fixes.get(info.fix) ?? []), info.name])]);
  }
  for (const [fix, names] of fixes) steps.push({ words: `${names.join(', ')}: ${fix}`, commands: [] });
  const { objects } = report.coverage;
  if (objects.failed > 0)
    steps.push({
      words: `Run the same command again for the ${plural(objects.failed, 'object')} that failed: what was scanned completely is not read twice.`,
      commands: [],
    });
  return steps;
}

function bucketSteps({ uri, exposure, risk }: BucketReport): NextStep[] {
  if (risk.level === 'none' || risk.level === 'low') return [];
  const steps: NextStep[] = [];
  for (const line of exposure.fix) {
    const isCommand = line.startsWith('aws ') || line.startsWith('chmod ');
    const last = steps.at(-1);
    if (isCommand && last) last.commands.push(shown(line));
    else steps.push({ words: `${shown(uri)}: ${shown(line)}`, commands: [] });
  }
  return steps;
}
