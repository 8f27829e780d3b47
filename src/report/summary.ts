import type { DetectorInfo } from '../model/detector-info.ts';
import { isScannable, type Outcome } from '../model/outcome.ts';
import type { BucketReport, FindingReport, Report } from '../model/report.ts';
import { bytesText, plural, shown, thousands } from './shown.ts';
import { percentText } from './verdict.ts';

export type Detectors = ReadonlyMap<string, DetectorInfo>;

/** What a report says first: the verdict, and what it rests on. */
export interface Headline {
  verdict: string;
  because: string;
}

/** The worst bucket, or that nothing was found, and never more than was read. Names in it may be shown. */
export function headline(report: Report): Headline {
  const { buckets, coverage, findings } = report;
  const [worst] = buckets;
  const because = worst?.risk.because.map(shown).join(' ') ?? '';
  const isRisky = worst !== undefined && worst.risk.level !== 'none' && worst.risk.level !== 'low';
  if (isRisky) return { verdict: `${worst.risk.level.toUpperCase()} risk in ${shown(worst.uri)}.`, because };
  if (coverage.objects.listed === 0) return { verdict: 'Nothing was listed, so nothing is known.', because: '' };
  const isWhole = coverage.objects.complete === scannableObjects(coverage) && !report.result.incomplete;
  const rest = isWhole ? '' : 'Not everything was read.';
  if (findings.length === 0) {
    if (isWhole) return { verdict: 'Nothing was found, and everything was read.', because: '' };
    return { verdict: 'Nothing was found in what was read.', because: rest };
  }
  const risk = worst === undefined ? '' : `, ${worst.risk.level === 'none' ? 'no' : 'low'} risk`;
  const verdict = `${plural(findings.length, 'finding')}${risk}.`;
  return { verdict, because: [because, rest].filter((part) => part !== '').join(' ') };
}

/** `2 known from the baseline, 1 accepted`, the acceptances that have expired, and remarks: what else a reader must know. */
export function statusLines({ result: { statuses }, baseline, suppressions }: Report): string[] {
  const lines: string[] = [];
  if (baseline !== undefined) {
    const gone =
      baseline.gone > 0
        ? `; ${thousands(baseline.gone)} of its findings ${baseline.gone === 1 ? 'is' : 'are'} gone`
        : '';
    lines.push(`${thousands(statuses.new)} new, ${thousands(statuses.known)} known from the baseline${gone}`);
  }
  if (statuses.suppressed > 0) {
    const owners = new Set(suppressions.filter(({ state }) => state === 'active').map(({ owner }) => shown(owner)));
    lines.push(`${thousands(statuses.suppressed)} accepted by ${[...owners].slice(0, 3).join(', ')}`);
  }
  const expired = suppressions.filter(({ state }) => state === 'expired');
  if (expired.length > 0) lines.push(`${plural(expired.length, 'acceptance')} expired: these count again`);
  return lines;
}

/** Listed objects that a scanner can be expected to read. */
export function scannableObjects({ objects, reasons }: Report['coverage']): number {
  const spared = Object.entries(reasons).filter(([outcome]) => !isScannable(outcome as Outcome));
  return objects.listed - spared.reduce((sum, [, count]) => sum + count, 0);
}

/** How much was read, and what was not and why. */
export function coverageLines({ coverage }: Report): string[] {
  const { objects, bytes, reasons, notes } = coverage;
  const scannable = scannableObjects(coverage);
  const percent = scannable === 0 ? 100 : (100 * objects.complete) / scannable;
  const lines = [
    `${thousands(objects.complete)} of ${plural(scannable, 'scannable object')} scanned completely (${percentText(percent)})`,
    `${plural(objects.listed, 'object')} listed (${bytesText(bytes.listed)}); ${bytesText(bytes.read)} read, ${bytesText(bytes.scanned)} scanned after decoding`,
  ];
  if (objects.reused > 0) lines.push(`${plural(objects.reused, 'object')} unchanged since an earlier scan`);
  const spared = Object.entries(reasons).filter(([outcome]) => !isScannable(outcome as Outcome));
  if (spared.length > 0)
    lines.push(`not counted: ${spared.map(([outcome, count]) => `${thousands(count)} ${outcome}`).join(', ')}`);
  const remarks = Object.entries(notes);
  if (remarks.length > 0)
    lines.push(`remarks: ${remarks.map(([note, count]) => `${note} (${thousands(count)})`).join(', ')}`);
  return lines;
}

/** What a finding is called: the detector's own name where it is known, with the issuer where a detector speaks for many. */
export function findingName(finding: FindingReport, detectors: Detectors): string {
  const info = detectors.get(finding.detector);
  if (info === undefined) return finding.entity ?? finding.issuer ?? finding.detector;
  return finding.issuer === null || finding.issuer === info.issuer ? info.name : `${info.name}: ${finding.issuer}`;
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

/** `raw/people/`, `(everything else)`, `a/ (*.csv)`: a prefix, and which of the keys below it are meant. */
export function prefixName({ prefix, scope }: BucketReport['prefixes'][number]): string {
  if (scope === undefined) return prefix === '' ? '(everything else)' : prefix;
  const words = scope.join(' and ');
  return words === prefix || words === '' ? prefix : `${prefix} (${words})`.trimStart();
}

/** Something to do: in words, as commands ready for a shell, and as texts to read or keep (difference, Terraform). */
export interface Step {
  words: string;
  commands: string[];
  texts: string[];
}

/** The entries of `fix`: what is no sentence belongs to the words before it. */
export function fixSteps({ exposure }: BucketReport): Step[] {
  const steps: Step[] = [];
  for (const line of exposure.fix) {
    const isCommand = /^(aws|az|gcloud|chmod) /.test(line);
    const isText = /^(--- |resource ")/.test(line);
    const last = steps.at(-1);
    const text = line.split('\n').map(shown).join('\n');
    if (isCommand && last) last.commands.push(text);
    else if (isText && last) last.texts.push(text);
    else steps.push({ words: shown(line), commands: [], texts: [] });
  }
  return steps;
}
