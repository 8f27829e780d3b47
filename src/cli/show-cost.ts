import type { Stage, Step } from '../scan/cost-meter.ts';
import type { Cost } from '../scan/metered-scanner.ts';

/** What looking for one thing costs, for each MB of text. */
export type Price = Record<`${Step}PerMb`, number> & {
  microsecondsPerMb: number;
  /** Of the time of the scan. */
  share: number;
};

export interface DetectorPrice extends Price {
  id: string;
  /** What was chosen to look for; what is noticed with all numbers or by the table is not counted by itself. */
  triggers: { text: string; piece: string; seenPerMb: number | null }[];
}

/** `assay detectors cost -f json`. */
export interface CostReport {
  file: string;
  format: string;
  outcome: string;
  /** Decoded. */
  bytes: number;
  /** Of a scan without a clock, on one thread. */
  megabytesPerSecond: number;
  plan: { detectors: number; triggers: number; states: number };
  stages: { stage: Stage; microsecondsPerMb: number; share: number }[];
  /** Finding out where numbers begin and end, for all detectors of numbers. */
  numbers: Price;
  /** The dearest first. */
  detectors: DetectorPrice[];
}

/** A detector beyond it takes more than its part. */
export const MAX_SHARE = 0.2;

const STAGE_NAMES: Record<Stage, string> = {
  decode: 'read and decode',
  triggers: 'trigger pass',
  candidates: 'candidates',
  patterns: 'patterns (RE2)',
  validators: 'validators',
  places: 'places',
  evidence: 'evidence',
};
const SHOWN_TRIGGERS = 3;

export function priceOf({ steps, ms }: Cost, megabytes: number, totalMs: number): Price {
  const all = Object.values(ms).reduce((sum, each) => sum + each, 0);
  const rate = (count: number): number => Number((count / megabytes).toPrecision(3));
  return {
    microsecondsPerMb: rate(1000 * all),
    share: totalMs === 0 ? 0 : Number((all / totalMs).toFixed(4)),
    seenPerMb: rate(steps.seen),
    candidatesPerMb: rate(steps.candidates),
    patternCallsPerMb: rate(steps.patternCalls),
    validatorCallsPerMb: rate(steps.validatorCalls),
    matchesPerMb: rate(steps.matches),
  };
}

/** The report for people; of the detectors the `top` dearest. */
export function showCost(report: CostReport, top: number): string {
  const { file, format, outcome, bytes, megabytesPerSecond, plan, stages, numbers, detectors } = report;
  const asked = detectors.filter(({ microsecondsPerMb }) => microsecondsPerMb > 0);
  const rows = asked.slice(0, top).map((one) => [one.id, ...priceCells(one), showTriggersOf(one)]);
  const rest = asked.slice(top).reduce((sum, { share }) => sum + share, 0);
  const lines = [
    `${file}: ${format}, ${outcome}, ${(bytes / 1e6).toFixed(1)} MB of text, ${megabytesPerSecond} MB/s on one thread`,
    `${plan.detectors} detectors, ${plan.triggers} triggers in ${plan.states} states`,
    '',
    ...table([
      ['STAGE', 'µs/MB', 'SHARE'],
      ...stages.map(({ stage, microsecondsPerMb, share }) => [
        STAGE_NAMES[stage],
        `${microsecondsPerMb}`,
        percent(share),
      ]),
    ]),
    '',
    ...table([
      ['DETECTOR', 'SHARE', 'µs/MB', 'SEEN/MB', 'CANDIDATES', 'RE2', 'VALIDATED', 'MATCHES', 'TRIGGERS'],
      ...rows,
      ['(all numbers)', ...priceCells(numbers), ''],
    ]),
  ];
  if (asked.length > top) lines.push(`${asked.length - top} more detectors: ${percent(rest)}`);
  for (const { id, share } of asked) {
    if (share <= MAX_SHARE) break;
    lines.push(
      `warning: ${id} takes ${percent(share)} of the time: look for something rarer, or say what stands near it`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function priceCells(price: Price): string[] {
  const { share, microsecondsPerMb, seenPerMb, candidatesPerMb } = price;
  const counts = [seenPerMb, candidatesPerMb, price.patternCallsPerMb, price.validatorCallsPerMb, price.matchesPerMb];
  return [percent(share), `${microsecondsPerMb}`, ...counts.map(String)];
}

function showTriggersOf({ triggers }: DetectorPrice): string {
  const common = [...triggers].sort((a, b) => (b.seenPerMb ?? 0) - (a.seenPerMb ?? 0));
  const shown = common
    .slice(0, SHOWN_TRIGGERS)
    .map(({ text, piece }) => (piece === text || !piece.startsWith('"') ? text : `${text} by ${piece}`));
  if (common.length > SHOWN_TRIGGERS) shown.push(`${common.length - SHOWN_TRIGGERS} more`);
  return shown.join(', ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The first column and the last stand to the left, numbers to the right. */
function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === 8 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
