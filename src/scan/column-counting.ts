import type { Locator, Segment } from '../model/segment.ts';
import type { CompiledDetector, CompiledSet } from './compile.ts';
import { Surroundings } from './context.ts';
import { CountedValues, type Counting, type Matching } from './counted-values.ts';
import type { PendingMatches } from './pending-matches.ts';

/** What one stream matcher counts instead of matching it. */
export class ColumnCounting {
  /** By detector. */
  private readonly counted: (CountedValues | undefined)[];
  private readonly surroundings = new Surroundings();
  /** The one whose places are numbers. */
  readonly numbers: CountedValues | undefined;

  constructor(set: CompiledSet, counting: Counting, matching: Matching) {
    this.counted = set.detectors.map(() => undefined);
    for (const compiled of set.detectors) {
      const { counter } = compiled.detector;
      if (counter === undefined || (counter.kind === 'card' && !ownsItsNumbers(set, compiled))) continue;
      const counted = new CountedValues(compiled, counter, matching, counting);
      this.counted[compiled.index] = counted;
      if (counter.kind === 'card') this.numbers = counted;
    }
  }

  of(detector: number): CountedValues | undefined {
    return this.counted[detector];
  }

  /** Before a window. */
  open(locator: Locator): void {
    for (const counted of this.counted) counted?.open(locator);
  }

  /** Counts or matches what was kept of a window. `limit`: no later match begins before it. */
  settle(segment: Segment, limit: number, pending: PendingMatches): void {
    const counting = this.counted.filter((counted) => counted?.isKeeping === true) as CountedValues[];
    if (counting.length === 0) return;
    for (const counted of counting) counted.judge(segment);
    const others = counting.map((counted) => {
      const spans: [number, number][] = [];
      const add = (start: number, end: number): void => void spans.push([start, end]);
      pending.each(add);
      for (const other of counting) if (other !== counted) other.eachPlain(segment.base, add);
      return Float64Array.from(spans.sort((a, b) => a[0] - b[0]).flat());
    });
    counting.forEach((counted, k) => {
      counted.settle(segment, this.surroundings, limit, others[k] as Float64Array);
    });
  }
}

/** Whether no other detector asks for the lone runs of digits that a counter of cards takes. */
export function ownsItsNumbers({ templates, ranges }: CompiledSet, { index }: CompiledDetector): boolean {
  return [16, 17, 18, 19].every(
    (length) =>
      ranges.every(({ min, max, needsSeparator }) => needsSeparator || length < min || length > max) &&
      (templates[length] ?? []).every(
        ({ detector, template }) => template.lengths.length > 1 || (detector === index && template.fixed.length === 0),
      ),
  );
}
