import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SketchHash } from '../../src/scan/sketch-hash.ts';

function hash(key: number, text: string): string {
  const sketch = new SketchHash(Buffer.alloc(32, key));
  sketch.update(text);
  return `${sketch.high.toString(16)}:${sketch.low.toString(16)}`;
}

test('the sketch hash is a function of key and text', () => {
  assert.equal(hash(1, 'value'), hash(1, 'value'));
  assert.notEqual(hash(1, 'value'), hash(2, 'value'));
});

test('texts that differ in one character or in length differ in their hash', () => {
  const seen = new Set<string>();
  for (let n = 0; n < 20_000; n++) seen.add(hash(3, `id-${n}`));
  for (const text of ['', '\0', '\0\0', 'a', 'a\0', 'a\0\0']) seen.add(hash(3, text));
  assert.equal(seen.size, 20_006);
});

test('both halves of the hash use their whole range evenly', () => {
  const sketch = new SketchHash(Buffer.alloc(32, 9));
  const buckets = new Int32Array(64);
  const rounds = 64_000;
  for (let n = 0; n < rounds; n++) {
    sketch.update(`n${n}`);
    buckets[sketch.high >>> 27] = (buckets[sketch.high >>> 27] as number) + 1;
    buckets[32 + (sketch.low >>> 27)] = (buckets[32 + (sketch.low >>> 27)] as number) + 1;
  }
  for (const count of buckets) assert.ok(Math.abs(count - rounds / 32) < rounds / 32 / 5, `bucket of ${count}`);
});
