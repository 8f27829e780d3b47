import type { Match } from './placed-match.ts';

/** While values are counted: matches after which those so far are made evidence, then twice as many. */
export const PATIENCE = 32;

/** Matches of one stream that a later one may still overlap. */
export class PendingMatches {
  private pending: Match[] = [];
  private readonly hand: (match: Match) => void;

  /** `hand` is given the matches that won, in stream order. */
  constructor(hand: (match: Match) => void) {
    this.hand = hand;
  }

  add(match: Match): void {
    this.pending.push(match);
  }

  each(visit: (start: number, end: number) => void): void {
    for (const { start, end } of this.pending) visit(start, end);
  }

  /** Starts and ends, ascending by start. */
  spans(): Float64Array {
    const spans = this.pending.map(({ start, end }) => [start, end] as const);
    return Float64Array.from(spans.sort((a, b) => a[0] - b[0]).flat());
  }

  /** Looks up where they are: later nobody may know. */
  place(): void {
    for (const match of this.pending) void match.location;
  }

  clear(): void {
    this.pending = [];
  }

  /** Hands over every match that no later one can overlap: those that end at or before `limit`. */
  settle(limit: number): void {
    const { pending } = this;
    if (pending.length === 0) return;
    if (isInOrder(pending)) {
      const count = pending.length;
      let done = 0;
      while (done < count && (pending[done] as Match).end <= limit) this.hand(pending[done++] as Match);
      if (done > 0) this.pending = pending.slice(done);
      return;
    }
    pending.sort(byPlace);
    let from = 0;
    while (from < pending.length) {
      let reach = (pending[from] as Match).end;
      let next = from + 1;
      while (next < pending.length && (pending[next] as Match).start < reach) {
        reach = Math.max(reach, (pending[next] as Match).end);
        next++;
      }
      if (reach > limit) break;
      this.settleGroup(pending.slice(from, next));
      from = next;
    }
    this.pending = from === 0 ? pending : pending.slice(from);
  }

  /** One span, one finding: the likeliest match wins, then the longest; what it overlaps becomes an alternative. */
  private settleGroup(group: Match[]): void {
    if (group.length === 1) {
      this.hand(group[0] as Match);
      return;
    }
    const winners: Match[] = [];
    for (const match of [...group].sort(byRank)) {
      const over = winners.find((winner) => winner.start < match.end && match.start < winner.end);
      if (over === undefined) {
        winners.push(match);
        continue;
      }
      const name = nameOf(match);
      if (name !== nameOf(over) && !over.alternatives.includes(name)) over.alternatives.push(name);
      // Two readings of one number that cannot be told apart here: the column test decides between them.
      if (match.bits < LIKELY_BITS && over.bits < LIKELY_BITS && match.verdict.suppressed === undefined)
        winners.push(match);
    }
    for (const winner of winners.sort(byPlace)) this.hand(winner);
  }
}

/** log2 odds of P = 0.6. */
export const LIKELY_BITS = Math.log2(0.6 / 0.4);

/** Issuer or entity. */
function nameOf({ detector: { detector }, verdict }: Match): string {
  return verdict.issuer ?? detector.issuer ?? detector.entity ?? '';
}

/** Ascending and apart from each other: what tables mostly give. */
function isInOrder(matches: readonly Match[]): boolean {
  for (let k = 1; k < matches.length; k++) {
    if ((matches[k] as Match).start < (matches[k - 1] as Match).end) return false;
  }
  return true;
}

function byPlace(a: Match, b: Match): number {
  return a.start - b.start || a.end - b.end || a.detector.index - b.detector.index;
}

function byRank(a: Match, b: Match): number {
  return (
    b.bits - a.bits || b.end - b.start - (a.end - a.start) || a.start - b.start || a.detector.index - b.detector.index
  );
}
