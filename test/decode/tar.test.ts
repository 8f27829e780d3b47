import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { decodeObject } from '../../src/decode/decode-object.ts';
import { AssayError } from '../../src/errors.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { paxEntry, TAR_END, tarEntry, tarHeader, tarOf, withChecksum } from './archives.ts';
import { type Decoded, decode, memorySource } from './support.ts';

const TEXT = 'first line\nthen MARK\n';
const BIG = `${'filler text, nothing to see\n'.repeat(200_000)}MARK\n`;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

function members({ hits }: Decoded): (string | undefined)[] {
  return hits.map(({ location }) => location.member);
}

function archive(...parts: Buffer[]): Promise<Decoded> {
  return decode(Buffer.concat([...parts, TAR_END]), { markers: ['MARK'], chunkBytes: 700 });
}

test('the place of a match names its member, and counts lines and bytes inside of it', async () => {
  const { hits, result } = await archive(tarEntry('a/x.txt', 'nothing'), tarEntry('a/y.txt', TEXT));
  assert.deepEqual(hits[0]?.location, { member: 'a/y.txt', line: 2, byteOffset: 16, byteLength: 4 });
  assert.deepEqual([result.outcome, result.format, result.records], ['complete', 'tar', 3]);
  assert.deepEqual(result.notes, { members: 2 });
});

test('a member is found wherever a chunk of the stream ends in it or in its header', async () => {
  const bytes = Buffer.concat([tarEntry('a.txt', TEXT), tarEntry('b.jsonl', '{"a":"MARK"}\n'), TAR_END]);
  for (const chunkBytes of [1, 7, 511, 512, 513, 1000, 4096]) {
    const { hits, result } = await decode(bytes, { markers: ['MARK'], chunkBytes });
    assert.deepEqual(
      hits.map(({ location }) => [location.member, location.pointer]),
      [
        ['a.txt', undefined],
        ['b.jsonl', '/a'],
      ],
    );
    assert.equal(result.outcome, 'complete');
  }
});

test('names come from pax records, GNU long names and the ustar prefix', async () => {
  const long = `${'deep/'.repeat(60)}ä.txt`;
  const { hits } = await archive(
    paxEntry({ path: long, mtime: '1.5' }),
    tarEntry('short', TEXT),
    tarEntry('././@LongLink', `${long}\0`, { type: 'L' }),
    tarEntry('short', TEXT),
    tarEntry('z.txt', TEXT, { prefix: 'some/dir' }),
    tarEntry('plain.txt', TEXT, { magic: 'ustar  \0' }),
    tarEntry('old.txt', TEXT, { magic: '' }),
  );
  assert.deepEqual(
    hits.map(({ location }) => location.member),
    [long, long, 'some/dir/z.txt', 'plain.txt', 'old.txt'],
  );
});

test('old headers are read as they were meant: signed checksums, times where others have a prefix', async () => {
  const signed = tarHeader('caf\u00e9.txt', TEXT.length);
  const sum = signed.reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0);
  const own = signed.subarray(148, 156).reduce((total, byte) => total + byte, 0);
  signed.write(`${(sum - own + 8 * 32).toString(8).padStart(6, '0')}\0 `, 148);
  const decoded = await archive(
    tarEntry('gnu.txt', TEXT, { magic: 'ustar  \0', prefix: '14000000000' }),
    signed,
    tarEntry('x', TEXT).subarray(512),
  );
  assert.deepEqual(members(decoded), ['gnu.txt', 'caf\u00e9.txt']);
  assert.equal(decoded.result.outcome, 'complete');
});

test('an error of the source is no end of an archive: it passes as it is', async () => {
  const bytes = tarOf([
    ['a.txt', TEXT],
    ['b.txt', TEXT],
  ]);
  for (const end of [512, 600, 1024, 1536]) {
    const source = {
      ...memorySource(bytes),
      async *stream(): AsyncGenerator<Buffer> {
        yield bytes.subarray(0, end);
        throw new AssayError('network', 'read: connection reset');
      },
    };
    const run = decodeObject({ source, name: 'a.tar', limits: DEFAULT_LIMITS, consume: () => undefined });
    await assert.rejects(run, (error) => error instanceof AssayError && error.code === 'network');
  }
});

test('a pax record for all members holds until one of their own', async () => {
  const decoded = await archive(
    paxEntry({ path: 'shared.txt' }, 'g'),
    tarEntry('1', TEXT),
    paxEntry({ path: 'own.txt' }),
    tarEntry('2', TEXT),
    tarEntry('3', TEXT),
  );
  assert.deepEqual(members(decoded), ['shared.txt', 'own.txt', 'shared.txt']);
});

