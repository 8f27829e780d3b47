import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RunFilter, TokenRuns } from '../../src/scan/token-runs.ts';

const LETTERS = ['a', 'Z', '_', '-', '7'];
const NOTHING: RunFilter = { parts: new Uint8Array(256), beginnings: [], words: [], between: [], says: [] };
/** Whatever the letters, a run begins with one of these. */
const ALL = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c)));
const everything = new TokenRuns({ ...NOTHING, beginnings: ALL });

function found(bytes: Buffer, from = 0, to = bytes.length, runs = everything): [number, number][] {
  const each: [number, number][] = [];
  runs.each(bytes, from, to, (start, end) => each.push([start, end]));
  return each;
}

function expected(bytes: Buffer): [number, number][] {
  return [...bytes.toString('latin1').matchAll(/[0-9A-Za-z_-]+/g)]
    .filter(([run]) => run.length >= 12 && run.length <= 1024 && /[0-9]/.test(run))
    .map(({ index, 0: run }) => [index, index + run.length]);
}

const text = fc
  .array(fc.tuple(fc.constantFrom(...LETTERS, ' ', '.', 'é', '/', '\n'), fc.integer({ min: 1, max: 20 })), {
    maxLength: 40,
  })
  .map((parts) => Buffer.from(parts.map(([letter, count]) => letter.repeat(count)).join('')));

test('runs of twelve or more with a digit are found, wherever they lie', () => {
  fc.assert(
    fc.property(text, (bytes) => assert.deepEqual(found(bytes), expected(bytes))),
    { numRuns: 2000 },
  );
});

test('digits alone behind one of the given bytes are left out', () => {
  const parts = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 32 ? 1 : 0));
  const runs = new TokenRuns({ ...NOTHING, parts, beginnings: ALL });
  fc.assert(
    fc.property(text, (bytes) => {
      const isPlain = ([start, end]: [number, number]): boolean =>
        /^[0-9]+$/.test(bytes.toString('latin1', start, end)) && start > 0 && bytes[start - 1] === 32;
      assert.deepEqual(
        found(bytes, 0, bytes.length, runs),
        expected(bytes).filter((run) => !isPlain(run)),
      );
    }),
    { numRuns: 2000 },
  );
});

test('a run belongs to the part in which it starts', () => {
  fc.assert(
    fc.property(text, fc.nat(), (bytes, at) => {
      const cut = bytes.length === 0 ? 0 : at % bytes.length;
      assert.deepEqual([...found(bytes, 0, cut), ...found(bytes, cut)], expected(bytes));
    }),
    { numRuns: 1000 },
  );
});

test('runs are found across the blocks that are read at a time, and encoded data is none', () => {
  for (const length of [65_536, 131_072]) {
    for (let shift = -70; shift < 70; shift++) {
      const bytes = Buffer.from(
        `${' '.repeat(length - 8 + shift)}aaaaaaaa7aaaaaaa.${'a7'.repeat(40_000)} ${'Z7'.repeat(512)} aaa`,
      );
      assert.deepEqual(found(bytes), expected(bytes));
      assert.equal(found(bytes).length, 2);
    }
  }
});

test('a run without any trace of the table near it is left out', () => {
  const runs = new TokenRuns({
    ...NOTHING,
    beginnings: ['pfx_'],
    words: ['weatherbird', 'abc'],
    between: ['key', 'user'],
    says: ['token'],
  });
  const value = 'f3ac90b1e72d';
  const hints = (around: string): number[] => {
    const each: number[] = [];
    const bytes = Buffer.from(around);
    runs.each(bytes, 0, bytes.length, (_start, _end, hint) => each.push(hint));
    return each;
  };
  assert.deepEqual(hints(value), []);
  assert.deepEqual(hints(`weatherbird ${value}`), [2]);
  assert.deepEqual(hints(`weather_key=${value}`), []);
  assert.deepEqual(hints(`weatherbirdKey=${value}`), [2]);
  assert.deepEqual(hints(`weatherbirduserKey=${value}`), [2]);
  assert.deepEqual(hints(`weatherbirds_key=${value}`), []);
  assert.deepEqual(hints(`weatherbird_other_key=${value}`), []);
  assert.deepEqual(hints(`weatherbird_other_token_key=${value}`), [2]);
  assert.deepEqual(hints(`weatherbird_checksum=${value}`), []);
  assert.deepEqual(hints(`myweatherbird_key=${value}`), []);
  assert.deepEqual(hints(`abc_key=${value}`), [2]);
  assert.deepEqual(hints(`abcd_key=${value}`), []);
  assert.deepEqual(hints(`pfx_${value}`), [1]);
  assert.deepEqual(hints(`MY-pfx_${value}`), [1]);
  assert.deepEqual(hints(`pfa_${value}`), []);
  assert.deepEqual(hints(`token ${value} https://host`), [2]);
  assert.deepEqual(hints(`words ${value} https://host`), []);
});
