import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { memorySource } from '../../src/model/byte-source.ts';
import type { ObjectScan, ValueEvidence } from '../../src/model/finding.ts';
import { cutBetweenBlocks, cutRanges, planRanges } from '../../workers/plan-ranges.ts';
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
    locations: [{ row, line: row + 1 }],
  };
  return { ...emptyScan('complete', 'k'), bytesRead: 10, records, values: [value], ...over };
}

test('rows and lines of a later part count on from the records of the earlier ones', () => {
  const joined = joinParts([part(100, 7), part(50, 0), part(10, 9)], 100);
  assert.deepEqual(
    joined.values.map(({ count, locations }) => ({ count, locations })),
    [{ count: 3, locations: [7, 100, 159].map((row) => ({ row, line: row + 1 })) }],
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

test('text is cut after an empty line, else after any line, and never inside an armoured block', () => {
  const cut = (text: string): string => text.slice(cutBetweenBlocks(Buffer.from(text)));
  assert.equal(cut('one\n\ntwo\nthree'), '\ntwo\nthree');
  assert.equal(cut('one\ntwo\nthr'), '\nthr');
  assert.equal(cut('one\n-----BEGIN X-----\nA: b\n\nabc\nde'), '\n-----BEGIN X-----\nA: b\n\nabc\nde');
  assert.equal(cut('-----BEGIN X-----\nabc\n-----END X-----\nafter\nit'), '\nit');
  assert.equal(cut('one endless line'), '');
});

test('only formats whose parts can be read by themselves are cut', async () => {
  const plan = (text: string, name: string) => planRanges(memorySource(Buffer.from(text)), name, 1000);
  const rows = Array.from({ length: 400 }, (_, id) => ({ id }));
  assert.equal((await plan(rows.map((row) => JSON.stringify(row)).join('\n'), 'a.jsonl'))?.length, 4);
  assert.equal(await plan(JSON.stringify(rows), 'a.json'), null);
  assert.equal(await plan(`id,name\n${rows.map(({ id }) => `${id},x`).join('\n')}`, 'a.csv'), null);
});