test('sizes may be octal, base-256 or a pax record', async () => {
  const binary = Buffer.alloc(12);
  binary.writeUInt8(0x80, 0);
  binary.writeUInt32BE(TEXT.length, 8);
  const decoded = await archive(
    tarEntry('binary.txt', TEXT, { sizeField: binary }),
    paxEntry({ size: String(TEXT.length) }),
    tarEntry('pax.txt', TEXT, { size: 0 }),
    tarEntry('last.txt', TEXT),
  );
  assert.deepEqual(members(decoded), ['binary.txt', 'pax.txt', 'last.txt']);
  assert.equal(decoded.result.outcome, 'complete');
});

test('a size that makes no sense is corrupt, and the next header is looked for', async () => {
  const negative = Buffer.alloc(12, 0xff);
  const decoded = await archive(tarEntry('bad.txt', TEXT, { sizeField: negative }), tarEntry('good.txt', TEXT));
  assert.equal(decoded.result.outcome, 'partial:corrupt');
  assert.deepEqual(members(decoded), ['good.txt']);
});

test('links, devices and directories are only names, also those that point outside', async () => {
  const decoded = await archive(
    tarEntry('../../etc/passwd', TEXT),
    tarEntry('/absolute.txt', TEXT),
    tarEntry('link', '', { type: '2', link: '/etc/shadow', size: 0 }),
    tarEntry('hard', '', { type: '1', link: 'a', size: 4096 }),
    tarEntry('null', '', { type: '3' }),
    tarEntry('dir/', '', { type: '5' }),
    tarEntry('pipe', '', { type: '6' }),
    tarEntry('after.txt', TEXT),
  );
  assert.deepEqual(members(decoded), ['../../etc/passwd', '/absolute.txt', 'after.txt']);
  assert.equal(decoded.result.outcome, 'complete');
});

test('data behind a link that says so is scanned', async () => {
  const decoded = await archive(tarEntry('hard.txt', TEXT, { type: '1' }), tarEntry('after.txt', TEXT));
  assert.deepEqual(members(decoded), ['hard.txt', 'after.txt']);
});

test('sparse members are named as unsupported, and what follows is read', async () => {
  const map = Buffer.alloc(512, '0');
  map[504] = 0;
  const header = tarHeader('s.bin', 512, { type: 'S', magic: 'ustar  \0' });
  header[482] = 1;
  const decoded = await archive(
    withChecksum(header),
    map,
    // Its data looks like a member of its own.
    tarHeader('trap', 0),
    paxEntry({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'n.bin' }),
    tarEntry('n.bin', 'x'.repeat(600)),
    tarEntry('after.txt', TEXT),
  );
  assert.equal(decoded.result.outcome, 'partial:unsupported-member');
  assert.deepEqual(decoded.result.notes, { members: 3, 'members-sparse': 2 });
  assert.deepEqual(members(decoded), ['after.txt']);
});

test('archives that were joined are read to the end', async () => {
  const one = tarOf([['1.txt', TEXT]]);
  const two = tarOf([['2.txt', TEXT]]);
  const decoded = await archive(one, Buffer.alloc(10_240), two);
  assert.deepEqual(members(decoded), ['1.txt', '2.txt']);
  assert.equal(decoded.result.outcome, 'complete');
  const junk = await archive(one, Buffer.alloc(512, 'junk'), two);
  assert.deepEqual(members(junk), ['1.txt', '2.txt']);
  assert.equal(junk.result.outcome, 'partial:corrupt');
});

test('an archive without members is complete, also when it is only zeros', async () => {
  const { result } = await decode(Buffer.alloc(10_240), { name: 'empty.tar' });
  assert.deepEqual([result.outcome, result.format], ['complete', 'tar']);
});

test('a truncated archive is scanned as far as it goes', async () => {
  const bytes = Buffer.concat([tarEntry('a.txt', TEXT), tarEntry('b.txt', BIG)]);
  const half = await decode(bytes.subarray(0, bytes.length >> 1), { markers: ['MARK'] });
  assert.equal(half.result.outcome, 'partial:truncated');
  assert.ok(half.result.bytesScanned > (bytes.length >> 1) - 2000);
  assert.deepEqual(members(half), ['a.txt']);
  const noEnd = await decode(bytes, { markers: ['MARK'] });
  assert.deepEqual([noEnd.result.outcome, members(noEnd).length], ['partial:truncated', 2]);
});

