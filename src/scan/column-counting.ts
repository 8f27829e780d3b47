import type { Locator, Segment } from '../model/segment.ts';
import type { CompiledSet } from './compile.ts';
import { Surroundings } from './context.ts';
import { CountedNumbers } from './counted-numbers.ts';
import { CountedValues, type Counting, type Matching } from './counted-values.ts';
import type { PendingMatches } from './pending-matches.ts';

/** What one stream matcher counts instead of matching it. */
export class ColumnCounting {
  private readonly counted: readonly CountedValues[];
  private readonly ofTrigger: Uint8Array;
  /** By what `ofTrigger` says. */
  private readonly bySlot: readonly (CountedValues | undefined)[];
  private readonly surroundings = new Surroundings();
  readonly numbers: CountedNumbers;

  constructor(set: CompiledSet, counting: Counting, matching: Matching) {
    const { counters } = set;
    this.numbers = new CountedNumbers(set, matching, counting);
    this.counted = counters.detectors.map((detector) => new CountedValues(detector, matching, counting));
    this.ofTrigger = counters.ofTrigger;
    this.bySlot = [undefined, ...this.counted];
  }

  /** What a trigger's places may be kept by. */
  byTrigger(id: number): CountedValues | undefined {
    return this.bySlot[this.ofTrigger[id] as number];
  }

  /** Called for each match of a detector that may count; true when its next places are kept. */
  see(index: number): boolean {
    return this.counted.find(({ detector }) => detector.index === index)?.see() === true;
  }

  /** Before a window. Answers whether places are kept from its start. */
  open(locator: Locator): boolean {
    this.numbers.open(locator);
    for (const counted of this.counted) counted.open(locator);
    return this.counted.some(({ isKeeping }) => isKeeping);
  }

  /** Counts or matches what was kept of a window. `limit`: no later match begins before it. */
  settle(segment: Segment, limit: number, pending: PendingMatches): void {
    this.settleValues(segment, limit, pending);
    this.numbers.settle(segment, this.surroundings, limit, pending);
  }

  private settleValues(segment: Segment, limit: number, pending: PendingMatches): void {
    const counting = this.counted.filter(({ isKeeping }) => isKeeping);
    if (counting.length === 0) return;
    for (const counted of counting) counted.judge(segment);
    const others = counting.map((counted) => {
      const spans: [number, number][] = [];
      const add = (start: number, end: number): void => void spans.push([start, end]);
      pending.each(add);
      for (const other of counting) if (other !== counted) other.eachPlain(segment.base, add);
      return Float64Array.from(spans.sort((a, b) => a[0] - b[0]).flat());
    });
    // Where nothing else is left to be matched, the first matches are evidence before the next values are counted.
    const given = counting.length === 1 && this.numbers.isEmpty ? pending : null;
    counting.forEach((counted, k) => {
      counted.settle(segment, this.surroundings, limit, others[k] as Float64Array, given);
    });
  }
}
