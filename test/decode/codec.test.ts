import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { decodeObject } from '../../src/decode/decode-object.ts';
import { AssayError } from '../../src/errors.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { decode, memorySource } from './support.ts';

// Hard to compress, so that a byte in the middle is inside a block and not in a table.
let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed;
};
const TEXT = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${random().toString(36)} MARK`).join('\n');
const gz = gzipSync(TEXT);
const zst = zstdCompressSync(TEXT);
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
const LINES = 20_000;

async function hitsOf(bytes: Buffer, chunkBytes?: number): Promise<[string, number]> {
  const { hits, result } = await decode(bytes, {
    markers: ['MARK'],
    ...(chunkBytes === undefined ? {} : { chunkBytes }),
  });
  return [result.outcome, hits.length];
}

test('all members of a gzip stream are read, also when they begin anywhere in a chunk', async () => {
  for (const chunk of [61, 1000, 1_000_000]) {
    assert.deepEqual(await hitsOf(Buffer.concat([gz, gz]), chunk), ['complete', 2 * LINES]);
  }
});

test('all frames of a zstd stream are read, skippable ones passed over', async () => {
  for (const chunk of [61, 1000, 1_000_000]) {
    assert.deepEqual(await hitsOf(Buffer.concat([zst, SKIPPABLE, zst, SKIPPABLE]), chunk), ['complete', 2 * LINES]);
    assert.deepEqual(await hitsOf(Buffer.concat([SKIPPABLE, zst]), chunk), ['complete', LINES]);
  }
});

test('a truncated stream is scanned as far as it goes and says so', async () => {
  for (const bytes of [gz.subarray(0, gz.length >> 1), zst.subarray(0, zst.length >> 1)]) {
    const [outcome, hits] = await hitsOf(bytes);
    assert.equal(outcome, 'partial:truncated');
    assert.ok(hits > LINES / 4 && hits < LINES * 0.6, `${hits}`);
  }
  const [outcome, hits] = await hitsOf(gz.subarray(0, gz.length - 4));
  assert.equal(outcome, 'partial:truncated');
  assert.ok(hits >= LINES - 1);
  assert.deepEqual(await hitsOf(gz.subarray(0, 12)), ['partial:truncated', 0]);
  assert.deepEqual(await hitsOf(zst.subarray(0, 5)), ['partial:truncated', 0]);
});

test('a corrupt block stops the stream after what came before it', async () => {
  for (const bytes of [gz, zst]) {
    const broken = Buffer.from(bytes);
    broken.fill(0xff, broken.length >> 1, (broken.length >> 1) + 64);
    const [outcome, hits] = await hitsOf(broken);
    assert.equal(outcome, 'partial:corrupt');
    assert.ok(hits > LINES / 10, `${hits}`);
  }
});

test('a wrong checksum costs no text', async () => {
  const brokenGz = Buffer.from(gz);
  brokenGz[gz.length - 6] = (brokenGz[gz.length - 6] ?? 0) ^ 1;
  assert.deepEqual(await hitsOf(brokenGz), ['partial:corrupt', LINES]);
  const brokenZst = zstdCompressSync(TEXT, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  brokenZst[brokenZst.length - 1] = (brokenZst[brokenZst.length - 1] ?? 0) ^ 1;
  assert.deepEqual(await hitsOf(brokenZst), ['partial:corrupt', LINES]);
});

test('zero padding behind a gzip member is fine, anything else is not silence', async () => {
  assert.deepEqual(await hitsOf(Buffer.concat([gz, Buffer.alloc(700)])), ['complete', LINES]);
  assert.deepEqual(await hitsOf(Buffer.concat([gz, Buffer.from('trailing')])), ['partial:corrupt', LINES]);
  assert.deepEqual(await hitsOf(Buffer.concat([gz, Buffer.alloc(700), gz])), ['partial:corrupt', LINES]);
  assert.deepEqual(await hitsOf(Buffer.concat([zst, Buffer.from('trailing')])), ['partial:corrupt', LINES]);
});

test('codecs in codecs are undone to the depth limit', async () => {
  let bytes = Buffer.from('MARK\n');
  for (let i = 0; i < 5; i++) bytes = gzipSync(bytes);
  const { hits, result } = await decode(bytes, { markers: ['MARK'] });
  assert.equal(hits.length, 1);
  assert.equal(result.format, 'text+gzip+gzip+gzip+gzip+gzip');
  const deeper = await decode(gzipSync(bytes), { markers: ['MARK'] });
  assert.equal(deeper.result.outcome, 'partial:depth-limit');
});

test('an empty compressed object is complete', async () => {
  const { result } = await decode(gzipSync(''));
  assert.equal(result.outcome, 'complete');
  assert.equal(result.format, 'empty+gzip');
});

test('brotli is known by its name, and only if it decompresses', async () => {
  const br = brotliCompressSync(TEXT, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  for (const chunkBytes of [61, 1000, 1_000_000]) {
    const { hits, result } = await decode(br, { name: 'a.txt.br', markers: ['MARK'], chunkBytes });
    assert.deepEqual([result.outcome, result.format, hits.length], ['complete', 'text+brotli', LINES]);
  }
  const inside = await decode(brotliCompressSync('a,b\n1,MARK\n'), { name: 'a.csv.br', markers: ['MARK'] });
  assert.deepEqual([inside.result.format, inside.hits[0]?.location.column], ['csv+brotli', 'b']);
  const text = await decode(Buffer.from(TEXT), { name: 'a.br', markers: ['MARK'] });
  assert.deepEqual([text.result.format, text.hits.length], ['text', LINES]);
  assert.equal((await decode(br, { name: 'a.txt' })).result.outcome, 'skipped:unsupported');
  const half = await decode(br.subarray(0, br.length >> 1), { name: 'a.br', markers: ['MARK'] });
  assert.equal(half.result.outcome, 'partial:truncated');
  assert.ok(half.hits.length > LINES / 4);
  const more = await decode(Buffer.concat([br, Buffer.from('trailing')]), { name: 'a.br', markers: ['MARK'] });
  assert.deepEqual([more.result.outcome, more.hits.length], ['partial:corrupt', LINES]);
});

test('a chunk of the source may be overwritten as soon as the next one is asked for', async () => {
  const br = brotliCompressSync(TEXT, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  for (const [bytes, name] of [
    [gz, ''],
    [zst, ''],
    [Buffer.concat([gz, gz]), ''],
    [br, 'a.br'],
  ] as const) {
    const source = memorySource(bytes);
    const pooled = {
      ...source,
      async *stream(): AsyncGenerator<Buffer> {
        const pool = Buffer.alloc(70_000);
        for (let at = 0; at < bytes.length; at += pool.length) {
          const count = bytes.copy(pool, 0, at, at + pool.length);
          // The head is looked at while later chunks are read.
          yield at === 0 ? Buffer.from(pool.subarray(0, count)) : pool.subarray(0, count);
          pool.fill(0xaa);
        }
      },
    };
    let found = 0;
    const { outcome } = await decodeObject({
      source: pooled,
      name,
      limits: DEFAULT_LIMITS,
      consume: (segment) => {
        const text = segment.bytes.toString('latin1', segment.from, segment.to);
        found += text.split('MARK').length - 1;
      },
    });
    assert.equal(outcome, 'complete');
    assert.ok(found >= LINES - 2, `${found}`);
  }
});

test('padding behind a gzip member may be longer than a chunk, and what follows it is not silence', async () => {
  assert.deepEqual(await hitsOf(Buffer.concat([gz, Buffer.alloc(5000)]), 1000), ['complete', LINES]);
  const hidden = Buffer.concat([gz, Buffer.alloc(5000), gz]);
  assert.deepEqual(await hitsOf(hidden, 1000), ['partial:corrupt', LINES]);
});

test('a zstd window that is too large to be given is a limit of memory', async () => {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3, 1, 0, 0]);
  assert.deepEqual(await hitsOf(header), ['partial:memory-limit', 0]);
});

test('a bomb stops at the ratio, in bounded memory', async () => {
  let bomb = Buffer.alloc(0);
  const member = gzipSync(Buffer.alloc(32 * 1024 * 1024, 'a'), { level: 9 });
  bomb = Buffer.concat(Array.from({ length: 8 }, () => member));
  const { result } = await decode(bomb, { limits: { ...DEFAULT_LIMITS, maxRatio: 100 } });
  assert.equal(result.outcome, 'partial:ratio-limit');
  assert.ok(result.bytesScanned >= 98_000_000 && result.bytesScanned < 110_000_000);
});

test('decoding stops at the limit of decoded bytes, plain and compressed', async () => {
  for (const bytes of [Buffer.from(TEXT), gz, zst]) {
    const { result, hits } = await decode(bytes, {
      markers: ['MARK'],
      limits: { ...DEFAULT_LIMITS, maxDecodedBytes: 200_000 },
    });
    assert.equal(result.outcome, 'partial:decoded-bytes-limit');
    assert.ok(result.bytesScanned <= 200_000);
    assert.ok(hits.length < LINES);
  }
});

test('a caller that gives up gets a cancelled error and the source is let go', async () => {
  const controller = new AbortController();
  const source = memorySource(gz, 4096);
  const run = decodeObject({
    source,
    name: '',
    limits: DEFAULT_LIMITS,
    consume: () => controller.abort(),
    signal: controller.signal,
    window: { window: 4096, left: 64, right: 64 },
  });
  await assert.rejects(run, (error) => error instanceof AssayError && error.code === 'cancelled');
  assert.equal(source.closedStreams, 1);
});

test('an error of the source passes as it is, through codecs too', async () => {
  for (const bytes of [Buffer.from(TEXT), gz, zst]) {
    const source = memorySource(bytes);
    const failing = {
      ...source,
      async *stream(): AsyncGenerator<Buffer> {
        yield Buffer.from(bytes.subarray(0, bytes.length >> 1));
        throw new AssayError('network', 'read: connection reset');
      },
    };
    const run = decodeObject({ source: failing, name: '', limits: DEFAULT_LIMITS, consume: () => undefined });
    await assert.rejects(run, (error) => error instanceof AssayError && error.code === 'network');
  }
});

test('an object that takes too long is partial:time-limit', async () => {
  const source = memorySource(Buffer.from(TEXT), 1024);
  const { outcome } = await decodeObject({
    source,
    name: '',
    limits: { ...DEFAULT_LIMITS, maxObjectMs: 1e-9 },
    consume: () => undefined,
  });
  assert.equal(outcome, 'partial:time-limit');
});
