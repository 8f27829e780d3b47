import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ObjectScan, ValueEvidence } from '../../src/model/finding.ts';
import { cutRanges } from '../../workers/plan-ranges.ts';
import { joinParts } from '../../workers/scan-parts.ts';
import { emptyScan } from '../../workers/thread-protocol.ts';

function part(records: number, row: number, over: Partial<ObjectScan> = {}): ObjectScan {
  const value: ValueEvidence = {
    detector: 'd',
    issuer: 'i',
    fingerprint: 'v1:same',
    masked: 'x…',
    probability: 1,
    checks: [],
    severity: 'high',
    count: 1,
    alternatives: [],
    locations: [{ row }],
  };
  return { ...emptyScan('complete', 'k'), bytesRead: 10, records, values: [value], ...over };
}

test('rows of a later part count on from the records of the earlier ones', () => {
  const joined = joinParts([part(100, 7), part(50, 0), part(10, 9)], 100);
  assert.deepEqual(
    joined.values.map(({ count, locations }) => ({ count, locations })),
    [{ count: 3, locations: [{ row: 7 }, { row: 100 }, { row: 159 }] }],
  );
  assert.equal(joined.records, 160);
  assert.equal(joined.bytesRead, 30);
});

test('a part that failed fails the object, and what the others found is kept', () => {
  const joined = joinParts([part(1, 0), emptyScan('failed:network', 'k'), part(1, 0)], 100);
  assert.equal(joined.outcome, 'failed:network');
  assert.equal(joined.values[0]?.count, 2);
});

test('an object that changed between its parts has no findings: they would be of two versions', () => {
  const joined = joinParts([part(1, 0), emptyScan('failed:object-changed', 'k')], 100);
  assert.equal(joined.outcome, 'failed:object-changed');
  assert.deepEqual(joined.values, []);
});

test('ranges follow each other without gap or overlap and are about equally long', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 64, max: 1e9 }), (byteLength, partBytes) => {
      fc.pre(byteLength / partBytes < 1000);
      const ranges = cutRanges(byteLength, partBytes);
      assert.equal(ranges[0]?.start, 0);
      assert.equal(ranges.at(-1)?.end, byteLength);
      for (const [index, { start, end }] of ranges.entries()) {
        if (index > 0) assert.equal(start, ranges[index - 1]?.end);
        assert.ok(end - start <= partBytes * 1.5 + 1);
      }
    }),
  );
});
