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

test('chunks that are given back are read into again, and the bytes stay those of the file', async (t) => {
  const bytes = numbered(12 * MIB + 77);
  const source = await sourceOf(t, bytes);
  const memory = new Set<ArrayBufferLike>();
  let at = 0;
  for await (const chunk of source.stream()) {
    assert.ok(chunk.equals(bytes.subarray(at, at + chunk.length)));
    at += chunk.length;
    memory.add(chunk.buffer);
    source.recycle(chunk.subarray(1));
  }
  assert.equal(at, bytes.length);
  assert.ok(memory.size <= 4, `${memory.size}`);
});

test('chunks that are not given back are never written to, and what is given back twice or is no chunk is not lent twice', async (t) => {
  const bytes = numbered(12 * MIB);
  const source = await sourceOf(t, bytes);
  const kept: Buffer[] = [];
  let index = 0;
  for await (const chunk of source.stream()) {
    if (index++ % 3 === 0) {
      for (let times = 0; times < 3; times++) source.recycle(chunk);
      source.recycle(Buffer.alloc(MIB));
      source.recycle(await source.read(0, MIB));
    } else kept.push(chunk);
  }
  assert.equal(new Set(kept.map(({ buffer }) => buffer)).size, 8);
  kept.forEach((chunk, n) => {
    const at = (n + 1 + Math.floor(n / 2)) * MIB;
    assert.ok(chunk.equals(bytes.subarray(at, at + MIB)), `chunk ${n}`);
  });
});