test('members of all sizes stream through, from files, gzip and zstd alike', async () => {
  const bytes = tarOf([
    ['a.txt', TEXT],
    ['big.txt', BIG],
    ['b.csv', 'id,name\n1,x\n2,MARK\n3,y\n4,z\n'],
  ]);
  for (const [wrapped, format] of [
    [bytes, 'tar'],
    [gzipSync(bytes), 'tar+gzip'],
    [zstdCompressSync(bytes), 'tar+zstd'],
  ] as const) {
    const decoded = await decode(wrapped, { markers: ['MARK'] });
    assert.deepEqual(members(decoded), ['a.txt', 'big.txt', 'b.csv']);
    assert.deepEqual([decoded.result.format, decoded.result.outcome], [format, 'complete']);
    const cell = decoded.hits[2]?.location;
    assert.deepEqual([cell?.row, cell?.column], [1, 'name']);
  }
});

test('media are counted and make nothing partial; what nobody can read does', async () => {
  const media = await archive(tarEntry('a.png', PNG), tarEntry('b.txt', TEXT));
  assert.deepEqual([media.result.outcome, media.result.notes['members-media']], ['complete', 1]);
  const pdf = await archive(tarEntry('a.pdf', '%PDF-1.7 and more'), tarEntry('b.txt', TEXT));
  assert.deepEqual(
    [pdf.result.outcome, pdf.result.notes['members-unsupported-member'], members(pdf).length],
    ['partial:unsupported-member', 1, 1],
  );
});

test('a corrupt member costs only itself', async () => {
  const gz = gzipSync(BIG);
  gz.fill(0xff, gz.length >> 1, (gz.length >> 1) + 40);
  const decoded = await archive(tarEntry('bad.gz', gz), tarEntry('good.txt', TEXT));
  assert.equal(decoded.result.outcome, 'partial:corrupt');
  assert.equal(decoded.result.notes['members-corrupt'], 1);
  assert.deepEqual(members(decoded), ['good.txt']);
});

test('members behind a large one are found without reading it', async () => {
  const size = 64 * 1024 * 1024;
  const head = Buffer.concat([tarHeader('a.png', size), PNG]);
  const tail = Buffer.concat([tarEntry('b.txt', TEXT), TAR_END]);
  let read = 0;
  const at = (start: number, end: number): Buffer => {
    const bytes = Buffer.alloc(end - start);
    if (start < head.length) head.copy(bytes, 0, start);
    if (end > 512 + size) tail.copy(bytes, Math.max(0, 512 + size - start), Math.max(0, start - 512 - size));
    read += bytes.length;
    return bytes;
  };
  const byteLength = 512 + size + tail.length;
  let text = '';
  const result = await decodeObject({
    source: {
      byteLength,
      async *stream(start = 0, end = byteLength) {
        for (let from = start; from < end; from += 1024 * 1024) yield at(from, Math.min(end, from + 1024 * 1024));
      },
      read: async (start, end) => at(start, end),
      verify: async () => {},
      close: async () => {},
    },
    name: 'x.tar',
    limits: DEFAULT_LIMITS,
    consume: ({ bytes }) => {
      text += bytes.toString();
    },
  });
  assert.deepEqual([result.outcome, text], ['complete', TEXT]);
  assert.ok(read < 12 * 1024 * 1024, `${read}`);
});

test('the number of members is bounded', async () => {
  const bytes = Buffer.concat([...Array.from({ length: 20 }, (_, i) => tarEntry(`${i}.txt`, TEXT)), TAR_END]);
  const limits = { ...DEFAULT_LIMITS, maxEntries: 10 };
  const decoded = await decode(bytes, { markers: ['MARK'], limits });
  assert.deepEqual([decoded.result.outcome, decoded.hits.length], ['partial:entries-limit', 10]);
});

test('no name in an archive makes anybody write a file: a process that may not write reads all of it', async () => {
  const script = `
    import { decode } from ${JSON.stringify(new URL('./support.ts', import.meta.url).href)};
    import { TAR_END, tarEntry, zipOf } from ${JSON.stringify(new URL('./archives.ts', import.meta.url).href)};
    const names = ['../../etc/x', '/etc/y', 'C:\\\\\\\\z', 'a/../../../w'];
    const links = [['l', '2'], ['h', '1'], ['c', '3'], ['b', '4'], ['d/', '5'], ['p', '6']];
    const zip = zipOf(names.map((name) => ({ name, data: 'MARK' })));
    const tar = Buffer.concat([
      ...links.map(([name, type]) => tarEntry(name, '', { type, link: '/etc/passwd' })),
      ...names.map((name) => tarEntry(name, 'MARK')),
      tarEntry('in.zip', zip),
      TAR_END,
    ]);
    const { result, hits } = await decode(tar, { markers: ['MARK'] });
    console.log(process.permission.has('fs.write'), result.outcome, hits.length);
  `;
  const args = ['--permission', '--allow-fs-read=*', '--input-type=module-typescript', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  assert.equal(stdout, 'false complete 8\n');
});
