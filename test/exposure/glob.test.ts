import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFixedNetwork } from '../../src/exposure/cidr.ts';
import { globCovers, globMatches, globResiduals, globsOverlap } from '../../src/exposure/glob.ts';

const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });

test('a glob matches what the same regular expression matches', () => {
  fc.assert(
    fc.property(glob, text, (pattern, given) => {
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      assert.equal(globMatches(pattern, given), new RegExp(`^${source}$`).test(given));
    }),
  );
});

test('a glob that covers another matches whatever that one matches', () => {
  fc.assert(
    fc.property(glob, glob, text, (outer, inner, given) => {
      fc.pre(globCovers(outer, inner) && globMatches(inner, given));
      assert.ok(globMatches(outer, given));
    }),
    { maxSkipsPerRun: 10_000 },
  );
});

test('globs that share a text overlap', () => {
  fc.assert(
    fc.property(glob, glob, text, (left, right, given) => {
      if (globMatches(left, given) && globMatches(right, given)) assert.ok(globsOverlap(left, right));
    }),
  );
  assert.equal(globsOverlap('a*', 'b*'), false);
  assert.equal(globsOverlap('*/a', 'b/?'), true);
});

test('what is left of a glob after a prefix matches exactly what may follow it', () => {
  fc.assert(
    fc.property(glob, text, text, (pattern, prefix, rest) => {
      fc.pre(rest !== '');
      const isLeft = globResiduals(pattern, prefix).some((tail) => globMatches(tail, rest));
      assert.equal(isLeft, globMatches(pattern, prefix + rest));
    }),
  );
});

test('networks are fixed up to /8 and /32, private ones always', () => {
  for (const fixed of [
    '203.0.113.7',
    '203.0.113.0/24',
    '3.0.0.0/8',
    '10.0.0.0/8',
    '172.16.0.0/12',
    '2001:db8::/32',
    '::1',
  ]) {
    assert.equal(isFixedNetwork(fixed), true, fixed);
  }
  for (const open of [
    '0.0.0.0/0',
    '10.0.0.0/7',
    '172.0.0.0/7',
    '::/0',
    '2001::/31',
    '300.1.1.1',
    '1.2.3.4/33',
    'office',
    '1.2.3.4/8/8',
  ]) {
    assert.equal(isFixedNetwork(open), false, open);
  }
});
