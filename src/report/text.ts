import type { BucketReport, FindingReport, Report } from '../model/report.ts';
import { gapsOf } from './gaps.ts';
import { type FindingGroup, groupCount, groupFindings } from './groups.ts';
import { plural, shown, thousands } from './shown.ts';
import { coverageLines, type Detectors, fixSteps, headline, placeText, prefixName, statusLines } from './summary.ts';

export interface TextOptions {
  detectors: Detectors;
  /** Columns of the terminal. */
  width: number;
  color: boolean;
  /** The page is written too: every place is there. */
  hasPage?: boolean;
}

/** Enough for one screen: the rest is in the other formats. */
const MAX_BUCKETS = 5;
/** Why a bucket can be reached, and what it holds. */
const MAX_REASONS = 3;
const MAX_CONTENTS = 2;
const MAX_PREFIXES = 4;
const MAX_FIXES = 2;
const MAX_COMMANDS = 3;
const MAX_KINDS = 6;
const MAX_OBJECTS = 10;

/** Columns before what is said of a bucket or finding: its level stands there. */
const INDENT = 11;

type Tone = 'bad' | 'warn' | 'good' | 'bold' | 'dim';
const CODES: Record<Tone, string> = { bad: '1;31', warn: '33', good: '32', bold: '1', dim: '2' };
const TONES: Record<string, Tone> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  unknown: 'warn',
  low: 'dim',
  none: 'good',
};

/** What a person reads first: the verdict, what is exposed, why and how to end it, what was found, what was not read. */
export function renderText(report: Report, options: TextOptions): string {
  const page = new Page(options);
  const isGood = report.findings.length === 0 && !report.result.incomplete;
  const worst = report.buckets[0]?.risk.level;
  const { verdict, because } = headline(report);
  page.text(`${verdict} ${because}`.trim(), 0, (worst && TONES[worst]) ?? (isGood ? 'good' : 'warn'));
  resultLines(report.result, page);
  page.title('Buckets');
  for (const bucket of report.buckets.slice(0, MAX_BUCKETS)) bucketLines(bucket, page);
  page.more(report.buckets.length - MAX_BUCKETS, 'bucket');
  if (report.findings.length > 0) findingSection(report, options.detectors, page);
  page.title('Coverage');
  for (const line of coverageLines(report)) page.text(line, 2);
  gapLines(report, page);
  page.title('');
  page.text(`Scan ${shown(report.scan.id)}: ${report.scan.targets.map(shown).join(', ')}`, 0, 'dim');
  if (options.hasPage !== true && (report.findings.length > 0 || report.result.incomplete)) {
    page.text(`Every place: assay report ${shown(report.scan.id.slice(0, 8))} -o html=report.html`, 0, 'dim');
  }
  return page.toString();
}

function resultLines({ violated, incomplete, reasons }: Report['result'], page: Page): void {
  if (reasons.length === 0) return;
  const words = [violated ? 'violated' : '', incomplete ? 'incomplete' : ''].filter((word) => word !== '');
  page.text(`This scan is ${words.join(' and ')}:`, 0, 'warn');
  for (const reason of reasons) page.item('-', shown(reason), 2);
}

function bucketLines(bucket: BucketReport, page: Page): void {
  const { uri, sensitivity, exposure, risk } = bucket;
  page.head(risk.level, shown(uri));
  const score = sensitivity.level === 'unknown' ? '' : ` (score ${sensitivity.score} of 100)`;
  page.text(`data ${sensitivity.level}${score} · reach ${exposure.verdict}`, INDENT);
  // What strangers can change comes first: it counts whatever the data is.
  const reasons = [...risk.because.slice(1), ...exposure.because];
  const why = reasons.slice(0, MAX_REASONS);
  const what = sensitivity.because.slice(0, MAX_CONTENTS);
  for (const line of [...why, ...what]) page.item('-', shown(line), INDENT);
  const more = reasons.length + sensitivity.because.length - why.length - what.length;
  if (more > 0) page.text(`and ${plural(more, 'more reason')}`, INDENT + 2, 'dim');
  prefixLines(bucket.prefixes, page);
  if (risk.level === 'none') return;
  for (const { words, commands } of fixSteps(bucket).slice(0, MAX_FIXES)) {
    page.item('fix:', words, INDENT);
    for (const command of commands.slice(0, MAX_COMMANDS)) page.verbatim(`$ ${command}`, INDENT + 5);
  }
}

