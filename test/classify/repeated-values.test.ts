import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RepeatedValues, smallColumn } from '../../src/classify/repeated-values.ts';

const hash = fc
  .nat(0xffffffff)
  .map((n) => Math.imul(n, 0x9e3779b1) >>> 0)
  .map((n) => n.toString(16).padStart(8, '0').repeat(2));

test('what is forgotten when there are too many values does not depend on the order', () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(hash, { maxLength: 6 }), { maxLength: 30 }), (objects) => {
      const countsOf = (list: string[][]): number[] => {
        const repeated = new RepeatedValues(16);
        for (const values of list) repeated.add(new Set(values));
        return [...new Set(objects.flat())].sort().map((value) => repeated.leastObjects([value]));
      };
      assert.deepEqual(countsOf([...objects].reverse()), countsOf(objects));
    }),
  );
});

test('the rarest value of a column counts', () => {
  const repeated = new RepeatedValues();
  for (let i = 0; i < 25; i++) repeated.add(new Set(i < 3 ? ['aa', 'bb'] : ['aa']));
  assert.equal(repeated.leastObjects(['aa']), 25);
  assert.equal(repeated.leastObjects(['aa', 'bb']), 3);
  assert.equal(repeated.leastObjects(['aa', 'cc']), 0);
});

test('a column of many values is data, not boilerplate', () => {
  assert.equal(smallColumn({ exact: [] }), null);
  assert.equal(smallColumn({ registers: '' }), null);
  assert.equal(smallColumn({ exact: Array.from({ length: 17 }, (_, i) => String(i)) }), null);
  assert.deepEqual(smallColumn({ exact: ['a'] }), ['a']);
});
