import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FileSource } from '../../src/providers/file-source.ts';

const MIB = 1024 * 1024;

async function sourceOf(t: TestContext, bytes: Buffer): Promise<FileSource> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-file-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  const file = { byteLength: bytes.length, version: '', root: folder };
  const source = new FileSource(await open(path), file, { requests: 0, retries: 0, bytes: 0 }, undefined);
  t.after(() => source.close());
  return source;
}

function numbered(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4096) bytes.writeUInt32LE(at, at);
  return bytes;
}

test('the memory of a chunk that is given back is freed, and that of all others stays as it is', async (t) => {
  const bytes = numbered(12 * MIB + 77);
  const source = await sourceOf(t, bytes);
  const kept: { at: number; chunk: Buffer }[] = [];
  let at = 0;
  for await (const chunk of source.stream()) {
    assert.ok(chunk.equals(bytes.subarray(at, at + chunk.length)));
    if (kept.length * 3 * MIB <= at) kept.push({ at, chunk });
    else {
      source.recycle(chunk.subarray(1));
      source.recycle(chunk);
      assert.equal(chunk.length, 0);
    }
    at += Math.min(MIB, bytes.length - at);
  }
  const read = await source.read(5, MIB);
  source.recycle(read);
  assert.equal(read.length, 0);
  for (const { at, chunk } of kept) assert.ok(chunk.equals(bytes.subarray(at, at + MIB)));
  assert.equal(kept.length, 5);
});

test('memory that a file did not give is not freed', async (t) => {
  const source = await sourceOf(t, numbered(MIB));
  const own = Buffer.alloc(MIB);
  source.recycle(own);
  assert.equal(own.length, MIB);
});
