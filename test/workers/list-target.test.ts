import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from '../../src/model/object.ts';
import { cutShards, ownKeys } from '../../workers/list-target.ts';
import { BUCKET, objectRef } from './sample.ts';

const everything = (): boolean => true;

test('a shard holds at most 1,000 objects', () => {
  const objects = Array.from({ length: 2001 }, (_, index) => objectRef(`k${index}`, 1));
  const shards = cutShards('file:///data', objects, everything, 0);
  assert.deepEqual(
    shards.map((shard) => shard.objects.length),
    [1000, 1000, 1],
  );
  assert.deepEqual(
    shards.flatMap((shard) => shard.objects),
    objects,
  );
});

test('a shard holds at most 1 GiB, or one larger object', () => {
  const gib = 1024 ** 3;
  const sizes = [gib / 2, gib / 2, 1, 5 * gib, 1, 1];
  const objects = sizes.map((size, index) => objectRef(`k${index}`, size));
  assert.deepEqual(
    cutShards('file:///data', objects, everything, 100 * gib).map((shard) => shard.objects.map(({ key }) => key)),
    [['k0', 'k1'], ['k2'], ['k3'], ['k4', 'k5']],
  );
});

test('the shards of a small target are small, so that there is work for every worker', () => {
  const mib = 1024 ** 2;
  const objects = Array.from({ length: 1000 }, (_, index) => objectRef(`k${index}`, 8 * mib));
  const sizes = cutShards('file:///data', objects, everything, 0).map((shard) => shard.objects.length * 8);
  assert.deepEqual([sizes[0], sizes[31]], [64, 64]);
  assert.ok(sizes.slice(0, -1).every((size) => size >= 64 && size <= 8000 / 32));
  assert.ok(sizes.length < 100);
});

test('what is not to be read has its outcome from the listing', () => {
  const objects = [
    objectRef('a'),
    objectRef('b'),
    objectRef('c', 1, 'DEEP_ARCHIVE'),
    objectRef('d', 1, 'STANDARD_IA'),
    { ...objectRef('e'), skip: 'unsupported' as const },
  ];
  const [shard] = cutShards('file:///data', objects, (key) => key !== 'b', 0);
  assert.deepEqual(shard?.outcomes, [null, 'skipped:excluded', 'skipped:archived-tier', null, 'skipped:unsupported']);
});

test('where targets overlap, an object belongs to the first of them alone', () => {
  const target = (prefix: string, glob?: string, bucket = BUCKET): Target => {
    const whole = { text: '', bucket, prefix };
    return glob === undefined ? whole : { ...whole, glob };
  };
  const other = { ...BUCKET, uri: 'file:///other' };
  const targets = [target('a/'), target('', '*.txt'), target('', 'b.txt', other), target(''), target('')];
  const allowed = (key: string): number[] => [...targets.keys()].filter((index) => ownKeys(targets, index)(key));
  assert.deepEqual(allowed('a/x.txt'), [0, 2]);
  assert.deepEqual(allowed('b.txt'), [0, 1, 2]);
  assert.deepEqual(allowed('c'), [0, 1, 2, 3]);
});
