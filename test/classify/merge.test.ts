import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeScans, type ScanPart } from '../../src/classify/merge.ts';
import type { ColumnEvidence, MatchTally, ObjectScan, ValueEvidence } from '../../src/model/finding.ts';

const hash = fc.nat(40).map((n) => n.toString(16).padStart(16, '0'));
const place = fc.record({ row: fc.nat(9), byteOffset: fc.nat(1000) });
const probability = fc.constantFrom(0.3, 0.7, 0.99);
const tally: fc.Arbitrary<MatchTally> = fc
  .record({
    distinct: fc.uniqueArray(hash, { maxLength: 5 }),
    probability,
    locations: fc.array(place, { maxLength: 4 }),
  })
  .map(({ distinct, probability: p, locations }) => ({
    count: distinct.length,
    distinct: { exact: distinct.sort() },
    probability: p,
    masked: `m${p}${distinct[0] ?? ''}`,
    checks: [],
    locations,
  }));
const column: fc.Arbitrary<ColumnEvidence> = fc.record({
  detector: fc.constantFrom('us-ssn', 'email-address'),
  entity: fc.constant('X'),
  column: fc.constantFrom(null, 'a', 'b'),
  strong: tally,
  weak: tally,
  trials: fc.uniqueArray(hash, { maxLength: 5 }).map((exact) => ({ exact: exact.sort() })),
  alternatives: fc.uniqueArray(fc.constantFrom('P', 'Q'), { maxLength: 2 }).map((list) => list.sort()),
});
const value: fc.Arbitrary<ValueEvidence> = fc.record({
  detector: fc.constant('k'),
  issuer: fc.constant('aws'),
  fingerprint: fc.constantFrom('v1:a', 'v1:b', 'v1:c'),
  masked: fc.constantFrom('x…', 'y…'),
  probability,
  checks: fc.constant([]),
  severity: fc.constantFrom('low' as const, 'high' as const),
  count: fc.nat(5),
  alternatives: fc.constant([]),
  locations: fc.array(place, { maxLength: 4 }),
});
const scan: fc.Arbitrary<ObjectScan> = fc.record({
  outcome: fc.constantFrom(
    'complete' as const,
    'partial:corrupt' as const,
    'failed:network' as const,
    'partial:truncated' as const,
  ),
  format: fc.constantFrom('jsonl', ''),
  bytesRead: fc.nat(100),
  bytesScanned: fc.nat(100),
  records: fc.nat(20),
  values: fc.uniqueArray(value, { maxLength: 3, selector: (each) => each.fingerprint }),
  columns: fc.uniqueArray(column, { maxLength: 4, selector: (each) => `${each.detector} ${each.column}` }),
  suppressed: fc.dictionary(fc.constantFrom('placeholder', 'low-confidence'), fc.nat(9)),
  shownKey: fc.constant('k'),
  notes: fc.dictionary(fc.constantFrom('crc-mismatch'), fc.nat(9)),
});

/** Parts with the row base each has when they follow one another. */
function inOrder(scans: ObjectScan[]): ScanPart[] {
  let rowBase = 0;
  return scans.map((each) => {
    const part = { scan: each, rowBase };
    rowBase += each.records;
    return part;
  });
}

test('parts may be merged in any grouping', () => {
  fc.assert(
    fc.property(fc.array(scan, { minLength: 3, maxLength: 5 }), fc.nat(3), (scans, cut) => {
      const parts = inOrder(scans);
      const at = 1 + (cut % (parts.length - 1));
      const whole = mergeScans(parts, 6);
      const groups = [parts.slice(0, at), parts.slice(at)].map((group) => ({
        scan: mergeScans(group, 6),
        rowBase: group[0]?.rowBase ?? 0,
      }));
      assert.deepEqual(mergeScans(groups, 6), whole);
    }),
    { numRuns: 200 },
  );
});

test('counts add up and rows count from the start of the object', () => {
  const part = (row: number): ObjectScan => ({
    outcome: 'complete',
    format: 'jsonl',
    bytesRead: 10,
    bytesScanned: 20,
    records: 5,
    suppressed: { placeholder: 1 },
    shownKey: 'k',
    notes: {},
    columns: [],
    values: [
      {
        detector: 'd',
        issuer: 'aws',
        fingerprint: 'v1:a',
        masked: 'A…',
        probability: 0.9,
        checks: [],
        severity: 'high',
        count: 2,
        alternatives: [],
        locations: [{ row }],
      },
    ],
  });
  const merged = mergeScans(
    [
      { scan: part(1), rowBase: 0 },
      { scan: part(4), rowBase: 5 },
    ],
    10,
  );
  assert.equal(merged.values[0]?.count, 4);
  assert.deepEqual(merged.values[0]?.locations, [{ row: 1 }, { row: 9 }]);
  assert.equal(merged.records, 10);
  assert.deepEqual(merged.suppressed, { placeholder: 2 });
  assert.equal(
    mergeScans(
      [
        { scan: part(1), rowBase: 0 },
        { scan: part(4), rowBase: 5 },
      ],
      1,
    ).values[0]?.locations.length,
    1,
  );
});

test('one failed part fails the object', () => {
  fc.assert(
    fc.property(fc.array(scan, { minLength: 1, maxLength: 4 }), (scans) => {
      const { outcome } = mergeScans(inOrder(scans), 3);
      const all = scans.map((each) => each.outcome);
      if (all.some((each) => each.startsWith('failed'))) assert.equal(outcome, 'failed:network');
      else if (all.some((each) => each.startsWith('partial'))) assert.ok(outcome.startsWith('partial'));
      else assert.equal(outcome, 'complete');
    }),
  );
});
