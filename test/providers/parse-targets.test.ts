import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Target } from '../../src/model/object.ts';
import { FilesystemProvider } from '../../src/providers/filesystem.ts';
import { parseTargets } from '../../src/providers/parse-targets.ts';
import { ownKeys } from '../../workers/list-target.ts';
import { list } from './contract.ts';

const root = mkdtempSync(join(tmpdir(), 'assay-targets-'));
after(() => rmSync(root, { recursive: true, force: true }));
for (const folder of ['a/b/c', 'a/b[1]', 'ab']) mkdirSync(join(root, folder), { recursive: true });
for (const file of ['a/x.txt', 'a/b/y.txt', 'a/b/c/z.txt', 'a/b[1]/w.txt', 'ab/v.txt']) {
  writeFileSync(join(root, file), file);
}

/** `bucket: keys` as a scan of these targets would list them, each object once. */
async function listed(...texts: string[]): Promise<string[]> {
  const targets = parseTargets(texts, root);
  const provider = new FilesystemProvider();
  const found: string[] = [];
  for (const [index, target] of targets.entries()) {
    const isOwn = ownKeys(targets, index);
    for (const { key } of await list({ provider, bucket: target.bucket }, target)) {
      if (isOwn(key)) found.push(`${target.bucket.name.slice(root.length + 1)}: ${key}`);
    }
  }
  return found;
}

const plain = ({ bucket, prefix, glob }: Target) => [bucket.name.slice(root.length + 1), prefix, glob];

test('a folder inside another one is a part of its bucket, and its files are listed once, whichever comes first', async () => {
  assert.deepEqual(await listed('a', 'a/b'), ['a: b/c/z.txt', 'a: b/y.txt', 'a: b[1]/w.txt', 'a: x.txt']);
  assert.deepEqual(await listed('a/b/c', 'a/b', 'a'), ['a: b/c/z.txt', 'a: b/y.txt', 'a: b[1]/w.txt', 'a: x.txt']);
  assert.deepEqual(await listed('a/b/*.txt', 'a'), ['a: b/y.txt', 'a: b/c/z.txt', 'a: b[1]/w.txt', 'a: x.txt']);
});

test('a glob takes in the folders where its keys may be, and no others', async () => {
  assert.deepEqual(await listed('a/**/*.txt', 'a/b'), ['a: b/c/z.txt', 'a: b/y.txt', 'a: b[1]/w.txt', 'a: x.txt']);
  assert.deepEqual(await listed('a/*.txt', 'a/b'), ['a: x.txt', 'a/b: c/z.txt', 'a/b: y.txt']);
  assert.deepEqual(parseTargets(['a/*/y.txt', 'a/b/*.txt'], root).map(plain), [
    ['a', '', '*/y.txt'],
    ['a', 'b/', 'b/*.txt'],
  ]);
});

test('folders that only share the beginning of a name, single files and buckets stay what they are', async () => {
  assert.deepEqual(await listed('ab', 'a/b'), ['ab: v.txt', 'a/b: c/z.txt', 'a/b: y.txt']);
  assert.deepEqual(await listed('a/x.txt', 'a/b'), ['a: x.txt', 'a/b: c/z.txt', 'a/b: y.txt']);
  const texts = ['s3://bucket/a', 's3://bucket/a/b', '-', '/'];
  assert.deepEqual(
    parseTargets(texts, root).map(({ bucket, prefix }) => [bucket.uri, prefix]),
    [
      ['s3://bucket', 'a'],
      ['s3://bucket', 'a/b'],
      ['file:///dev', 'stdin'],
      ['file://', ''],
    ],
  );
});

test('a file in a folder that is scanned too is one object of that folder', async () => {
  assert.deepEqual(await listed('a', 'a/b/y.txt'), ['a: b/c/z.txt', 'a: b/y.txt', 'a: b[1]/w.txt', 'a: x.txt']);
  assert.deepEqual(parseTargets(['a/b[1]/w.txt', 'a'], root).map(plain)[0]?.slice(0, 2), ['a', 'b[1]/w.txt']);
});
