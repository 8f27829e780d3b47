import { DistinctCounter } from '../classify/distinct.ts';
import type { ColumnEvidence, MatchTally, ValueEvidence } from '../model/finding.ts';
import type { ColumnPlace, Location } from '../model/segment.ts';
import type { CompiledDetector } from './compile.ts';
import type { Counting } from './counted-values.ts';
import type { MatchSink } from './match.ts';
import { LIKELY_BITS } from './pending-matches.ts';
import type { Match } from './placed-match.ts';
import { type Fingerprinter, identity, mask } from './redact.ts';
import { SketchHash } from './sketch-hash.ts';

/** Distinct values of one object that are kept apart; more are counted under `values-over-limit`. */
const MAX_VALUES = 10_000;
/** Columns of one object that are kept apart for one entity. */
const MAX_COLUMNS = 10_000;
const MAX_NAMES = 4096;

interface ColumnTally {
  detector: CompiledDetector;
  column: string | null;
  strong: RunningTally;
  weak: RunningTally;
  trials: DistinctCounter;
  alternatives: Set<string>;
}

/**
 * Collects the matches of one object as evidence: counts exact, places bounded, every string masked. The raw value of a
 * match dies here.
 */
export class EvidenceCollector implements MatchSink {
  readonly suppressed: Record<string, number> = {};
  readonly notes: Record<string, number> = {};
  private readonly values = new Map<string, ValueEvidence>();
  private readonly tallies: ColumnTally[] = [];
  /** By detector and column. */
  private readonly columns: Map<string | null, ColumnTally>[] = [];
  /** By detector: the tally asked for last and its column, since a table asks for the same few again and again. */
  private readonly recent: { place: ColumnPlace; tally: ColumnTally }[] = [];
  private readonly names = new Map<string, string>();
  private readonly fingerprinter: Fingerprinter;
  private readonly sketch: SketchHash;
  readonly counting: Counting;
  private readonly maskName: (text: string) => string;
  private readonly maxLocations: number;

  /** `maskName` masks what the detectors find in a name (column, pointer, member). */
  constructor(fingerprinter: Fingerprinter, maskName: (text: string) => string, maxLocations: number) {
    this.fingerprinter = fingerprinter;
    this.sketch = new SketchHash(fingerprinter.sketchKey());
    this.maskName = maskName;
    this.maxLocations = maxLocations;
    this.counting = {
      key: this.sketch.key,
      count: this.count,
      sideOf: (match) => sideFor(this.tallyOf(match.detector, match.column), match.bits),
      isFull: this.isFull,
      trialsOf: (detector, column) => this.tallyOf(detector, column).trials,
    };
  }

  match(match: Match): void {
    const { suppressed } = match.verdict;
    if (suppressed !== undefined) {
      count(this.suppressed, suppressed, match.weight);
    } else if (match.detector.detector.entity !== undefined) {
      this.addPersonal(match);
    } else if (match.bits < LIKELY_BITS) {
      count(this.suppressed, 'low-confidence', match.weight);
    } else {
      this.addValue(match);
    }
  }

  trial(detector: CompiledDetector, text: string, column: ColumnPlace): void {
    const tally = this.tallyOf(detector, column);
    this.sketch.update(text);
    tally.trials.add(this.sketch.high, this.sketch.low);
  }

  private readonly count: Counting['count'] = (detector, column, isValue, bits, high, low, weight) => {
    const tally = this.tallyOf(detector, column);
    if (isValue) {
      const side = sideFor(tally, bits);
      if (side.locations.length < this.maxLocations || side.isLessThan(bits)) return false;
      side.distinct.add(high, low);
      side.count += weight;
    }
    if (detector.isTestable) tally.trials.add(high, low);
    return true;
  };

  private readonly isFull: Counting['isFull'] = ({ detector, column, bits, alternatives }) => {
    const tally = this.tallyOf(detector, column);
    const side = sideFor(tally, bits);
    if (side.locations.length < this.maxLocations || side.isLessThan(bits)) return false;
    return side.masked !== '' && alternatives.every((name) => tally.alternatives.has(name));
  };

  /** Whether distinct values had to be left out. */
  get isOverfull(): boolean {
    return (this.notes['values-over-limit'] ?? 0) > 0;
  }

  finish(): { values: ValueEvidence[]; columns: ColumnEvidence[] } {
    const columns: ColumnEvidence[] = [];
    for (const tally of this.tallies) {
      if (tally.strong.count + tally.weak.count === 0) continue;
      columns.push({
        detector: tally.detector.detector.id,
        entity: tally.detector.detector.entity as string,
        column: tally.column,
        strong: tally.strong.finish(),
        weak: tally.weak.finish(),
        trials: tally.trials.toSketch(),
        alternatives: [...tally.alternatives].sort(),
      });
    }
    return { values: [...this.values.values()], columns };
  }

