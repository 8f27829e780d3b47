import type { Counter } from '../../detectors/detector.ts';
import type { Location, Locator, Segment } from '../model/segment.ts';
import type { CompiledDetector, CompiledSet } from './compile.ts';
import { bitsOfColumn, type Surroundings } from './context.ts';
import { type Judged, judgePlaces, LEFT_OPEN, loadCounter, PART_OF_LAST, VALUE } from './count-kernel.ts';
import type { TextTrigger } from './triggers.ts';

/** So many values of one kind make it worth counting the next ones. */
const ENOUGH_VALUES = 256;
/** Fewer places in a window are handled one by one again. */
const FEW_PLACES = 64;
const FIELDS = 6;

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
    column: string | null,
    isValue: boolean,
    bits: number,
    high: number,
    low: number,
    weight: number,
  ): boolean;
}

/** What the matcher does with a place whose value is not a plain one, or not alone. */
export interface Matching {
  askText(segment: Segment, trigger: TextTrigger, place: number): void;
  askNumber(segment: Segment, place: number): void;
  /** Handles [start, end) of the buffer as any other match. */
  match(segment: Segment, detector: CompiledDetector, start: number, end: number): void;
  /** Notes that [start, end) of the buffer was a value, so that no other match of its detector begins in it; false when one has. */
  claim(segment: Segment, detector: CompiledDetector, start: number, end: number): boolean;
}

/**
 * A column that is full of one kind of value: its places are kept while a window is looked through, judged all at once by a
 * kernel, and counted when neither an overlapping match nor the words around could change more than counts.
 */
export class CountedValues {
  readonly detector: CompiledDetector;
  private readonly kind: Counter['kind'];
  private readonly matching: Matching;
  private readonly counting: Counting;
  private seen = 0;
  private isOn = false;
  private places = new Int32Array(1024);
  private size = 0;
  /** The trigger of each place of a text detector. */
  private readonly triggers: TextTrigger[] = [];
  /** start, end, verdict, whether alone, hash: of the plain values of this window. */
  private plain = new Int32Array(1024 * FIELDS);
  private plainSize = 0;
  /** Bits that the validator adds to values of so many bytes. */
  private readonly bitsByLength = new Float64Array(512).fill(Number.NaN);

  constructor(detector: CompiledDetector, counter: Counter, matching: Matching, counting: Counting) {
    this.detector = detector;
    this.kind = counter.kind;
    this.matching = matching;
    this.counting = counting;
  }

  /** Whether places are kept in this window. */
  get isKeeping(): boolean {
    return this.isOn;
  }

  /** Called for each match of the detector. */
  see(): void {
    this.seen++;
  }

  /** Before a window. */
  open(locator: Locator): void {
    if (!this.isOn && this.seen >= ENOUGH_VALUES) {
      this.isOn = true;
      loadCounter(this.detector.detector.counter as Counter);
    }
    if (locator.columnAt === undefined) this.isOn = false;
    this.size = 0;
    this.triggers.length = 0;
    this.plainSize = 0;
  }

  keep(place: number, trigger: TextTrigger | null): void {
    if (this.size === this.places.length) this.places = grown(this.places);
    this.places[this.size++] = place;
    if (trigger !== null) this.triggers.push(trigger);
  }

  /** Judges the places of the window; those that are no plain value are matched as ever. */
  judge(segment: Segment): void {
    if (!this.isOn) return;
    if (this.size < FEW_PLACES) {
      this.isOn = false;
      this.seen = 0;
      for (let k = 0; k < this.size; k++) this.ask(segment, k);
      return;
    }
    let k = 0;
    judgePlaces(this.kind, this.counting.key, segment.bytes, this.places, this.size, (judged) =>
      this.take(segment, judged, k++),
    );
  }

  private take(segment: Segment, { start, end, verdict, isAlone, high, low }: Judged, k: number): void {
    if (verdict === PART_OF_LAST) return;
    if (verdict === LEFT_OPEN || !this.matching.claim(segment, this.detector, start, end)) {
      this.ask(segment, k);
      return;
    }
    let at = this.plainSize;
    if (at === this.plain.length) this.plain = grown(this.plain);
    const { plain } = this;
    plain[at++] = start;
    plain[at++] = end;
    plain[at++] = verdict;
    plain[at++] = isAlone ? 1 : 0;
    plain[at++] = high;
    plain[at++] = low;
    this.plainSize = at;
  }

  private ask(segment: Segment, k: number): void {
    const place = this.places[k] as number;
    const trigger = this.triggers[k];
    if (trigger === undefined) this.matching.askNumber(segment, place);
    else this.matching.askText(segment, trigger, place);
  }

  /** Calls `visit` for the plain values of the window, offsets in the stream. */
  eachPlain(base: number, visit: (start: number, end: number) => void): void {
    const { plain, plainSize } = this;
    for (let at = 0; at < plainSize; at += FIELDS)
      visit(base + (plain[at] as number), base + (plain[at + 1] as number));
  }

  /**
   * Counts the plain values, those apart that end behind `limit` of the stream or overlap one of `others` (ascending pairs): a
   * later match or a match there is may still win over them.
   */
  settle(segment: Segment, surroundings: Surroundings, limit: number, others: Float64Array): void {
    const { plain, plainSize, detector, matching, counting } = this;
    const { bytes, base, locator } = segment;
    const location: { column?: string } = {};
    let column: string | null | undefined;
    let columnBits = 0;
    let other = 0;
    for (let at = 0; at < plainSize; at += FIELDS) {
      const start = plain[at] as number;
      const end = plain[at + 1] as number;
      while (other < others.length && (others[other + 1] as number) <= base + start) other += 2;
      const isMet = other < others.length && (others[other] as number) < base + end;
      if (isMet || base + end > limit) {
        matching.match(segment, detector, start, end);
        continue;
      }
      const name = locator.columnAt?.(base + start) ?? null;
      if (name !== column) {
        column = name;
        if (name === null) delete location.column;
        else location.column = name;
        columnBits = detector.context === null ? 0 : bitsOfColumn(detector.context, location);
      }
      const isValue = plain[at + 2] === VALUE;
      let bits = 0;
      if (isValue) {
        const isBare = plain[at + 3] === 1 && name !== null;
        bits =
          this.bitsOf(bytes, start, end) +
          (isBare ? columnBits : this.context(segment, surroundings, start, end, location));
      }
      const weight = locator.weight?.(base + start) ?? 1;
      const isCounted = counting.count(
        detector,
        name,
        isValue,
        bits,
        plain[at + 4] as number,
        plain[at + 5] as number,
        weight,
      );
      if (!isCounted) matching.match(segment, detector, start, end);
    }
  }

  private context(
    segment: Segment,
    surroundings: Surroundings,
    start: number,
    end: number,
    location: Location,
  ): number {
    surroundings.set(segment.bytes, start, end, location);
    return surroundings.bits(this.detector.context) ?? 0;
  }

  /** The detector's own and those of its validator. */
  private bitsOf(bytes: Buffer, start: number, end: number): number {
    const length = Math.min(end - start, this.bitsByLength.length - 1);
    let bits = this.bitsByLength[length] as number;
    if (Number.isNaN(bits)) {
      const { detector } = this.detector;
      bits = detector.bits + (detector.validate?.(bytes.toString('latin1', start, end), {})?.bits ?? 0);
      this.bitsByLength[length] = bits;
    }
    return bits;
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

function grown(old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(old.length * 2);
  larger.set(old);
  return larger;
}
