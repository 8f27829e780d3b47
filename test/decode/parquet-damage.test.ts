import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ColumnSource } from 'hyparquet-writer';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { dataPage, handmadeParquet, plain } from './handmade-parquet.ts';
import { STRING, TEXTS, write } from './parquet-sample.ts';
import { decode } from './support.ts';

test('a wrong page checksum is noted and makes the object partial, the text is scanned', async () => {
  const stored = plain(['MARK']);
  const page = (crc: number) => ({ header: { ...dataPage(1, 'PLAIN'), crc: crc | 0 }, stored });
  const good = await decode(handmadeParquet(1, [{ schema: [STRING], values: 1, pages: [page(crc32(stored))] }]), {
    markers: ['MARK'],
  });
  assert.deepEqual([good.result.outcome, good.result.notes], ['complete', {}]);
  const bad = await decode(handmadeParquet(1, [{ schema: [STRING], values: 1, pages: [page(crc32(stored) ^ 1)] }]), {
    markers: ['MARK'],
  });
  assert.deepEqual([bad.result.outcome, bad.result.notes['crc-mismatch'], bad.hits.length], ['partial:corrupt', 1, 1]);
});

test('a column with an unknown codec is reported, the others are scanned', async () => {
  const page = { header: dataPage(1, 'PLAIN'), stored: plain(['MARK']) };
  const bytes = handmadeParquet(1, [
    { schema: [{ ...STRING, name: 'a' }], codec: 'LZO', values: 1, pages: [page] },
    { schema: [{ ...STRING, name: 'b' }], values: 1, pages: [page] },
  ]);
  const { result, hits } = await decode(bytes, { markers: ['MARK'] });
  assert.equal(result.outcome, 'partial:unsupported-codec');
  assert.deepEqual(
    hits.map(({ location }) => location.column),
    ['b'],
  );
});

test('a page that declares more than the cap is passed over, the pages after it keep their rows', async () => {
  const page = (text: string) => ({ header: dataPage(1, 'PLAIN'), stored: plain([text]) });
  const pages = [
    page('MARK one'),
    { ...page('x'), header: dataPage(3, 'PLAIN'), size: 1_000_000_000 },
    page('MARK two'),
  ];
  const { result, hits } = await decode(handmadeParquet(5, [{ schema: [STRING], values: 5, pages }]), {
    markers: ['MARK'],
  });
  assert.equal(result.outcome, 'partial:page-limit');
  assert.deepEqual(
    hits.map(({ location }) => location.row),
    [0, 4],
  );
});

test('a page bomb is refused by its declared size', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const page = { header: dataPage(1, 'PLAIN'), stored: bomb, size: 1000 };
  const { result } = await decode(handmadeParquet(1, [{ schema: [STRING], codec: 'GZIP', values: 1, pages: [page] }]));
  assert.equal(result.outcome, 'partial:corrupt');
});

test('shared prefixes cannot grow without paying', async () => {
  const long = 'p'.repeat(100_000);
  const data = Array.from({ length: 2000 }, (_, i) => `${long}${i}`);
  const bytes = write([{ name: 't', data, type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' }], {
    codec: 'ZSTD',
    statistics: false,
  });
  const { result } = await decode(bytes, { limits: { ...DEFAULT_LIMITS, maxDecodedBytes: 20_000_000 } });
  assert.equal(result.outcome, 'partial:decoded-bytes-limit');
  assert.ok(result.bytesScanned < 25_000_000);
});

test('images in a binary column are not scanned as text, and counted', async () => {
  const image = new Uint8Array(Array.from({ length: 3000 }, (_, i) => (i * 31) % 256));
  const bytes = write([
    { name: 'image', data: [image, image.slice(1), image.slice(2)], type: 'BYTE_ARRAY' },
    { name: 'blob', data: [Buffer.from('MARK'), Buffer.from('a'), Buffer.from('b')], type: 'BYTE_ARRAY' },
  ]);
  const { result, hits } = await decode(bytes, { markers: ['MARK'] });
  assert.deepEqual(
    hits.map(({ location }) => location.column),
    ['blob'],
  );
  assert.ok((result.notes['pages-not-text'] ?? 0) >= 1);
});

test('a file without its end, or with a footer that lies, is no crash', async () => {
  const bytes = write([{ name: 'text', data: TEXTS }]);
  assert.equal((await decode(bytes.subarray(0, bytes.length - 100))).result.outcome, 'partial:truncated');
  assert.equal((await decode(bytes.subarray(0, 8))).result.outcome, 'partial:truncated');
  const lying = Buffer.from(bytes);
  lying.writeUInt32LE(0xfffffff0, lying.length - 8);
  assert.equal((await decode(lying)).result.outcome, 'failed:corrupt');
  const noise = Buffer.concat([
    Buffer.from('PAR1'),
    Buffer.alloc(5000, 0x80),
    Buffer.from([0x88, 0x13, 0, 0]),
    Buffer.from('PAR1'),
  ]);
  assert.equal((await decode(noise)).result.outcome, 'failed:corrupt');
});

test('a chunk that reaches beyond the file is partial:truncated', async () => {
  const pages = [{ header: dataPage(1, 'PLAIN'), stored: plain(['MARK']) }];
  const { result, hits } = await decode(
    handmadeParquet(9, [{ schema: [STRING], values: 9, pages, claimedBytes: 10_000_000 }]),
    {
      markers: ['MARK'],
    },
  );
  assert.equal(hits.length, 1);
  assert.notEqual(result.outcome, 'complete');
});

test('damaged files end in an outcome, in time and memory', async () => {
  const columns: ColumnSource[] = [
    { name: 'plain', data: TEXTS, encoding: 'PLAIN' },
    { name: 'label', data: TEXTS.map((_, i) => (i % 2 === 0 ? 'MARK' : 'x')), type: 'STRING', nullable: true },
    { name: 'delta', data: TEXTS, encoding: 'DELTA_LENGTH_BYTE_ARRAY' },
    { name: 'prefix', data: TEXTS, encoding: 'DELTA_BYTE_ARRAY' },
    { name: 'n', data: TEXTS.map((_, i) => BigInt(i) ** 5n), type: 'INT64', encoding: 'DELTA_BINARY_PACKED' },
  ];
  const files = (['UNCOMPRESSED', 'SNAPPY', 'ZSTD', 'GZIP'] as const).map((codec) =>
    write(columns, { codec, pageSize: 3000 }),
  );
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), flips, fc.boolean(), fc.nat(), async (file, changes, inFooter, cut) => {
      const bytes = Buffer.from(file);
      const from = inFooter ? bytes.length - 1500 : 4;
      for (const [at, value] of changes) bytes[from + (at % (bytes.length - from))] = value;
      const damaged = cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
      const { result, largestSegment } = await decode(damaged, { markers: ['MARK', '1'] });
      assert.match(result.outcome, /^(complete|partial:|failed:corrupt|skipped:)/);
      assert.ok(largestSegment <= DEFAULT_LIMITS.maxPageBytes * 2);
    }),
    { numRuns: 400 },
  );
});
