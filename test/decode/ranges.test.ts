import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { sniffObject } from '../../src/decode/decode-object.ts';
import { splittable } from '../../src/decode/sniff.ts';
import { decode, type Hit, memorySource } from './support.ts';

async function inRanges(
  bytes: Buffer,
  name: string,
  cuts: number[],
): Promise<{ hits: Hit[]; records: number; scanned: number }> {
  const points = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const all = { hits: [] as Hit[], records: 0, scanned: 0 };
  for (const [i, start] of points.slice(0, -1).entries()) {
    const range = { start, end: points[i + 1] ?? bytes.length };
    const { hits, result } = await decode(bytes, { name, markers: ['MARK'], range, chunkBytes: 37 });
    assert.equal(result.outcome, 'complete');
    // Rows and lines are relative to the task: what comes before is the sum of the records before it.
    for (const hit of hits) {
      if (hit.location.row !== undefined) hit.location.row += all.records;
      if (hit.location.line !== undefined) hit.location.line += all.records;
    }
    all.hits.push(...hits);
    all.records += result.records;
    all.scanned += result.bytesScanned;
  }
  return all;
}

test('lines shared out over any ranges are scanned exactly once, at the same places', async () => {
  const line = fc.constantFrom('MARK', '', 'a MARK b', 'x'.repeat(120), 'short', 'MARK MARK');
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 25 }),
      cuts,
      fc.boolean(),
      fc.boolean(),
      async (lines, at, isJson, ends) => {
        const records = isJson ? lines.map((text) => JSON.stringify({ text })) : ['first', ...lines];
        const bytes = Buffer.from(records.join('\n') + (ends ? '\n' : ''));
        const name = isJson ? 'a.jsonl' : 'a.md';
        const whole = await decode(bytes, { name, markers: ['MARK'] });
        const parts = await inRanges(bytes, name, at);
        assert.deepEqual(
          parts.hits.map(({ location }) => location),
          whole.hits.map(({ location }) => location),
        );
        assert.equal(parts.records, whole.result.records);
        assert.equal(parts.scanned, whole.result.bytesScanned);
      },
    ),
    { numRuns: 200 },
  );
});

test('row groups are shared out by their first byte, and rows count from the first one of the task', async () => {
  const data = Array.from({ length: 500 }, (_, i) => (i % 60 === 5 ? `MARK ${i}` : `text ${i}`));
  const bytes = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'text', data }], rowGroupSize: 100 }));
  const whole = await decode(bytes, { markers: ['MARK'] });
  for (const cuts of [[1000], [300, 301, 2000], [bytes.length - 1]]) {
    const parts = await inRanges(bytes, 'a.parquet', cuts);
    assert.deepEqual(
      parts.hits.map(({ location }) => location),
      whole.hits.map(({ location }) => location),
    );
    assert.equal(parts.records, 500);
  }
});

test('what cannot be split belongs to the first range', async () => {
  const bytes = Buffer.from(`id,name\n${'1,MARK\n'.repeat(200)}`);
  const first = await decode(bytes, { name: 'a.csv', markers: ['MARK'], range: { start: 0, end: 100 } });
  const second = await decode(bytes, { name: 'a.csv', markers: ['MARK'], range: { start: 100, end: bytes.length } });
  assert.deepEqual([first.hits.length, second.hits.length, second.result.outcome], [200, 0, 'complete']);
  const wide = Buffer.from('some text\nMARK\n'.repeat(50), 'utf16le');
  const parts = await inRanges(wide, 'a.txt', [99, 333]);
  assert.equal(parts.hits.length, 50);
});

test('a format says whether it can be split before anybody opens it twice', async () => {
  const cases: [string, string, boolean][] = [
    ['{"a":1}\n{"a":2}\n', 'jsonl', true],
    ['hello\nworld\n', 'text', true],
    ['{\n"a":1}', 'json', false],
    ['id,name\n1,a\n2,b\n3,c\n4,d\n', 'csv', false],
  ];
  for (const [text, format, isSplittable] of cases) {
    const sniffed = await sniffObject(memorySource(Buffer.from(text)), '');
    assert.equal(sniffed, format);
    assert.equal(splittable(sniffed), isSplittable);
  }
  const wide = await sniffObject(memorySource(Buffer.from('hello\nworld\n', 'utf16le')), '');
  assert.equal(splittable(wide), false);
});

test('a range ends at a line end, not at the end of the object', async () => {
  const bytes = Buffer.from('line MARK\n'.repeat(100_000));
  const source = memorySource(bytes);
  const { result } = await decode(bytes, { name: 'a.txt', range: { start: 0, end: 1000 } });
  assert.ok(result.bytesScanned >= 1000 && result.bytesScanned <= 1020);
  assert.equal(source.closedStreams, 0);
});
