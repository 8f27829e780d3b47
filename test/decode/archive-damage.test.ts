import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { isScannable } from '../../src/model/outcome.ts';
import { paxEntry, TAR_END, tarEntry, tarOf, zip64End, zipOf, zipParts } from './archives.ts';
import { type Decoded, decode } from './support.ts';

const TEXT = 'first line\nthen MARK\nlast line\n';
const LINES = Array.from({ length: 40 }, (_, i) => JSON.stringify({ i, text: `MARK ${i * 7919}` })).join('\n');
const parquet = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'text', data: ['one', 'MARK', 'three'] }] }));
const tar = Buffer.concat([
  paxEntry({ path: 'long name.txt', size: String(TEXT.length) }),
  tarEntry('short', TEXT),
  tarEntry('././@LongLink', 'another name\0', { type: 'L' }),
  tarEntry('b.jsonl', LINES),
  tarEntry('link', '', { type: '2' }),
  tarEntry('c.parquet', parquet),
  TAR_END,
]);
const zip = zipOf([
  { name: 'a.txt', data: TEXT },
  { name: 'b.jsonl', data: LINES, hasDescriptor: true },
  { name: 'c.txt', data: TEXT, method: 0, isZip64: true },
  { name: 'd.parquet', data: parquet, method: 93 },
]);
const parts = zipParts([{ name: 'a.txt', data: LINES, isZip64: true }]);
const zip64 = Buffer.concat([parts.body, parts.directory, zip64End(1, parts.directory.length, parts.body.length)]);

const FILES: [name: string, bytes: Buffer, markers: number][] = [
  ['a.tar', tar, 42],
  ['a.zip', zip, 43],
  ['b.zip', zip64, 40],
  ['a.tar.gz', gzipSync(tar), 42],
  ['a.tar.zst', zstdCompressSync(tar), 42],
  ['a.tar.br', brotliCompressSync(tar), 42],
  [
    'b.tar',
    tarOf([
      ['x.zip', zip],
      ['y.txt', TEXT],
    ]),
    44,
  ],
  [
    'c.zip',
    zipOf([
      { name: 'x.tar.gz', data: gzipSync(tar) },
      { name: 'y.txt', data: TEXT, method: 0 },
    ]),
    43,
  ],
  ['a.zip.gz', gzipSync(zip), 43],
  ['a.parquet.gz', gzipSync(parquet), 1],
];
// Small limits, so that the ways around them are walked as well.
const LIMITS = [DEFAULT_LIMITS, { ...DEFAULT_LIMITS, maxHeldBytes: 70 * 1024, maxEntries: 4, maxDepth: 2 }];

async function outcomeOf(bytes: Buffer, name: string, limits = DEFAULT_LIMITS): Promise<Decoded> {
  const decoded = await decode(bytes, { name, limits, markers: ['MARK'], chunkBytes: 333 });
  assert.match(decoded.result.outcome, /^(complete|partial:[a-z-]+|failed:corrupt|skipped:[a-z-]+)$/);
  return decoded;
}

test('whole archives are complete, and everything in them is found', async () => {
  for (const [name, bytes, markers] of FILES) {
    const { result, hits } = await outcomeOf(bytes, name);
    assert.deepEqual([name, result.outcome, hits.length], [name, 'complete', markers]);
  }
});

test('an archive that was cut anywhere ends in an outcome, and is never complete', async () => {
  for (const [name, bytes, markers] of FILES) {
    for (let cut = 1; cut < bytes.length; cut += bytes.length > 5000 ? 7 : 1) {
      const { result, hits } = await outcomeOf(bytes.subarray(0, cut), name);
      // Of the two blocks at the end of a tar one is enough, and an object without its signature is something else.
      const hasLost = hits.length < markers;
      if (hasLost && cut >= 512) assert.ok(result.outcome !== 'complete', `${name} cut at ${cut}`);
      if (hasLost && cut >= 512) assert.ok(isScannable(result.outcome), `${name} cut at ${cut}: ${result.outcome}`);
    }
  }
});

test('an archive with flipped bytes ends in an outcome', async () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FILES),
      flips,
      fc.constantFrom(...LIMITS),
      async ([name, file], changes, limits) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of changes) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ value;
        await outcomeOf(bytes, name, limits);
      },
    ),
    { numRuns: 1500 },
  );
});

test('fields that are set to their extremes end in an outcome', async () => {
  const values = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff);
  const field = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 12 }), values);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FILES.slice(0, 3)), field, async ([name, file], [at, length, value]) => {
      const bytes = Buffer.from(file);
      const start = at % bytes.length;
      bytes.fill(value, start, Math.min(bytes.length, start + length));
      await outcomeOf(bytes, name);
    }),
    { numRuns: 1500 },
  );
});

test('joined pieces of archives end in an outcome', async () => {
  const piece = fc.tuple(fc.constantFrom(...FILES), fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), async (pieces) => {
      const bytes = pieces.map(([[, file], from, length]) => {
        const start = from % file.length;
        return file.subarray(start, start + (length % file.length));
      });
      await outcomeOf(Buffer.concat(bytes), 'x');
    }),
    { numRuns: 500 },
  );
});
