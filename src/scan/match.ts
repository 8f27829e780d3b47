import type { Verdict } from '../../detectors/detector.ts';
import type { ColumnPlace, Segment } from '../model/segment.ts';
import { ColumnCounting } from './column-counting.ts';
import type { CompiledDetector, CompiledSet } from './compile.ts';
import { Surroundings } from './context.ts';
import type { Counting, Matching } from './counted-values.ts';
import { isLeftEdge, isRightEdge, runEnd, runStart } from './edges.ts';
import { MatchEnds } from './match-ends.ts';
import { isAskedFor, isLoneRun, NumberToken } from './number-token.ts';
import { PendingMatches } from './pending-matches.ts';
import { type Match, PlacedMatch } from './placed-match.ts';
import type { TextTrigger } from './triggers.ts';
import type { ValuePattern } from './value-pattern.ts';

export interface MatchSink {
  /** A match that won over those it overlaps, in stream order. */
  match(match: Match): void;
  /** A shape match of a personal-data detector, whatever its validator said: what the column test counts. */
  trial(detector: CompiledDetector, text: string, column: ColumnPlace): void;
  /** Absent: every match is given whole. */
  counting?: Counting;
}

/** A trigger that may stand inside its match looks back this far at most (bytes). */
export const MAX_LOOK_BACK = 512;
const NO_CHECKS: Verdict = { checks: [] };
const NO_GROUPS: Readonly<Record<string, string | undefined>> = Object.freeze({});

/**
 * Finds matches in one stream of windows. A trigger is handled in the one window that owns it and everything it decides
 * lies within the contexts of that window, so the answer does not depend on where the stream was cut.
 */
export class StreamMatcher {
  private readonly set: CompiledSet;
  private readonly sink: MatchSink;
  private readonly token = new NumberToken();
  private readonly surroundings = new Surroundings();
  private readonly span = { start: 0, end: 0 };
  private readonly run = { start: 0, end: 0 };
  /** Stream offset up to which numbers were handled. */
  private numbersDone = 0;
  private readonly ends: MatchEnds;
  private readonly pending: PendingMatches;
  private valueStart = -1;
  private valueEnd = -1;
  private value = '';
  private column: ColumnPlace | null = null;
  private readonly counting: ColumnCounting | null;
  private isCounting = false;

  constructor(set: CompiledSet, sink: MatchSink) {
    this.set = set;
    this.sink = sink;
    this.ends = new MatchEnds(set);
    this.pending = new PendingMatches((match) => sink.match(match));
    this.counting = sink.counting === undefined ? null : new ColumnCounting(set, sink.counting, this.matching);
  }

  readonly scan = (segment: Segment): void => {
    const { bytes, base, from, to } = segment;
    if (base + from === 0) this.reset();
    this.valueStart = -1;
    this.ends.open();
    this.isCounting = this.counting?.open(segment.locator) === true;
    this.set.pass.run(bytes, from, to, base === 0, (at, output) => this.onTriggers(segment, output, at));
    const runs = this.set.issuers?.table.runs;
    runs?.each(bytes, from, to, (start, end, hint) => this.onRun(segment, start, end, hint));
    const limit = segment.last ? Number.POSITIVE_INFINITY : base + to - MAX_LOOK_BACK;
    this.counting?.settle(segment, limit, this.pending);
    this.pending.settle(limit);
    this.pending.place();
  };

  private readonly matching: Matching = {
    ask: (segment, id, place) => {
      this.ends.isLate = true;
      this.onTrigger(segment, id, place);
      this.ends.isLate = false;
    },
    match: (segment, compiled, start, end) => {
      this.ends.apart([compiled], () => this.onValue(segment, compiled, start, end, NO_GROUPS));
    },
    number: (segment, start, asked) => {
      const done = this.numbersDone;
      this.numbersDone = segment.base + start;
      this.ends.apart(asked, () => this.onToken(segment, start));
      this.numbersDone = done;
    },
    claim: ({ base }, { index }, start, end, isNumber) => {
      if (this.ends.has(index, base + start) || (isNumber && base + start < this.numbersDone)) return false;
      this.ends.add(index, base + start, base + end);
      if (isNumber) this.numbersDone = base + end;
      return true;
    },
  };

