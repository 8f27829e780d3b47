import type { ValidateDigits } from '../../detectors/detector.ts';
import { DistinctCounter } from '../classify/distinct.ts';
import type { ColumnPlace, Segment } from '../model/segment.ts';
import type { CompiledDetector, CompiledSet } from './compile.ts';
import { bitsOfColumn, type CompiledContext } from './context.ts';
import type { CountedSide, Counting } from './counted-values.ts';
import { PendingMatches } from './pending-matches.ts';
import { type Match, PlacedMatch } from './placed-match.ts';

/** Columns kept apart: pages of a file have new ones again and again. */
const MAX_GROUPS = 1024;
/** Kinds are the length of a lone run, or from here on the number of digits of a number with separators. */
export const QUIET = 32;

/** Numbers of one kind in one column: who is asked about them, and what comes of each set of answers. */
export interface NumberGroup {
  column: ColumnPlace;
  checks: CompiledDetector[];
  /** Of them, in their order. */
  validators: ValidateDigits[];
  /** Of those who would be asked if there were words. */
  contexts: CompiledContext[];
  columnBits: Int32Array;
  /** What each distinct one is a trial of. */
  trialsOf: DistinctCounter[];
  trials: DistinctCounter;
  isTouched: boolean;
  /** By their answers, the first as the highest digit to the base of 3. */
  outcomes: (Outcome | undefined)[];
}
export interface Outcome {
  group: NumberGroup;
  winners: { side: CountedSide; match: Match }[];
  /** Whether another value with it adds to counts alone. */
  isSettled: boolean;
}

const leave: ValidateDigits = () => -1;

/** What becomes of the numbers of an object, by column and kind: settled once for each set of answers of those who are asked. */
export class NumberGroups {
  private readonly set: CompiledSet;
  private readonly counting: Counting;
  private readonly groups = new Map<ColumnPlace, (NumberGroup | undefined)[]>();
  /** The last one of each kind. */
  private readonly recent: (NumberGroup | undefined)[] = new Array(QUIET).fill(undefined);

  constructor(set: CompiledSet, counting: Counting) {
    this.set = set;
    this.counting = counting;
  }

  /** Who asks for numbers of a kind. */
  askedOf(kind: number): readonly CompiledDetector[] {
    const { numberChecks, quietRanges } = this.set;
    return (kind < QUIET ? numberChecks[kind] : quietRanges[kind - QUIET]) ?? [];
  }

  /** The group of numbers of a kind in a column. */
  of(column: ColumnPlace, kind: number): NumberGroup {
    const recent = this.recent[kind];
    if (recent !== undefined && recent.column === column) return recent;
    let byKind = this.groups.get(column);
    if (byKind === undefined) {
      if (this.groups.size >= MAX_GROUPS) this.groups.clear();
      byKind = [];
      this.groups.set(column, byKind);
    }
    let group = byKind[kind];
    if (group === undefined) {
      group = this.newGroup(column, kind);
      byKind[kind] = group;
    }
    this.recent[kind] = group;
    return group;
  }

  private newGroup(column: ColumnPlace, kind: number): NumberGroup {
    const bitsOf = ({ context }: CompiledDetector): number => (context === null ? 0 : bitsOfColumn(context, column));
    const asked = this.askedOf(kind);
    // Without words, one that needs context has only the name of the column.
    const checks = asked.filter((detector) => detector.context?.required !== true || bitsOf(detector) > 0);
    const tested = checks.filter(({ isTestable }) => isTestable);
    return {
      column,
      checks,
      validators: checks.map(({ detector }) => detector.validateDigits ?? leave),
      contexts: asked.flatMap(({ context }) => context ?? []),
      columnBits: Int32Array.from(checks, bitsOf),
      trialsOf: tested.map((detector) => this.counting.trialsOf(detector, column)),
      trials: new DistinctCounter(),
      isTouched: false,
      outcomes: new Array(3 ** checks.length).fill(undefined),
    };
  }

  /** What matching the value at [start, end) gives. */
  outcomeOf(segment: Segment, group: NumberGroup, start: number, end: number): Outcome {
    const { column } = group;
    const value = segment.bytes.toString('latin1', start, end);
    const won: Match[] = [];
    const pending = new PendingMatches((match) => won.push(match));
    group.checks.forEach((compiled, k) => {
      const { detector } = compiled;
      const verdict = detector.validate?.(value, {}) ?? null;
      if (verdict === null) return;
      const bits = detector.bits + (verdict.bits ?? 0) + (group.columnBits[k] as number);
      pending.add(new PlacedMatch(compiled, start, end, value, verdict, bits, column, segment.locator));
    });
    pending.settle(Number.POSITIVE_INFINITY);
    const winners = won.map((match) => ({ side: this.counting.sideOf(match), match }));
    return { group, winners, isSettled: winners.length === 0 };
  }

  isSettled(outcome: Outcome): boolean {
    outcome.isSettled = outcome.winners.every(({ match }) => this.counting.isFull(match));
    return outcome.isSettled;
  }
}
