import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { decodeObject } from '../../src/decode/decode-object.ts';
import { AssayError } from '../../src/errors.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { type ZipItem, zip64End, zipEnd, zipOf, zipParts } from './archives.ts';
import { members, memorySource, readInPieces } from './support.ts';

const TEXT = 'first line\nthen MARK\n';
// Larger than what is inflated in one call, and hard to compress.
const BIG = `${Array.from({ length: 400_000 }, (_, i) => `${(i * 2654435761) % 4294967296}`).join('\n')}\nMARK\n`;

const VARIANTS: [string, Partial<ZipItem>][] = [
  ['deflated', {}],
  ['stored', { method: 0 }],
  ['zstd', { method: 93 }],
  ['with descriptors', { hasDescriptor: true }],
  ['stored with descriptors', { method: 0, hasDescriptor: true }],
  ['zip64', { isZip64: true }],
  ['zip64 with descriptors', { isZip64: true, hasDescriptor: true }],
];

for (const [title, variant] of VARIANTS) {
  test(`members are found at their places: ${title}`, async () => {
    const items = [
      { name: 'a.txt', data: TEXT, ...variant },
      { name: 'dir/', data: '', method: 0 },
      { name: 'dir/big.txt', data: BIG, ...variant },
      { name: 'dir/ä.jsonl', data: '{"x":1}\n{"k":["MARK"]}\n', ...variant },
      { name: 'empty', data: '', ...variant },
    ];
    const { hits, result } = await readInPieces(zipOf(items), { chunkBytes: 64 * 1024 });
    assert.deepEqual(
      hits.map(({ location }) => location.member),
      ['a.txt', 'dir/big.txt', 'dir/ä.jsonl'],
    );
    assert.deepEqual(hits[0]?.location, { member: 'a.txt', line: 2, byteOffset: 16, byteLength: 4 });
    assert.deepEqual([hits[2]?.location.row, hits[2]?.location.pointer], [1, '/k/0']);
    assert.deepEqual([result.outcome, result.format, result.notes.members], ['complete', 'zip', 5]);
  });
}

test('a large archive with 64-bit records at its end is read by them', async () => {
  const { body, directory } = zipParts([{ name: 'a.txt', data: TEXT, isZip64: true }]);
  const bytes = Buffer.concat([body, directory, zip64End(1, directory.length, body.length)]);
  const decoded = await readInPieces(bytes);
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['complete', ['a.txt']]);
});

test('an empty archive is complete, and a comment may follow', async () => {
  const { result } = await readInPieces(zipEnd(0, 0, 0, 'a comment'));
  assert.deepEqual([result.outcome, result.format], ['complete', 'zip']);
});

test('encrypted members are named, the others read', async () => {
  const decoded = await readInPieces(
    zipOf([
      { name: 'secret.txt', data: 'xxxxxxxxxxxxxxxxxxx', method: 0, flags: 1 },
      { name: 'a.txt', data: TEXT },
    ]),
  );
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['partial:encrypted', ['a.txt']]);
  assert.equal(decoded.result.notes['members-encrypted'], 1);
});

test('methods that nobody can undo are named', async () => {
  const decoded = await readInPieces(
    zipOf([
      { name: 'a.bz2', data: 'whatever', method: 12 },
      { name: 'b', data: 'whatever', method: 77 },
      { name: 'a.txt', data: TEXT },
    ]),
  );
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['partial:unsupported-codec', ['a.txt']]);
  const { notes } = decoded.result;
  assert.deepEqual([notes['zip-bzip2'], notes['zip-method-77'], notes['members-unsupported-codec']], [1, 1, 2]);
});

test('a mark of encryption that only the directory has keeps nobody away', async () => {
  const decoded = await readInPieces(zipOf([{ name: 'a.txt', data: TEXT, central: { flags: 0x801 } }]));
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['partial:corrupt', ['a.txt']]);
  assert.equal(decoded.result.notes['members-contradicted'], 1);
});

test('records that contradict each other are corrupt, and what they hold is scanned', async () => {
  const cases: Partial<ZipItem>[] = [
    { local: { name: 'b.txt' } },
    { local: { method: 0 } },
    { local: { size: 3 } },
    { local: { crc: 7 } },
  ];
  for (const item of cases) {
    const decoded = await readInPieces(zipOf([{ name: 'a.txt', data: TEXT, ...item }]));
    assert.deepEqual([decoded.result.outcome, members(decoded)], ['partial:corrupt', ['a.txt']]);
  }
});

