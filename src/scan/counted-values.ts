import type { Counter } from '../../detectors/detector.ts';
import type { DistinctCounter } from '../classify/distinct.ts';
import type { ColumnPlace, Locator, Segment } from '../model/segment.ts';
import type { CompiledDetector } from './compile.ts';
import { bitsOfColumn, bitsOfWords, type Surroundings } from './context.ts';
import { ALONE, FIELDS, judgePlaces, LEFT_OPEN, loadCounter, PART_OF_LAST, VALUE } from './count-kernel.ts';
import { LIKELY_BITS, PATIENCE, type PendingMatches } from './pending-matches.ts';
import type { Match } from './placed-match.ts';

/** So many values of one kind in a window make it worth counting the next ones. */
const ENOUGH_VALUES = 256;
/** Fewer places in a window are handled one by one again. */
const FEW_PLACES = 64;
/** Kernels leave longer values to the validator. */
const MAX_LENGTH = 255;
const NONE = new Int32Array(0);

/** Matches of one column that are counted. */
export interface CountedSide {
  count: number;
  readonly distinct: DistinctCounter;
}

/** Takes values without their text. */
export interface Counting {
  /** Of the hashes, as `SketchHash` has it. */
  key: Buffer;
  /**
   * Takes a plain value of personal data (`isValue`) or a trial that was none, by the hash of its canonical form. False, and nothing
   * is taken, when the whole match would say more than a count.
   */
  count(
    detector: CompiledDetector,
    column: ColumnPlace,
    isValue: boolean,
    bits: number,
    high: number,
    low: number,
    weight: number,
  ): boolean;
  /** Where a match is counted. */
  sideOf(match: Match): CountedSide;
  /** Whether another match like it would say no more than a count. */
  isFull(match: Match): boolean;
  /** Hashes of what a detector tried in a column. */
  trialsOf(detector: CompiledDetector, column: ColumnPlace): DistinctCounter;
}

/** What the matcher does with a place whose value is not a plain one, or not alone. */
export interface Matching {
  /** Handles a place that was kept. */
  ask(segment: Segment, trigger: number, place: number): void;
  /** Handles [start, end) of the buffer as any other match. */
  match(segment: Segment, detector: CompiledDetector, start: number, end: number): void;
  /** Handles the number that begins at `start` of the buffer, for whom these detectors ask, as if it came now. */
  number(segment: Segment, start: number, asked: readonly CompiledDetector[]): void;
  /** Notes that [start, end) of the buffer was a value, so that no other match of its detector begins in it; false when one has. */
  claim(segment: Segment, detector: CompiledDetector, start: number, end: number, isNumber: boolean): boolean;
}

/**
 * A column that is full of one kind of value: its places are kept while a window is looked through, judged all at once by a
 * kernel, and counted when neither an overlapping match nor the words around could change more than counts.
 */
export class CountedValues {
  readonly detector: CompiledDetector;
  private readonly kind: Counter['kind'];
  readonly isOfNumbers: boolean;
  private readonly matching: Matching;
  private readonly counting: Counting;
  private seen = 0;
  private isOn = false;
  private isCountable = false;
  private places = NONE;
  private size = 0;
  /** The trigger of each place. */
  private triggers = NONE;
  /** What the kernel said of the places of this window; verdicts of those that were matched are 0. */
  private plain = NONE;
  private plainSize = 0;
  /** Bits that the validator adds to values of so many bytes. */
  private bitsByLength: Float64Array | null = null;

  constructor(detector: CompiledDetector, matching: Matching, counting: Counting) {
    this.detector = detector;
    this.kind = (detector.detector.counter as Counter).kind;
    this.isOfNumbers = this.kind === 'card';
    this.matching = matching;
    this.counting = counting;
  }

  /** Whether places are kept, from here on in this window. */
  get isKeeping(): boolean {
    return this.isOn;
  }

  /** Called for each match of the detector; answers whether places are kept now. */
  see(): boolean {
    if (!this.isOn && ++this.seen >= ENOUGH_VALUES && this.isCountable) {
      this.isOn = true;
      loadCounter(this.detector.detector.counter as Counter);
    }
    return this.isOn;
  }

  /** Before a window. */
  open(locator: Locator): void {
    this.isCountable = locator.columnAt !== undefined;
    if (!this.isCountable) this.isOn = false;
    if (!this.isOn) this.seen = 0;
    this.size = 0;
    this.plainSize = 0;
  }

  /** Keeps the place of the byte at which the trigger was seen. */
  keep(place: number, trigger: number): void {
    const { size } = this;
    if (size === this.places.length) {
      this.places = grown(this.places, size + 1);
      this.triggers = grown(this.triggers, size + 1);
    }
    this.places[size] = place;
    this.triggers[size] = trigger;
    this.size = size + 1;
  }