  private reset(): void {
    this.numbersDone = 0;
    this.ends.reset();
    this.pending.clear();
  }

  private onTriggers(segment: Segment, output: number, at: number): void {
    const { automaton, isNumberOutput } = this.set;
    const ids = automaton.outputs[output] as Int32Array;
    const isNumber = isNumberOutput[output] === 1;
    if (isNumber && segment.base + at < this.numbersDone) return;
    // Whichever shape it has, it is one number.
    const count = isNumber ? 1 : ids.length;
    for (let k = 0; k < count; k++) {
      const id = ids[k] as number;
      const counted = this.isCounting ? this.counting?.byTrigger(id) : undefined;
      if (counted?.isKeeping === true) counted.keep(at, id);
      else this.onTrigger(segment, id, at);
    }
  }

  private onTrigger(segment: Segment, id: number, at: number): void {
    const { table, triggers } = this.set;
    if (table.isNumber(id)) {
      this.onNumber(segment, at);
      return;
    }
    const start = table.confirm(id, segment.bytes, at);
    if (start < 0) return;
    const trigger = triggers[id] as TextTrigger;
    this.onText(segment, trigger, start, start + trigger.sets.length);
  }

  protected onText(segment: Segment, trigger: TextTrigger, start: number, end: number): void {
    const index = trigger.detector;
    const compiled = this.set.detectors[index] as CompiledDetector;
    const { bytes, base } = segment;
    const done = this.ends.of(index) - base;
    if (start < done) return;
    const { pattern } = compiled;
    if (pattern === null) {
      this.onValue(segment, compiled, start, end, NO_GROUPS);
      return;
    }
    const { maxLength } = compiled.detector;
    if (!trigger.inside) {
      // Most triggers in prose stand in the middle of a word: look before asking the pattern.
      if (!pattern.hasValueGroup && !isLeftEdge(bytes, start, compiled.left)) return;
      if (pattern.matchAt(bytes, start, start + maxLength)) this.onFound(segment, compiled, pattern);
      return;
    }
    let from = Math.max(0, start - Math.min(maxLength, MAX_LOOK_BACK), done);
    let limit = Math.min(bytes.length, start + maxLength);
    if (trigger.run !== null) {
      from = runStart(bytes, start, from, trigger.run);
      limit = runEnd(bytes, end, limit, trigger.run);
    }
    const { find } = compiled.detector;
    if (find !== undefined) {
      const { span } = this;
      if (find(bytes, start, from, limit, span)) this.onValue(segment, compiled, span.start, span.end, NO_GROUPS);
      return;
    }
    while (from <= start && pattern.find(bytes, from, limit) && pattern.start <= start) {
      if (pattern.end >= end) {
        this.onFound(segment, compiled, pattern);
        return;
      }
      from = Math.max(pattern.end, pattern.start + 1);
    }
  }

  private onFound(segment: Segment, compiled: CompiledDetector, found: ValuePattern): void {
    this.onValue(segment, compiled, found.valueStart, found.valueEnd, found.groups, found.start);
  }

  protected onNumber(segment: Segment, at: number): void {
    const { bytes, base } = segment;
    if (base + at < this.numbersDone) return;
    const { run } = this;
    if (isLoneRun(bytes, at, run)) {
      if (!isAskedFor(run.end - run.start, this.set.runLengths)) return;
      if (this.counting?.numbers.keep(bytes, run.start, run.end) === true) {
        this.numbersDone = base + run.end;
        return;
      }
    } else {
      const end = this.counting?.numbers.keepToken(bytes, at, this.numbersDone - base) ?? -1;
      if (end >= 0) {
        this.numbersDone = base + end;
        return;
      }
    }
    this.onToken(segment, at);
  }

