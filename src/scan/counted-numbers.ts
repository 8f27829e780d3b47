import { DistinctCounter } from '../classify/distinct.ts';
import type { ColumnPlace, Locator, Segment } from '../model/segment.ts';
import type { CompiledDetector, CompiledSet } from './compile.ts';
import { bitsOfColumn, type Surroundings } from './context.ts';
import { hashRuns } from './count-kernel.ts';
import type { CountedSide, Counting, Matching } from './counted-values.ts';
import { PendingMatches } from './pending-matches.ts';
import { type Match, PlacedMatch } from './placed-match.ts';

/** So many lone runs of digits in a window make it worth counting the next ones. */
const ENOUGH_NUMBERS = 256;
/** Fewer in a window are handled one by one again. */
const FEW_NUMBERS = 64;
/** Columns kept apart: pages of a file have new ones again and again. */
const MAX_GROUPS = 1024;
/** How far from a value words are looked for, as in `Surroundings`. */
const REACH = 64;
const LETTERS_FROM = 65;

/** Between these a run of digits is a cell or a value by itself, and no other number or mailbox can reach into it. */
const BEFORE = new Uint8Array(256);
const AFTER = new Uint8Array(256);
for (const byte of Buffer.from('\t\n,;|":[')) BEFORE[byte] = 1;
for (const byte of Buffer.from('\t\n\r,;|"}]')) AFTER[byte] = 1;

/** Numbers of one length in one column: whom they are asked, and what comes of each set of answers. */
interface NumberGroup {
  /** Null: they are matched as ever. */
  checks: CompiledDetector[] | null;
  columnBits: Int32Array;
  /** What each distinct one is a trial of. */
  trialsOf: DistinctCounter[];
  trials: DistinctCounter;
  isTouched: boolean;
  outcomes: Map<number, Outcome>;
}
interface Outcome {
  winners: { side: CountedSide; match: Match }[];
  /** Whether another value with it adds to counts alone. */
  isSettled: boolean;
}

/**
 * Lone runs of digits in a window that is full of them: judged at its end from their bytes, without a text or a match of their own, and
 * counted when neither an overlapping match nor the words around could change more than counts.
 */
export class CountedNumbers {
  private readonly checks: CompiledSet['numberChecks'];
  private readonly matching: Matching;
  private readonly counting: Counting;
  private readonly groups = new Map<ColumnPlace, (NumberGroup | undefined)[]>();
  private touched: NumberGroup[] = [];
  private seen = 0;
  private isOn = false;
  private isCountable = false;
  /** Starts and ends in the buffer. */
  private runs = new Int32Array(2048);
  private size = 0;
  /** Where bytes of at least `LETTERS_FROM` stand: the last before the value asked about last, and the first behind its start. */
  private lastLetter = 0;
  private nextLetter = 0;

  constructor({ numberChecks }: CompiledSet, matching: Matching, counting: Counting) {
    this.checks = numberChecks;
    this.matching = matching;
    this.counting = counting;
  }

  /** Before a window. */
  open(locator: Locator): void {
    this.isCountable = locator.columnAt !== undefined;
    if (!this.isCountable) this.isOn = false;
    this.seen = 0;
    this.size = 0;
  }

  /** Takes a lone run of digits that some detector asks for; false where it has to be handled now. */
  keep(bytes: Buffer, start: number, end: number): boolean {
    if (!this.isOn) {
      if (++this.seen < ENOUGH_NUMBERS || !this.isCountable) return false;
      this.isOn = true;
    }
    if (start === 0 || end >= bytes.length) return false;
    if (BEFORE[bytes[start - 1] as number] === 0 || AFTER[bytes[end] as number] === 0) return false;
    if (this.checks[end - start] === undefined) return false;
    if (this.size === this.runs.length) {
      const larger = new Int32Array(2 * this.size);
      larger.set(this.runs);
      this.runs = larger;
    }
    this.runs[this.size++] = start;
    this.runs[this.size++] = end;
    return true;
  }

  /** As `CountedValues.settle`, of all that was kept. */
  settle(segment: Segment, surroundings: Surroundings, limit: number, pending: PendingMatches): void {
    const { size, runs } = this;
    if (size === 0) return;
    if (size < 2 * FEW_NUMBERS) {
      this.isOn = false;
      for (let k = 0; k < size; k += 2) this.match(segment, k);
      return;
    }
    const others = pending.spans();
    let other = 0;
    this.lastLetter = Number.NEGATIVE_INFINITY;
    this.nextLetter = -1;
    hashRuns(this.counting.key, segment.bytes, runs, size, (words, at, from, to) => {
      for (let k = from, word = at; k < to; k += 2, word += 2) {
        const start = segment.base + (runs[k] as number);
        const end = segment.base + (runs[k + 1] as number);
        while (other < others.length && (others[other + 1] as number) <= start) other += 2;
        const isMet = other < others.length && (others[other] as number) < end;
        if (
          isMet ||
          end > limit ||
          !this.count(segment, surroundings, k, words[word + 1] as number, words[word] as number)
        )
          this.match(segment, k);
      }
    });
    this.flush();
  }

