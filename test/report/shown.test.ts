import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesText, shown, thousands } from '../../src/report/shown.ts';
import { percentText } from '../../src/report/verdict.ts';

test('no text that can be seen is changed', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', ' ', '/') }), (text) =>
      assert.equal(shown(text), text),
    ),
  );
  assert.equal(shown('a\tb\u200b\ud800'), 'a\\u{9}b\\u{200b}\\u{d800}');
});

test('numbers are rounded so that nothing looks better than it is', () => {
  assert.equal(percentText(99.999), '99.9 %');
  assert.equal(percentText(100), '100 %');
  assert.equal(thousands(1234567), '1,234,567');
  assert.deepEqual([0, 999, 1000, 12345, 999_950, 5e9].map(bytesText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '12.3 kB',
    '1.0 MB',
    '5.0 GB',
  ]);
});