  private onToken(segment: Segment, at: number): void {
    const { bytes, base } = segment;
    const { token } = this;
    token.parse(bytes, at, Math.max(0, this.numbersDone - base));
    if (token.groups === 0) return;
    this.numbersDone = base + token.end;
    const { templates, ranges, detectors } = this.set;
    for (let g = 0; g < token.groups; g++) {
      const groupStart = token.groupStart[g] as number;
      const size = (token.groupEnd[g] as number) - groupStart;
      this.onTemplates(segment, templates[size], g);
      if (size <= 3) this.onTemplates(segment, templates[0], g);
    }
    for (const range of ranges) {
      if (token.digits < range.min || token.digits > range.max) continue;
      if (range.needsSeparator && !token.hasSeparator) continue;
      const compiled = detectors[range.detector] as CompiledDetector;
      const { pattern } = compiled;
      if (pattern === null) this.onValue(segment, compiled, token.start, token.end, NO_GROUPS);
      else if (pattern.find(bytes, token.start, token.end)) this.onFound(segment, compiled, pattern);
    }
  }

  private onTemplates(segment: Segment, rules: CompiledSet['templates'][number] | undefined, g: number): void {
    if (rules === undefined) return;
    const { token } = this;
    for (const { detector, template } of rules) {
      if (!token.matches(template, segment.bytes, g)) continue;
      const compiled = this.set.detectors[detector] as CompiledDetector;
      const start = token.groupStart[g] as number;
      const end = token.groupEnd[g + template.lengths.length - 1] as number;
      this.onValue(segment, compiled, start, end, NO_GROUPS);
    }
  }

  protected onRun(segment: Segment, start: number, end: number, hint: number): void {
    const { issuers } = this.set;
    const found = issuers?.table.match(segment.bytes, start, end, hint) ?? null;
    if (issuers === null || found === null) return;
    const { issuer, context, severity, seen } = found.row;
    this.onValue(segment, issuers.detector, found.start, found.end, {
      issuer,
      context,
      severity,
      place: found.place ?? '',
      prefix: String(found.prefixLength),
      seen: String(seen),
    });
  }

  protected onValue(
    segment: Segment,
    compiled: CompiledDetector,
    start: number,
    end: number,
    groups: Readonly<Record<string, string | undefined>>,
    matchStart = start,
  ): void {
    const { bytes, base, locator } = segment;
    if (this.ends.has(compiled.index, base + matchStart)) return;
    if (!isLeftEdge(bytes, start, compiled.left) || !isRightEdge(bytes, end, compiled.right)) return;
    const { detector } = compiled;
    if (compiled.needsContext && this.lacksContext(segment, compiled, start, end)) return;
    this.look(segment, start, end);
    const { value } = this;
    const verdict = detector.validate === undefined ? NO_CHECKS : detector.validate(value, groups);
    const isTrial = compiled.isTestable && verdict?.suppressed === undefined;
    if (verdict === null && !isTrial) return;
    const column = this.columnOf(segment);
    if (isTrial) this.sink.trial(compiled, verdict?.normalized ?? value, column);
    if (verdict === null) return;
    this.surroundings.set(bytes, start, end, column);
    const context = this.surroundings.bits(compiled.context);
    if (context === null) return;
    this.ends.add(compiled.index, base + matchStart, base + end);
    if (detector.counter !== undefined && this.counting?.see(compiled.index) === true) this.isCounting = true;
    const bits = detector.bits + (verdict.bits ?? 0) + context;
    this.pending.add(new PlacedMatch(compiled, base + start, base + end, value, verdict, bits, column, locator));
  }

  /** Most numbers that have no word beside them need not even be made a string. False where to look would cost more. */
  private lacksContext(
    { bytes, base, locator }: Segment,
    { context }: CompiledDetector,
    start: number,
    end: number,
  ): boolean {
    if (locator.columnAt === undefined) return false;
    this.surroundings.set(bytes, start, end, locator.columnAt(base + start));
    return this.surroundings.bits(context) === null;
  }

  /** Several detectors ask for the same span: its text and column are found once. */
  private look({ bytes, base }: Segment, start: number, end: number): void {
    if (this.valueStart === base + start && this.valueEnd === base + end) return;
    this.valueStart = base + start;
    this.valueEnd = base + end;
    this.value = bytes.toString('utf8', start, end);
    this.column = null;
  }

  private columnOf({ locator }: Segment): ColumnPlace {
    const { valueStart, valueEnd } = this;
    this.column ??= locator.columnAt?.(valueStart) ?? locator.locate(valueStart, valueEnd - valueStart);
    return this.column;
  }
}
