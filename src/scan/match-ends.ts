import type { CompiledDetector, CompiledSet } from './compile.ts';

/**
 * Where the last match of each detector ends, as an offset in the stream: triggers inside a match are part of it. Numbers that were kept
 * are matched late, after the texts behind them: of detectors that have both, matches of text are noted with their starts.
 */
export class MatchEnds {
  /** Whether what is asked now comes late. */
  isLate = false;
  private readonly ends: Float64Array;
  private readonly lateEnds: Float64Array;
  /** By detector: starts and ends in this window, and of the last one before it; null for those that have numbers or texts alone. */
  private readonly spans: (number[] | null)[];

  constructor({ detectors, triggers, templates, ranges }: CompiledSet) {
    const ofNumbers = new Set(
      [...templates.flatMap((rules) => rules ?? []), ...ranges].map(({ detector }) => detector),
    );
    const ofTexts = new Set(triggers.flatMap((trigger) => (trigger.kind === 'text' ? trigger.detector : [])));
    this.ends = new Float64Array(detectors.length);
    this.lateEnds = new Float64Array(detectors.length);
    this.spans = detectors.map(({ index }) => (ofNumbers.has(index) && ofTexts.has(index) ? [] : null));
  }

  /** At the start of a stream. */
  reset(): void {
    this.ends.fill(0);
    for (const spans of this.spans) if (spans !== null) spans.length = 0;
  }

  /** Before a window. */
  open(): void {
    this.lateEnds.fill(0);
    for (const spans of this.spans) if (spans !== null && spans.length > 2) spans.splice(0, spans.length - 2);
  }

  of(detector: number): number {
    return this.ends[detector] as number;
  }

  /** Has something matched as if these detectors had no other match. */
  apart(asked: readonly CompiledDetector[], work: () => void): void {
    const before = asked.map(({ index }) => [this.ends[index] as number, this.spans[index]?.length ?? 0] as const);
    for (const { index } of asked) this.ends[index] = 0;
    work();
    asked.forEach(({ index }, k) => {
      const [end, size] = before[k] as readonly [number, number];
      const spans = this.spans[index];
      this.ends[index] = end;
      if (spans !== null && spans !== undefined) spans.length = size;
    });
  }

  /** Whether `start` is part of a match of the detector. */
  has(detector: number, start: number): boolean {
    const spans = this.spans[detector];
    if (!this.isLate || spans === null || spans === undefined) return start < (this.ends[detector] as number);
    return start < (this.lateEnds[detector] as number) || isInside(spans, start);
  }

  /** Notes a match [start, end). */
  add(detector: number, start: number, end: number): void {
    const spans = this.spans[detector];
    if (spans === null || spans === undefined) this.ends[detector] = end;
    else if (this.isLate) {
      this.lateEnds[detector] = end;
      this.ends[detector] = Math.max(end, this.ends[detector] as number);
    } else {
      this.ends[detector] = end;
      spans.push(start, end);
    }
  }
}

/** Whether one of the spans, ascending, has `start` in it. */
function isInside(spans: readonly number[], start: number): boolean {
  let low = 0;
  let high = spans.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[2 * middle] as number) <= start) low = middle + 1;
    else high = middle;
  }
  return low > 0 && start < (spans[2 * low - 1] as number);
}
