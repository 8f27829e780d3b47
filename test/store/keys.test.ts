import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeKey, encodeKey, frontCode, frontDecode, keyRange } from '../../src/store/keys.ts';

/** Any UTF-16, so also NUL, newlines, emoji, right-to-left marks and lone surrogates. */
const anyKey = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '\0', 'a\n', '퟿', '\ud7ff\ud800', '\udfff\ud800', 'x'.repeat(5000)),
);

test('any string comes back from its bytes', () => {
  fc.assert(fc.property(anyKey, (key) => decodeKey(encodeKey(key)) === key));
});

test('a key that is text has its UTF-8 bytes', () => {
  assert.deepEqual(encodeKey('ä🦄\0'), Buffer.from('ä🦄\0'));
});

test('keys come back from their front-coded form, sorted or not, as they were', () => {
  fc.assert(
    fc.property(fc.array(anyKey), fc.boolean(), (keys, isSorted) => {
      const bytes = keys.map(encodeKey);
      if (isSorted) bytes.sort(Buffer.compare);
      assert.deepEqual(frontDecode(frontCode(bytes)).map(decodeKey), bytes.map(decodeKey));
    }),
  );
});

test('a thousand keys of one folder take a fraction of their bytes', () => {
  const keys = Array.from({ length: 1000 }, (_, at) => encodeKey(`datasets/2026/train/part-${1000000 + at}.jsonl.zst`));
  const plain = keys.reduce((sum, { length }) => sum + length, 0);
  assert.ok(frontCode(keys).length < plain / 3);
});

test('every key lies in its range, whose ends fit into an index entry', () => {
  fc.assert(
    fc.property(fc.array(anyKey, { minLength: 1 }), (keys) => {
      const bytes = keys.map(encodeKey);
      const { min, max } = keyRange(bytes);
      assert.ok(bytes.every((key) => Buffer.compare(min, key) <= 0 && Buffer.compare(key, max) <= 0));
      assert.ok(min.length <= 513 && max.length <= 513);
    }),
  );
});
