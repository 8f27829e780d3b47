import type { ValidateDigits } from '../../detectors/detector.ts';
import type { ColumnPlace, Locator, Segment } from '../model/segment.ts';
import type { CompiledSet } from './compile.ts';
import type { Surroundings } from './context.ts';
import { hashRuns } from './count-kernel.ts';
import type { Counting, Matching } from './counted-values.ts';
import { type NumberGroup, NumberGroups, type Outcome, QUIET } from './number-groups.ts';
import { PATIENCE, type PendingMatches } from './pending-matches.ts';
import { QuietToken } from './quiet-token.ts';

/** So many numbers that somebody asks for in a window make it worth counting the next ones. */
const ENOUGH_NUMBERS = 64;
/** Fewer in a window are handled one by one again. */
const FEW_NUMBERS = 64;
/** How far from a value words are looked for, as in `Surroundings`. */
const REACH = 64;
const LETTERS_FROM = 65;
const DASH = 45;
/** Words of one kept number. */
const FIELDS = 3;

/** Between these a run of digits is a cell or a value by itself, and no other number or mailbox can reach into it. */
const BEFORE = new Uint8Array(256);
const AFTER = new Uint8Array(256);
for (const byte of Buffer.from('\t\n,;|":[')) BEFORE[byte] = 1;
for (const byte of Buffer.from('\t\n\r,;|"}]')) AFTER[byte] = 1;

/**
 * Lone runs of digits, and other numbers that are none without a word, in a window that is full of them: judged at its end from their
 * bytes, without a text or a match of their own, and counted when neither an overlapping match nor the words around could change more than counts.
 */
export class CountedNumbers {
  private readonly checks: CompiledSet['numberChecks'];
  private readonly quiet: CompiledSet['quietRanges'];
  private readonly matching: Matching;
  private readonly key: Buffer;
  private readonly groups: NumberGroups;
  private touched: NumberGroup[] = [];
  private seen = 0;
  private enough = ENOUGH_NUMBERS;
  private isOn = false;
  private isCountable = false;
  private readonly token: QuietToken;
  /** What was kept in this window: start and end in the buffer, and its kind. */
  private kept = new Int32Array(FIELDS * 1024);
  private size = 0;
  /** What is to be counted of it: start and end, and what comes of it. */
  private runs = new Int32Array(2048);
  private readonly found: Outcome[] = [];
  private counted = 0;
  /** Where bytes of at least `LETTERS_FROM` stand: the last before the value asked about last, and the first behind its start. */
  private lastLetter = 0;
  private nextLetter = 0;

  constructor(set: CompiledSet, matching: Matching, counting: Counting) {
    this.checks = set.numberChecks;
    this.quiet = set.quietRanges;
    this.token = new QuietToken(set);
    this.groups = new NumberGroups(set, counting);
    this.matching = matching;
    this.key = counting.key;
  }

  /** Before a window. */
  open(locator: Locator): void {
    this.isCountable = locator.columnAt !== undefined;
    if (!this.isCountable) this.isOn = false;
    this.seen = 0;
    this.size = 0;
  }

  /** Nothing is kept of this window. */
  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Takes a lone run of digits that some detector asks for; false where it has to be handled now. */
  keep(bytes: Buffer, start: number, end: number): boolean {
    if (!this.isOn && !this.see()) return false;
    return (
      this.checks[end - start] !== undefined && isApart(bytes, start, start, end) && this.push(start, end, end - start)
    );
  }

  /**
   * As `keep`, for any number around `at`, which begins at or behind `floor`; one that nobody asks for is passed over. Answers its end, -1
   * where it has to be handled now.
   */
  keepToken(bytes: Buffer, at: number, floor: number): number {
    const { token } = this;
    if (!token.find(bytes, at)) return -1;
    const { start, end, digits } = token;
    const asked = this.quiet[digits];
    if (asked === undefined) return -1;
    if (asked.length === 0) return token.isAlone(bytes, floor) ? end : -1;
    if (!this.isOn && !this.see()) return -1;
    if (!isApart(bytes, bytes[start - 1] === DASH ? start - 1 : start, start, end)) return -1;
    this.push(start, end, QUIET + digits);
    return end;
  }

  private see(): boolean {
    this.isOn = ++this.seen >= this.enough && this.isCountable;
    return this.isOn;
  }

  private push(start: number, end: number, kind: number): true {
    const { size } = this;
    if (size === this.kept.length) this.kept = grown(this.kept);
    this.kept[size] = start;
    this.kept[size + 1] = end;
    this.kept[size + 2] = kind;
    this.size = size + FIELDS;
    return true;
  }

