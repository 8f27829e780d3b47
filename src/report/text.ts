import type { BucketReport, FindingReport, Report } from '../model/report.ts';
import { plural, shown, thousands } from './shown.ts';
import { coverageLines, type Detectors, findingCount, findingName, headline, nextSteps, placeText } from './summary.ts';

export interface TextOptions {
  detectors: Detectors;
  /** Columns of the terminal. */
  width: number;
  color: boolean;
}

const MAX_BUCKETS = 10;
/** Of each kind: why it can be reached, and what it holds. */
const MAX_REASONS = 3;
const MAX_FINDINGS = 10;
const MAX_PLACES = 2;
const MAX_STEPS = 8;

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

/** What a person reads first: verdict, coverage, buckets by risk, the worst findings, what to do. */
export function renderText(report: Report, options: TextOptions): string {
  const page = new Page(options);
  const isGood = report.findings.length === 0 && !report.result.incomplete;
  const worst = report.buckets[0]?.risk.level;
  page.text(headline(report), 0, (worst && TONES[worst]) ?? (isGood ? 'good' : 'warn'));
  resultLines(report.result, page);
  page.title('Coverage');
  for (const line of coverageLines(report)) page.text(line, 2);
  page.title('Buckets');
  for (const bucket of report.buckets.slice(0, MAX_BUCKETS)) bucketLines(bucket, page);
  page.more(report.buckets.length - MAX_BUCKETS, 'bucket');
  if (report.findings.length > 0) {
    page.title(`Findings (${severities(report.findings)})`);
    for (const finding of report.findings.slice(0, MAX_FINDINGS)) findingLines(finding, options.detectors, page);
    page.more(report.findings.length - MAX_FINDINGS, 'finding');
  }
  const steps = nextSteps(report, options.detectors);
  if (steps.length > 0) page.title('What to do next');
  for (const [index, step] of steps.slice(0, MAX_STEPS).entries()) {
    page.item(`${index + 1}.`, step.words, 2);
    for (const command of step.commands) page.verbatim(`$ ${command}`, 5);
  }
  page.more(steps.length - MAX_STEPS, 'step');
  page.title('');
  page.text(`Scan ${shown(report.scan.id)}: ${report.scan.targets.map(shown).join(', ')}`, 0, 'dim');
  return page.toString();
}

function resultLines({ violated, incomplete, reasons }: Report['result'], page: Page): void {
  if (reasons.length === 0) return;
  const words = [violated ? 'violated' : '', incomplete ? 'incomplete' : ''].filter((word) => word !== '');
  page.text(`This scan is ${words.join(' and ')}:`, 0, 'warn');
  for (const reason of reasons) page.item('-', shown(reason), 2);
}

function bucketLines({ uri, sensitivity, exposure, risk }: BucketReport, page: Page): void {
  page.head(risk.level, shown(uri));
  const score = sensitivity.level === 'unknown' ? '' : ` (score ${sensitivity.score} of 100)`;
  page.text(`data ${sensitivity.level}${score} · reach ${exposure.verdict}`, 11);
  const kinds = [exposure.because, sensitivity.because];
  for (const because of kinds) for (const line of because.slice(0, MAX_REASONS)) page.item('-', shown(line), 11);
  const more = kinds.reduce((sum, because) => sum + Math.max(0, because.length - MAX_REASONS), 0);
  if (more > 0) page.text(`and ${plural(more, 'more reason')}`, 13, 'dim');
}

function findingLines(finding: FindingReport, detectors: Detectors, page: Page): void {
  const doubt = finding.confidence === 'confirmed' ? '' : ` (${finding.confidence})`;
  page.head(
    finding.severity,
    `${shown(findingName(finding, detectors))}${doubt}  ${shown(finding.masked)}  ${findingCount(finding)}`,
  );
  for (const place of finding.locations.slice(0, MAX_PLACES)) {
    const where = placeText(place);
    page.text(`${shown(place.object)}${where === '' ? '' : `  ${where}`}`, 11);
  }
  const more = finding.locations.length - MAX_PLACES;
  if (more > 0) page.text(`and ${plural(more, 'more place')}`, 11, 'dim');
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
    const [first = '', ...rest] = this.wrapped(words, this.width - 11);
    this.lines.push(`  ${this.paint(level.padEnd(8), TONES[level] ?? 'dim')} ${first}`);
    for (const line of rest) this.lines.push(' '.repeat(11) + line);
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