  /** Judges the places of the window; those that are no plain value are matched as ever. */
  judge(segment: Segment): void {
    if (this.size < FEW_PLACES) {
      this.isOn = false;
      for (let k = 0; k < this.size; k++) this.ask(segment, k);
      return;
    }
    judgePlaces(this.kind, this.counting.key, segment.bytes, this.places, this.size, (words, at, count, shift) => {
      const from = this.plainSize;
      const to = from + count * FIELDS;
      if (to > this.plain.length) this.plain = grown(this.plain, to);
      const { plain } = this;
      plain.set(words.subarray(at, at + count * FIELDS), from);
      for (let k = from; k < to; k += FIELDS) {
        plain[k] = (plain[k] as number) - shift;
        plain[k + 1] = (plain[k + 1] as number) - shift;
        const verdict = plain[k + 2] as number;
        if (verdict === PART_OF_LAST) continue;
        const start = plain[k] as number;
        if (
          verdict !== LEFT_OPEN &&
          this.matching.claim(segment, this.detector, start, plain[k + 1] as number, this.isOfNumbers)
        ) {
          continue;
        }
        plain[k + 2] = PART_OF_LAST;
        this.ask(segment, k / FIELDS);
      }
      this.plainSize = to;
    });
  }

  private ask(segment: Segment, k: number): void {
    this.matching.ask(segment, this.triggers[k] as number, this.places[k] as number);
  }

  /** Calls `visit` for the plain values of the window, offsets in the stream. */
  eachPlain(base: number, visit: (start: number, end: number) => void): void {
    const { plain, plainSize } = this;
    for (let at = 0; at < plainSize; at += FIELDS) {
      if (plain[at + 2] !== PART_OF_LAST) visit(base + (plain[at] as number), base + (plain[at + 1] as number));
    }
  }

  /**
   * Counts the plain values, those apart that end behind `limit` of the stream or overlap one of `others` (ascending pairs): a
   * later match or a match there is may still win over them. `pending`: what becomes evidence early, since nothing is counted before the
   * first of its kind are.
   */
  settle(
    segment: Segment,
    surroundings: Surroundings,
    limit: number,
    others: Float64Array,
    pending: PendingMatches | null,
  ): void {
    const { plain, plainSize, detector, matching } = this;
    let matched = 0;
    let patience = PATIENCE;
    const { bytes, base, locator } = segment;
    if (locator.columnAt === undefined) return;
    let column: ColumnPlace | null = null;
    const words = detector.context === null ? { least: 0, most: 0 } : bitsOfWords(detector.context);
    let columnBits = 0;
    let other = 0;
    for (let at = 0; at < plainSize; at += FIELDS) {
      const verdict = plain[at + 2] as number;
      if (verdict === PART_OF_LAST) continue;
      const start = plain[at] as number;
      const end = plain[at + 1] as number;
      while (other < others.length && (others[other + 1] as number) <= base + start) other += 2;
      const isMet = other < others.length && (others[other] as number) < base + end;
      if (isMet || base + end > limit) {
        matching.match(segment, detector, start, end);
        continue;
      }
      const found = locator.columnAt(base + start);
      if (found !== column) {
        column = found;
        columnBits = detector.context === null ? 0 : bitsOfColumn(detector.context, column);
      }
      const isValue = (verdict & ~ALONE) === VALUE;
      const bits = isValue ? this.bitsOf(bytes, start, end) + columnBits : 0;
      let isCounted: boolean;
      if (!isValue || (verdict >= ALONE && column.column !== undefined)) {
        isCounted = this.countOne(segment, at, column, bits);
      } else {
        // Words are read only where they could make a difference.
        isCounted =
          (bits + words.least >= LIKELY_BITS && this.countOne(segment, at, column, bits + words.most)) ||
          this.countOne(
            segment,
            at,
            column,
            bits - columnBits + this.context(segment, surroundings, start, end, column),
          );
      }
      if (isCounted) continue;
      matching.match(segment, detector, start, end);
      if (pending === null || ++matched < patience) continue;
      // No match to come begins before this one.
      pending.settle(Math.min(base + start, limit));
      patience *= 2;
    }
  }

  private countOne({ base, locator }: Segment, at: number, column: ColumnPlace, bits: number): boolean {
    const { plain, detector, counting } = this;
    const weight = locator.weight?.(base + (plain[at] as number)) ?? 1;
    const isValue = ((plain[at + 2] as number) & ~ALONE) === VALUE;
    return counting.count(detector, column, isValue, bits, plain[at + 3] as number, plain[at + 4] as number, weight);
  }

  private context(
    segment: Segment,
    surroundings: Surroundings,
    start: number,
    end: number,
    column: ColumnPlace,
  ): number {
    surroundings.set(segment.bytes, start, end, column);
    return surroundings.bits(this.detector.context) ?? 0;
  }

  /** The detector's own and those of its validator. */
  private bitsOf(bytes: Buffer, start: number, end: number): number {
    this.bitsByLength ??= new Float64Array(MAX_LENGTH + 1).fill(Number.NaN);
    const length = Math.min(end - start, MAX_LENGTH);
    let bits = this.bitsByLength[length] as number;
    if (Number.isNaN(bits)) {
      const { detector } = this.detector;
      bits = detector.bits + (detector.validate?.(bytes.toString('latin1', start, end), {})?.bits ?? 0);
      this.bitsByLength[length] = bits;
    }
    return bits;
  }
}

function grown(old: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(1024, least, old.length * 2));
  larger.set(old);
  return larger;
}