test('sizes and checksums that lie are corrupt, and all there is is scanned', async () => {
  for (const data of [TEXT, BIG]) {
    const cases: ZipItem[] = [
      { name: 'a.txt', data, central: { size: 5 }, local: { size: 5 } },
      { name: 'a.txt', data, central: { size: 50_000_000 }, local: { size: 50_000_000 } },
      { name: 'a.txt', data, central: { crc: 1 }, local: { crc: 1 } },
      { name: 'a.txt', data, method: 0, central: { crc: 1 }, local: { crc: 1 } },
      { name: 'a.txt', data, method: 0, central: { size: 1 }, local: { size: 1 } },
    ];
    for (const item of cases) {
      const decoded = await readInPieces(zipOf([item]), { chunkBytes: 64 * 1024 });
      assert.deepEqual([decoded.result.outcome, members(decoded)], ['partial:corrupt', ['a.txt']]);
    }
  }
});

test('a packed size that reaches beyond the data is not believed', async () => {
  const lie = { packed: 1_000_000 };
  const decoded = await readInPieces(zipOf([{ name: 'a.txt', data: TEXT, central: lie, local: lie }]));
  assert.equal(decoded.result.outcome, 'partial:truncated');
  assert.deepEqual(members(decoded), ['a.txt']);
});

test('entries that overlap are read once', async () => {
  const { body, directory, offsets } = zipParts([
    { name: 'a.txt', data: TEXT },
    { name: 'b.txt', data: TEXT },
  ]);
  // Both records point at the first member.
  const second = directory.indexOf('b.txt') - 46;
  directory.writeUInt32LE(offsets[0] ?? 0, second + 42);
  const decoded = await readInPieces(Buffer.concat([body, directory, zipEnd(2, directory.length, body.length)]));
  assert.equal(decoded.result.outcome, 'partial:corrupt');
  assert.equal(decoded.result.notes['members-overlapping'], 1);
  assert.deepEqual(members(decoded), ['a.txt', 'b.txt']);
});

test('an offset outside of the archive costs only its entry', async () => {
  const { body, directory, end } = zipParts(['a.txt', 'b.txt'].map((name) => ({ name, data: TEXT })));
  directory.writeUInt32LE(0xff5effff, 42);
  const decoded = await readInPieces(Buffer.concat([body, directory, end]));
  assert.equal(decoded.result.outcome, 'partial:corrupt');
  assert.deepEqual(members(decoded).sort(), ['a.txt', 'b.txt']);
});

test('a member that the directory keeps back is read all the same', async () => {
  const items: ZipItem[] = ['a.txt', 'b.txt', 'c.txt'].map((name) => ({ name, data: TEXT }));
  for (const hidden of [0, 1, 2]) {
    const bytes = zipOf(
      items.map((item, index) => ({ ...item, isHidden: index === hidden, hasDescriptor: index === 1 })),
    );
    const decoded = await readInPieces(bytes);
    assert.deepEqual(members(decoded).sort(), ['a.txt', 'b.txt', 'c.txt']);
    assert.equal(decoded.result.notes['members-hidden'], 1);
  }
});

test('a directory that lies about its length or place is not trusted', async () => {
  const items: ZipItem[] = ['a.txt', 'b.txt'].map((name) => ({ name, data: TEXT }));
  const { body, directory } = zipParts(items);
  const ends: [Buffer, string][] = [
    [zipEnd(5, directory.length, body.length), 'partial:corrupt'],
    [zipEnd(2, directory.length - 46, body.length), 'partial:corrupt'],
    [zipEnd(2, 0xfffffff0, body.length), 'partial:corrupt'],
    [zipEnd(2, directory.length, 0xfffffff0), 'partial:corrupt'],
    [Buffer.concat([zipEnd(2, directory.length, body.length), Buffer.from('behind')]), 'partial:corrupt'],
  ];
  for (const [end, outcome] of ends) {
    const decoded = await readInPieces(Buffer.concat([body, directory, end]));
    assert.deepEqual([decoded.result.outcome, members(decoded)], [outcome, ['a.txt', 'b.txt']]);
  }
});

test('an archive behind other bytes is found by its directory', async () => {
  const stub = Buffer.concat([Buffer.from('PK\x07\x08', 'latin1')]);
  const decoded = await readInPieces(Buffer.concat([stub, zipOf([{ name: 'a.txt', data: TEXT }])]));
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['complete', ['a.txt']]);
});

test('without its directory an archive is read as far as it goes', async () => {
  for (const [title, variant] of VARIANTS) {
    const { body } = zipParts(['a.txt', 'b.txt', 'c.txt'].map((name) => ({ name, data: TEXT, ...variant })));
    const decoded = await readInPieces(body);
    assert.equal(decoded.result.outcome, 'partial:truncated', title);
    const isFound = variant.method !== 0 || variant.hasDescriptor !== true;
    assert.deepEqual(members(decoded), isFound ? ['a.txt', 'b.txt', 'c.txt'] : [], title);
  }
  const { body } = zipParts([{ name: 'big.txt', data: BIG }]);
  const half = await readInPieces(body.subarray(0, body.length >> 1), { chunkBytes: 64 * 1024 });
  assert.equal(half.result.outcome, 'partial:truncated');
  assert.ok(half.result.bytesScanned > BIG.length / 3);
});