/** Where in the bucket it is: the riskiest first. */
function prefixLines(prefixes: BucketReport['prefixes'], page: Page): void {
  for (const prefix of prefixes.slice(0, MAX_PREFIXES)) {
    const { sensitivity, exposure, risk } = prefix;
    const words = `${shown(prefixName(prefix))}: data ${sensitivity.level}, reach ${exposure.verdict}, risk ${risk.level}`;
    page.item('in', words, INDENT);
  }
  const more = prefixes.length - MAX_PREFIXES;
  if (more > 0) page.text(`and ${thousands(more)} more ${more === 1 ? 'prefix' : 'prefixes'}`, INDENT + 3, 'dim');
}

/** Kind by kind, since one thing is to be done about all findings of a kind; those that are new, where any are not. */
function findingSection(report: Report, detectors: Detectors, page: Page): void {
  const { findings } = report;
  page.title(`Findings (${severities(findings)})`);
  for (const line of statusLines(report)) page.text(line, 2);
  const groups = groupFindings(
    findings.filter(({ status }) => status === 'new'),
    detectors,
  );
  for (const group of groups.slice(0, MAX_KINDS)) groupLines(group, page);
  page.more(groups.length - MAX_KINDS, 'kind');
}

function groupLines(group: FindingGroup, page: Page): void {
  const { severity, name, findings, fix } = group;
  const [first] = findings;
  if (first === undefined) return;
  const doubt = findings.some(({ confidence }) => confidence === 'confirmed') ? '' : ` (${first.confidence})`;
  page.head(severity, `${shown(name)}${doubt}  ${shown(first.masked)}  ${groupCount(group)}`);
  const [place] = first.locations;
  if (place !== undefined) {
    const where = placeText(place);
    page.text(`${shown(place.object)}${where === '' ? '' : `  ${where}`}`, INDENT);
  }
  if (fix !== '') page.item('fix:', fix, INDENT);
}

function gapLines(report: Report, page: Page): void {
  let left = MAX_OBJECTS;
  for (const { outcome, count, advice, objects } of gapsOf(report)) {
    page.text(`${thousands(count)} ${outcome}: ${advice}`, 2, 'warn');
    const named = objects.slice(0, left);
    for (const { uri } of named) page.verbatim(shown(uri), 4);
    left -= named.length;
    if (named.length > 0 && count > named.length) page.text(`and ${thousands(count - named.length)} more`, 4, 'dim');
  }
}

function severities(findings: readonly FindingReport[]): string {
  const counts = new Map<string, number>();
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return [...counts].map(([severity, count]) => `${thousands(count)} ${severity}`).join(', ');
}

/** Lines of at most the terminal's width; a word that is longer than a line stays whole, so that it can be copied. */
class Page {
  private readonly lines: string[] = [];
  private readonly width: number;
  private readonly color: boolean;

  constructor({ width, color }: TextOptions) {
    this.width = Math.max(40, width);
    this.color = color;
  }

  title(words: string): void {
    this.lines.push('');
    if (words !== '') this.lines.push(this.paint(words, 'bold'));
  }

  /** `  critical  words…`, the level in its colour. */
  head(level: string, words: string): void {
    const [first = '', ...rest] = this.wrapped(words, this.width - INDENT);
    this.lines.push(`  ${this.paint(level.padEnd(8), TONES[level] ?? 'dim')} ${first}`);
    for (const line of rest) this.lines.push(' '.repeat(INDENT) + line);
  }

  text(words: string, indent: number, tone?: Tone): void {
    for (const line of this.wrapped(words, this.width - indent)) {
      this.lines.push(' '.repeat(indent) + (tone ? this.paint(line, tone) : line));
    }
  }

  /** A mark, and the words beside it on every line. */
  item(mark: string, words: string, indent: number): void {
    const inner = indent + mark.length + 1;
    for (const [index, line] of this.wrapped(words, this.width - inner).entries()) {
      this.lines.push(index === 0 ? `${' '.repeat(indent)}${mark} ${line}` : ' '.repeat(inner) + line);
    }
  }

  verbatim(words: string, indent: number): void {
    this.lines.push(' '.repeat(indent) + words);
  }

  more(count: number, word: string): void {
    if (count > 0) this.text(`and ${plural(count, `more ${word}`)}: see the JSON or HTML report`, 2, 'dim');
  }

  toString(): string {
    return `${this.lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  private wrapped(words: string, width: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of words.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  }

  private paint(words: string, tone: Tone): string {
    return this.color ? `\u001b[${CODES[tone]}m${words}\u001b[0m` : words;
  }
}
