import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DistinctCounter, estimateDistinct, mergeSketches } from '../../src/classify/distinct.ts';
import type { DistinctSketch } from '../../src/model/finding.ts';

const EMPTY: DistinctSketch = { exact: [] };
/** Spreads small numbers over 64 bits, as a keyed hash does. */
function hashOf(n: number): [number, number] {
  const mix = (x: number): number => {
    let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  return [mix(n + 1), mix(n * 2654435761 + 12345)];
}
function sketchOf(numbers: Iterable<number>): DistinctSketch {
  const counter = new DistinctCounter();
  for (const n of numbers) counter.add(...hashOf(n));
  return counter.toSketch();
}
/** Sets around the limit of 256 and far beyond it. */
const numbers = fc
  .record({ from: fc.nat(600), count: fc.oneof(fc.nat(20), fc.nat(300), fc.constant(700)) })
  .map(({ from, count }) => Array.from({ length: count }, (_, i) => from + i));

test('merging is associative, commutative and idempotent to the byte, and equals adding everything to one', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (x, y, z) => {
      const [a, b, c] = [sketchOf(x), sketchOf(y), sketchOf(z)];
      assert.deepEqual(mergeSketches(a, b), mergeSketches(b, a));
      assert.deepEqual(mergeSketches(mergeSketches(a, b), c), mergeSketches(a, mergeSketches(b, c)));
      assert.deepEqual(mergeSketches(a, a), a);
      assert.deepEqual(mergeSketches(a, EMPTY), a);
      assert.deepEqual(mergeSketches(a, b), sketchOf([...x, ...y]));
    }),
    { numRuns: 60 },
  );
});

test('the order of adding does not show', () => {
  fc.assert(
    fc.property(numbers, (list) => assert.deepEqual(sketchOf([...list].reverse()), sketchOf(list))),
    { numRuns: 40 },
  );
});

test('up to 256 values are counted exactly and kept as sorted 64-bit hex', () => {
  const sketch = sketchOf(Array.from({ length: 256 }, (_, i) => i).concat([1, 2, 3]));
  assert.ok('exact' in sketch);
  assert.equal(sketch.exact.length, 256);
  assert.deepEqual(sketch.exact, [...sketch.exact].sort());
  assert.ok(sketch.exact.every((hash) => /^[0-9a-f]{16}$/.test(hash)));
  assert.ok('registers' in sketchOf(Array.from({ length: 257 }, (_, i) => i)));
});

test('the hash of all zeros counts like any other', () => {
  const counter = new DistinctCounter();
  counter.add(0, 0);
  counter.add(0, 0);
  assert.equal(counter.estimate(), 1);
  assert.deepEqual(counter.toSketch(), { exact: ['0000000000000000'] });
});

test('large counts are within 5 % of the truth', () => {
  for (const count of [300, 1000, 9000, 12_000, 200_000]) {
    const counter = new DistinctCounter();
    for (let i = 0; i < count; i++) counter.add(...hashOf(i));
    assert.ok(Math.abs(counter.estimate() / count - 1) < 0.05, `${counter.estimate()} for ${count}`);
    assert.equal(estimateDistinct(counter.toSketch()), counter.estimate());
  }
});
