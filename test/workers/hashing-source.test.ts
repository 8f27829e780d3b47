import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ByteSource, countingSource, memorySource } from '../../src/model/byte-source.ts';
import { hashingSource } from '../../workers/hashing-source.ts';

const BYTES = Buffer.from(Array.from({ length: 5000 }, (_unused, at) => (at * 131 + (at >> 7)) & 0xff));

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Delivers at most `most` bytes at a time. */
function inPieces(bytes: Buffer, most: number): ByteSource {
  return {
    ...memorySource(bytes),
    async *stream(start = 0, end = bytes.length) {
      for (let at = start; at < end; at += most) yield bytes.subarray(at, Math.min(end, at + most));
    },
  };
}

test('whatever is read, in whatever order, the hash is that of all bytes', async () => {
  const span = fc.tuple(fc.nat(BYTES.length), fc.nat(BYTES.length)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
  const step = fc.record({ span, isStream: fc.boolean(), chunks: fc.nat(4) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.integer({ min: 1, max: 3000 }), async (steps, most) => {
      const { source, finish } = hashingSource(inPieces(BYTES, most));
      for (const { span, isStream, chunks } of steps) {
        const [start = 0, end = 0] = span;
        if (!isStream) assert.ok((await source.read(start, end)).equals(BYTES.subarray(start, end)));
        else {
          let left = chunks;
          for await (const _chunk of source.stream(start, end)) if (left-- === 0) break;
        }
      }
      assert.equal((await finish()).sha256, sha256(BYTES));
    }),
  );
});

test('bytes that were read in order are not read again', async () => {
  const counted = countingSource(inPieces(BYTES, 700));
  const { source, finish } = hashingSource(counted.source);
  await source.read(0, 100);
  for await (const chunk of source.stream()) assert.ok(chunk.length > 0);
  assert.deepEqual(await finish(), { sha256: sha256(BYTES), bytesRead: 0 });
  assert.equal(counted.bytesRead(), 100 + BYTES.length);
});

test('what lies behind a gap is read once more, and counted', async () => {
  const counted = countingSource(inPieces(BYTES, 700));
  const { source, finish } = hashingSource(counted.source);
  await source.read(4900, 5000);
  await source.read(0, 1000);
  await source.read(2000, 5000);
  assert.deepEqual(await finish(), { sha256: sha256(BYTES), bytesRead: 4000 });
  assert.equal(counted.bytesRead(), 100 + 1000 + 3000 + 4000);
});

test('no hash is given for bytes that did not come', async () => {
  const short = { ...memorySource(BYTES), stream: () => memorySource(BYTES.subarray(1)).stream() };
  await assert.rejects(hashingSource(short).finish(), RangeError);
  const broken = { ...memorySource(BYTES), stream: () => gone() };
  await assert.rejects(hashingSource(broken).finish(), /gone/);
});

// biome-ignore lint/correctness/useYield: it breaks before its first chunk
async function* gone(): AsyncGenerator<Buffer> {
  throw new Error('gone');
}

test('no bytes have a hash too', async () => {
  assert.deepEqual(await hashingSource(memorySource(Buffer.alloc(0))).finish(), {
    sha256: sha256(Buffer.alloc(0)),
    bytesRead: 0,
  });
});
