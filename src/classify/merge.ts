import type { ColumnEvidence, MatchTally, ObjectScan, ValueEvidence } from '../model/finding.ts';
import { type Outcome, outcomeClass } from '../model/outcome.ts';
import type { Location } from '../model/segment.ts';
import { mergeSketches } from './distinct.ts';

/** What a task found in its part of an object; `rowBase` is the number of records before that part. */
export interface ScanPart {
  scan: ObjectScan;
  rowBase: number;
}

/**
 * The scan of a whole object from those of its parts, given in the order of the object. Associative: parts may be merged
 * in groups, each group standing at the row base of its first part with rows counted from there. Throws `RangeError` for no parts.
 */
export function mergeScans(parts: readonly ScanPart[], maxLocations: number): ObjectScan {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('mergeScans: no parts');
  const base = first.rowBase;
  const merged = shiftScan(first.scan, 0, maxLocations);
  for (const { scan, rowBase } of rest) addScan(merged, shiftScan(scan, rowBase - base, maxLocations), maxLocations);
  return merged;
}

function addScan(into: ObjectScan, from: ObjectScan, maxLocations: number): void {
  into.outcome = worseOutcome(into.outcome, from.outcome);
  if (into.format === '') into.format = from.format;
  into.bytesRead += from.bytesRead;
  into.bytesScanned += from.bytesScanned;
  into.records += from.records;
  into.values = mergeBy([...into.values, ...from.values], valueKey, (a, b) => mergeValues(a, b, maxLocations));
  into.columns = mergeBy([...into.columns, ...from.columns], columnKey, (a, b) => mergeColumns(a, b, maxLocations));
  into.suppressed = addCounts(into.suppressed, from.suppressed);
  into.notes = addCounts(into.notes, from.notes);
}

export function mergeValues(a: ValueEvidence, b: ValueEvidence, maxLocations: number): ValueEvidence {
  const best = b.probability > a.probability ? b : a;
  return {
    ...a,
    masked: best.masked,
    checks: best.checks,
    probability: best.probability,
    severity: best.severity,
    count: a.count + b.count,
    alternatives: union(a.alternatives, b.alternatives),
    locations: [...a.locations, ...b.locations].slice(0, maxLocations),
  };
}

export function mergeColumns(a: ColumnEvidence, b: ColumnEvidence, maxLocations: number): ColumnEvidence {
  return {
    ...a,
    strong: mergeTallies(a.strong, b.strong, maxLocations),
    weak: mergeTallies(a.weak, b.weak, maxLocations),
    trials: mergeSketches(a.trials, b.trials),
    alternatives: union(a.alternatives, b.alternatives),
  };
}

export function mergeTallies(a: MatchTally, b: MatchTally, maxLocations: number): MatchTally {
  // A tie goes to the earlier part, so that the answer does not depend on how parts were grouped.
  const best = b.probability > a.probability ? b : a;
  return {
    count: a.count + b.count,
    distinct: mergeSketches(a.distinct, b.distinct),
    probability: best.probability,
    masked: best.masked,
    checks: best.checks,
    locations: [...a.locations, ...b.locations].slice(0, maxLocations),
  };
}

const SEVERITY_OF_CLASS = { complete: 0, skipped: 1, partial: 2, failed: 3 } as const;

/** One failed part fails the object, one incomplete part makes it partial; the first of equals gives the reason. */
function worseOutcome(a: Outcome, b: Outcome): Outcome {
  return SEVERITY_OF_CLASS[outcomeClass(b)] > SEVERITY_OF_CLASS[outcomeClass(a)] ? b : a;
}

function shiftScan(scan: ObjectScan, rows: number, maxLocations: number): ObjectScan {
  const shift = (locations: Location[]): Location[] =>
    locations
      .slice(0, maxLocations)
      .map((place) => (rows === 0 || place.row === undefined ? place : { ...place, row: place.row + rows }));
  const tally = (matches: MatchTally): MatchTally => ({ ...matches, locations: shift(matches.locations) });
  return {
    ...scan,
    values: scan.values.map((value) => ({ ...value, locations: shift(value.locations) })),
    columns: scan.columns.map((column) => ({ ...column, strong: tally(column.strong), weak: tally(column.weak) })),
  };
}

function valueKey({ fingerprint }: ValueEvidence): string {
  return fingerprint;
}

function columnKey({ detector, column }: ColumnEvidence): string {
  return JSON.stringify([detector, column]);
}

function mergeBy<T>(items: readonly T[], keyOf: (item: T) => string, merge: (a: T, b: T) => T): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? item : merge(known, item));
  }
  return [...byKey.values()];
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}

function addCounts(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