  private addValue(match: Match): void {
    const { detector } = match.detector;
    const [issuer, value] = identity(match);
    const fingerprint = this.fingerprinter.fingerprint(issuer, value);
    let evidence = this.values.get(fingerprint);
    if (evidence === undefined) {
      if (this.values.size >= MAX_VALUES) {
        count(this.notes, 'values-over-limit', match.weight);
        return;
      }
      evidence = {
        detector: detector.id,
        issuer,
        fingerprint,
        masked: mask(match.value),
        probability: 0,
        checks: match.verdict.checks,
        severity: match.verdict.severity ?? detector.severity,
        count: 0,
        alternatives: [],
        locations: [],
      };
      this.values.set(fingerprint, evidence);
    }
    const probability = probabilityOf(match.bits);
    if (probability > evidence.probability) {
      evidence.probability = probability;
      evidence.checks = match.verdict.checks;
    }
    evidence.count += match.weight;
    for (const name of match.alternatives) if (!evidence.alternatives.includes(name)) evidence.alternatives.push(name);
    if (evidence.locations.length < this.maxLocations) evidence.locations.push(this.shown(match.location));
  }

  private addPersonal(match: Match): void {
    const tally = this.tallyOf(match.detector, match.column);
    const [, value] = identity(match);
    this.sketch.update(value);
    const side = sideFor(tally, match.bits);
    side.distinct.add(this.sketch.high, this.sketch.low);
    side.count += match.weight;
    if (side.masked === '' || match.bits > side.bits) side.best(match);
    for (const name of match.alternatives) tally.alternatives.add(name);
    if (side.locations.length < this.maxLocations) side.locations.push(this.shown(match.location));
  }

  private tallyOf(detector: CompiledDetector, place: ColumnPlace): ColumnTally {
    const recent = this.recent[detector.index];
    if (recent !== undefined && recent.place === place) return recent.tally;
    const { column, pointer } = place;
    const tally = this.findTally(detector, column ?? (pointer === undefined ? null : this.nameOf(pointer)));
    if (recent === undefined) this.recent[detector.index] = { place, tally };
    else {
      recent.place = place;
      recent.tally = tally;
    }
    return tally;
  }

  private nameOf(pointer: string): string {
    let name = this.names.get(pointer);
    if (name === undefined) {
      name = withoutIndexes(pointer);
      if (this.names.size >= MAX_NAMES) this.names.clear();
      this.names.set(pointer, name);
    }
    return name;
  }

  private findTally(detector: CompiledDetector, raw: string | null): ColumnTally {
    let columns = this.columns[detector.index];
    if (columns === undefined) {
      columns = new Map();
      this.columns[detector.index] = columns;
    }
    let tally = columns.get(raw);
    if (tally === undefined) {
      // Keys of a map that is keyed by people have no end: beyond the limit they are judged together, and none is lost.
      if (raw !== null && this.tallies.length >= MAX_COLUMNS) return this.findTally(detector, null);
      tally = {
        detector,
        column: raw === null ? null : this.maskName(raw),
        strong: new RunningTally(),
        weak: new RunningTally(),
        trials: new DistinctCounter(),
        alternatives: new Set(),
      };
      columns.set(raw, tally);
      this.tallies.push(tally);
    }
    return tally;
  }

  private shown(location: Location): Location {
    const { column, pointer, member } = location;
    return {
      ...location,
      ...(column === undefined ? {} : { column: this.maskName(column) }),
      ...(pointer === undefined ? {} : { pointer: this.maskName(pointer) }),
      ...(member === undefined ? {} : { member: this.maskName(member) }),
    };
  }
}

function sideFor({ strong, weak }: ColumnTally, bits: number): RunningTally {
  return bits < LIKELY_BITS ? weak : strong;
}

class RunningTally {
  count = 0;
  probability = 0;
  masked = '';
  checks: { name: string; passed: boolean }[] = [];
  readonly locations: Location[] = [];
  readonly distinct = new DistinctCounter();
  bits = Number.NEGATIVE_INFINITY;

  isLessThan(bits: number): boolean {
    return bits > this.bits && probabilityOf(bits) > this.probability;
  }

  /** Takes a match that is likelier than those before it. */
  best({ bits, value, verdict }: Match): void {
    this.bits = bits;
    const probability = probabilityOf(bits);
    if (this.masked !== '' && probability <= this.probability) return;
    this.masked = mask(value);
    this.probability = probability;
    this.checks = verdict.checks;
  }

  finish(): MatchTally {
    const { count: total, probability, masked, checks, locations } = this;
    return { count: total, distinct: this.distinct.toSketch(), probability, masked, checks, locations };
  }
}

/** P = 1 / (1 + 2^-bits), to four digits so that every platform writes the same report. */
export function probabilityOf(bits: number): number {
  return Math.round(10_000 / (1 + 2 ** -bits)) / 10_000;
}

/** `/messages/0/content` and `/messages/7/content` are one column. */
function withoutIndexes(pointer: string): string {
  if (!pointer.includes('/')) return pointer;
  return pointer
    .split('/')
    .map((key) => (key !== '' && Number.isInteger(Number(key)) ? '*' : key))
    .join('/');
}

function count(into: Record<string, number>, reason: string, by: number): void {
  into[reason] = (into[reason] ?? 0) + by;
}