test('an archive inside a stream is held in memory, or walked forward when it is too large', async () => {
  const items: ZipItem[] = [
    { name: 'a.txt', data: TEXT, hasDescriptor: true },
    { name: 'b.txt', data: BIG },
    { name: 'c.txt', data: BIG, hasDescriptor: true },
    {
      name: 'd.png',
      data: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(BIG)]),
      hasDescriptor: true,
    },
    { name: 'e.txt', data: TEXT, method: 0 },
  ];
  const bytes = gzipSync(zipOf(items), { level: 1 });
  for (const maxHeldBytes of [DEFAULT_LIMITS.maxHeldBytes, 256 * 1024]) {
    const decoded = await readInPieces(bytes, { chunkBytes: 64 * 1024, limits: { ...DEFAULT_LIMITS, maxHeldBytes } });
    assert.deepEqual([decoded.result.outcome, decoded.result.format], ['complete', 'zip+gzip']);
    assert.deepEqual(members(decoded), ['a.txt', 'b.txt', 'c.txt', 'e.txt']);
    assert.deepEqual([decoded.result.notes.members, decoded.result.notes['members-media']], [5, 1]);
  }
});

test('a stored member whose length stands behind it is found by the directory, also inside a stream', async () => {
  const items: ZipItem[] = [
    { name: 'a.txt', data: TEXT, method: 0, hasDescriptor: true },
    { name: 'b.txt', data: BIG },
  ];
  const held = await readInPieces(gzipSync(zipOf(items)));
  assert.deepEqual([held.result.outcome, members(held)], ['complete', ['a.txt', 'b.txt']]);
  const noRoom = await readInPieces(gzipSync(zipOf(items)), {
    limits: { ...DEFAULT_LIMITS, maxHeldBytes: 256 * 1024 },
  });
  assert.deepEqual([noRoom.result.outcome, members(noRoom)], ['partial:unsupported-member', ['b.txt']]);
  assert.equal(noRoom.result.notes['members-without-length'], 1);
});

test('an error of the source is no end of an archive: it passes as it is', async () => {
  const bytes = zipOf([{ name: 'a.txt', data: BIG }]);
  for (const from of [0, 1]) {
    const fail = (): never => {
      throw new AssayError('network', 'read: connection reset');
    };
    const whole = memorySource(bytes);
    const source = {
      ...whole,
      async *stream(start = 0, end = bytes.length): AsyncGenerator<Buffer> {
        for await (const chunk of whole.stream(start, end)) yield start >= from && start > 0 ? fail() : chunk;
      },
      read: async (start: number, end: number) => (from === 0 ? fail() : whole.read(start, end)),
    };
    const run = decodeObject({ source, name: 'a.zip', limits: DEFAULT_LIMITS, consume: () => undefined });
    await assert.rejects(run, (error) => error instanceof AssayError && error.code === 'network');
  }
});

test('damage in one entry costs only that entry', async () => {
  const { body, directory, offsets, end } = zipParts([
    { name: 'a.txt', data: BIG },
    { name: 'b.txt', data: TEXT },
  ]);
  const middle = (offsets[1] ?? 0) >> 1;
  body.fill(0xff, middle, middle + 50);
  const decoded = await readInPieces(Buffer.concat([body, directory, end]), { chunkBytes: 64 * 1024 });
  assert.equal(decoded.result.outcome, 'partial:corrupt');
  assert.ok(members(decoded).includes('b.txt'));
  assert.ok(decoded.result.bytesScanned > BIG.length / 4);
});

test('bytes behind the end of deflated data do not hide', async () => {
  const packed = Buffer.concat([deflateRawSync(TEXT), Buffer.from('hidden')]);
  const raw = zipOf([{ name: 'a.txt', data: packed, method: 0 }]);
  // The same archive, whose records say that the stored bytes are deflated.
  raw.writeUInt16LE(8, 8);
  raw.writeUInt16LE(8, raw.indexOf('PK\x01\x02', 0, 'latin1') + 10);
  const decoded = await readInPieces(raw);
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['partial:corrupt', ['a.txt']]);
});

test('the number of entries is bounded', async () => {
  const items = Array.from({ length: 20 }, (_, i) => ({ name: `${i}.txt`, data: TEXT }));
  const decoded = await readInPieces(zipOf(items), { limits: { ...DEFAULT_LIMITS, maxEntries: 10 } });
  assert.deepEqual([decoded.result.outcome, decoded.hits.length], ['partial:entries-limit', 10]);
});