  /** As `CountedValues.settle`, of all that was kept. */
  settle(segment: Segment, surroundings: Surroundings, limit: number, pending: PendingMatches): void {
    const { size, kept } = this;
    if (size < FIELDS * FEW_NUMBERS) {
      this.isOn = false;
      for (let k = 0; k < size; k += FIELDS) this.match(segment, k);
      return;
    }
    const others = pending.spans();
    let other = 0;
    let matched = 0;
    let patience = PATIENCE;
    this.lastLetter = Number.NEGATIVE_INFINITY;
    this.nextLetter = -1;
    this.counted = 0;
    for (let k = 0; k < size; k += FIELDS) {
      const start = segment.base + (kept[k] as number);
      const end = segment.base + (kept[k + 1] as number);
      while (other < others.length && (others[other + 1] as number) <= start) other += 2;
      const isMet = other < others.length && (others[other] as number) < end;
      if (!isMet && end <= limit && this.judge(segment, surroundings, k)) continue;
      this.match(segment, k);
      // Nothing is counted before the first of its kind are evidence; no match to come begins before this one.
      if (++matched < patience) continue;
      pending.settle(Math.min(start, limit));
      patience *= 2;
    }
    this.count(segment);
    // In prose and code there are words around: to keep numbers was in vain.
    if (matched * FIELDS * 2 > size) {
      this.isOn = false;
      this.enough *= 4;
    }
  }

  private match(segment: Segment, k: number): void {
    this.matching.number(segment, this.kept[k] as number, this.groups.askedOf(this.kept[k + 2] as number));
  }

  /** Notes what is to be counted; false when it has to be matched. */
  private judge(segment: Segment, surroundings: Surroundings, k: number): boolean {
    const { bytes, base, locator } = segment;
    const start = this.kept[k] as number;
    const end = this.kept[k + 1] as number;
    const kind = this.kept[k + 2] as number;
    const column = locator.columnAt?.(base + start) as ColumnPlace;
    const group = this.groups.of(column, kind);
    const { validators, outcomes } = group;
    if (kind >= QUIET && validators.length > 0) return false;
    if (this.hasLetters(bytes, start, end)) {
      surroundings.set(bytes, start, end, column);
      if (surroundings.mayHaveWords(group.contexts)) return false;
    }
    if (validators.length === 0) return true;
    let answers = 0;
    for (let i = 0; i < validators.length; i++) {
      const answer = (validators[i] as ValidateDigits)(bytes, start, end);
      if (answer < 0) return false;
      answers = answers * 3 + answer;
    }
    let outcome = outcomes[answers];
    if (outcome === undefined) {
      outcome = this.groups.outcomeOf(segment, group, start, end);
      outcomes[answers] = outcome;
    }
    if (!outcome.isSettled && !this.groups.isSettled(outcome)) return false;
    const { counted } = this;
    if (2 * counted === this.runs.length) this.runs = grown(this.runs);
    this.runs[2 * counted] = start;
    this.runs[2 * counted + 1] = end;
    this.found[counted] = outcome;
    this.counted = counted + 1;
    return true;
  }

  /** Counts what `judge` noted. */
  private count({ bytes, base, locator }: Segment): void {
    const { runs, found, counted } = this;
    hashRuns(this.key, bytes, runs, 2 * counted, (words, from, to) => {
      for (let k = from; k < to; k += 2) {
        const high = words[k - from] as number;
        const low = words[k - from + 1] as number;
        const { group, winners } = found[k >> 1] as Outcome;
        if (group.trialsOf.length > 0) {
          group.trials.add(high, low);
          if (!group.isTouched) {
            group.isTouched = true;
            this.touched.push(group);
          }
        }
        if (winners.length === 0) continue;
        const weight = locator.weight?.(base + (runs[k] as number)) ?? 1;
        for (let i = 0; i < winners.length; i++) {
          const { side } = winners[i] as Outcome['winners'][number];
          side.distinct.add(high, low);
          side.count += weight;
        }
      }
    });
    for (const group of this.touched) {
      for (const trials of group.trialsOf) trials.absorb(group.trials);
      group.isTouched = false;
    }
    this.touched = [];
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
}

/** Whether a number [start, end), with its sign from `from` on, is a value by itself. */
function isApart(bytes: Buffer, from: number, start: number, end: number): boolean {
  if (start === 0 || from === 0 || end >= bytes.length) return false;
  return BEFORE[bytes[from - 1] as number] === 1 && AFTER[bytes[end] as number] === 1;
}

function grown(old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * old.length);
  larger.set(old);
  return larger;
}