  private match(segment: Segment, k: number): void {
    const start = this.runs[k] as number;
    this.matching.number(segment, start, this.checks[(this.runs[k + 1] as number) - start] ?? []);
  }

  private count(segment: Segment, surroundings: Surroundings, k: number, low: number, high: number): boolean {
    const { bytes, base, locator } = segment;
    const start = this.runs[k] as number;
    const end = this.runs[k + 1] as number;
    const column = locator.columnAt?.(base + start) as ColumnPlace;
    const group = this.groupOf(column, end - start);
    const { checks, outcomes } = group;
    if (checks === null) return false;
    if (this.hasLetters(bytes, start, end)) {
      surroundings.set(bytes, start, end, column);
      if (surroundings.mayHaveWords()) return false;
    }
    let answers = 0;
    for (let i = 0; i < checks.length; i++) {
      const answer = (checks[i] as CompiledDetector).detector.validateDigits?.(bytes, start, end) ?? -1;
      if (answer < 0) return false;
      answers = answers * 3 + answer;
    }
    let outcome = outcomes.get(answers);
    if (outcome === undefined) {
      outcome = this.outcomeOf(segment, group, column, start, end);
      outcomes.set(answers, outcome);
    }
    if (!outcome.isSettled && !this.isSettled(outcome)) return false;
    if (group.trialsOf.length > 0) {
      group.trials.add(high, low);
      if (!group.isTouched) {
        group.isTouched = true;
        this.touched.push(group);
      }
    }
    const { winners } = outcome;
    if (winners.length === 0) return true;
    const weight = locator.weight?.(base + start) ?? 1;
    for (let i = 0; i < winners.length; i++) {
      const { side } = winners[i] as Outcome['winners'][number];
      side.distinct.add(high, low);
      side.count += weight;
    }
    return true;
  }

  private groupOf(column: ColumnPlace, length: number): NumberGroup {
    let byLength = this.groups.get(column);
    if (byLength === undefined) {
      if (this.groups.size >= MAX_GROUPS) this.groups.clear();
      byLength = [];
      this.groups.set(column, byLength);
    }
    let group = byLength[length];
    if (group === undefined) {
      group = this.newGroup(column, length);
      byLength[length] = group;
    }
    return group;
  }

  private newGroup(column: ColumnPlace, length: number): NumberGroup {
    const bitsOf = ({ context }: CompiledDetector): number => (context === null ? 0 : bitsOfColumn(context, column));
    const asked = this.checks[length] as CompiledDetector[];
    // Without words, one that needs context has only the name of the column.
    const checks = asked.filter((detector) => detector.context?.required !== true || bitsOf(detector) > 0);
    const tested = checks.filter(({ isTestable }) => isTestable);
    return {
      checks,
      columnBits: Int32Array.from(checks, bitsOf),
      trialsOf: tested.map((detector) => this.counting.trialsOf(detector, column)),
      trials: new DistinctCounter(),
      isTouched: false,
      outcomes: new Map(),
    };
  }

  /** What matching the value at [start, end) gives. */
  private outcomeOf(segment: Segment, group: NumberGroup, column: ColumnPlace, start: number, end: number): Outcome {
    const value = segment.bytes.toString('latin1', start, end);
    const won: Match[] = [];
    const pending = new PendingMatches((match) => won.push(match));
    (group.checks ?? []).forEach((compiled, k) => {
      const { detector } = compiled;
      const verdict = detector.validate?.(value, {}) ?? null;
      if (verdict === null) return;
      const bits = detector.bits + (verdict.bits ?? 0) + (group.columnBits[k] as number);
      pending.add(new PlacedMatch(compiled, start, end, value, verdict, bits, column, segment.locator));
    });
    pending.settle(Number.POSITIVE_INFINITY);
    const winners = won.map((match) => ({ side: this.counting.sideOf(match), match }));
    return { winners, isSettled: winners.length === 0 };
  }

  private isSettled(outcome: Outcome): boolean {
    outcome.isSettled = outcome.winners.every(({ match }) => this.counting.isFull(match));
    return outcome.isSettled;
  }

  /** Whether a letter stands near enough for words to matter; asked for ascending runs. */
  private hasLetters(bytes: Buffer, start: number, end: number): boolean {
    if (this.nextLetter < start) {
      let at = Math.max(this.nextLetter + 1, start - REACH, 0);
      let last = this.nextLetter;
      while (at < bytes.length) {
        if ((bytes[at] as number) >= LETTERS_FROM) {
          if (at >= start) break;
          last = at;
        }
        at++;
      }
      this.lastLetter = last;
      this.nextLetter = at;
    }
    return start - this.lastLetter <= REACH || this.nextLetter < end + REACH;
  }

  private flush(): void {
    for (const group of this.touched) {
      for (const trials of group.trialsOf) trials.absorb(group.trials);
      group.isTouched = false;
    }
    this.touched = [];
  }
}
