import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countNewlines } from '../../src/decode/newlines.ts';

test('newlines are counted exactly in any part of a text of any length', () => {
  const some = Buffer.from(Array.from({ length: 50_000 }, (_, n) => (n % 7 === 3 ? '\n\n' : 'line')).join(''));
  const index = fc.integer({ min: 0, max: some.length });
  fc.assert(
    fc.property(fc.constantFrom(some, Buffer.alloc(some.length, '\n')), index, index, (text, a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const expected = text.subarray(from, to).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
      assert.equal(countNewlines(text, from, to), expected);
    }),
  );
});
