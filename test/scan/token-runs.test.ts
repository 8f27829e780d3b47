import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eachTokenRun } from '../../src/scan/token-runs.ts';

const NO_PARTS = new Uint8Array(256);

function found(bytes: Buffer, from = 0, to = bytes.length, parts = NO_PARTS): [number, number][] {
  const runs: [number, number][] = [];
  eachTokenRun(bytes, from, to, parts, (start, end) => runs.push([start, end]));
  return runs;
}

function expected(bytes: Buffer): [number, number][] {
  return [...bytes.toString('latin1').matchAll(/[0-9A-Za-z_-]+/g)]
    .filter(([run]) => run.length >= 12 && run.length <= 1024 && /[0-9]/.test(run))
    .map(({ index, 0: run }) => [index, index + run.length]);
}

const text = fc
  .array(
    fc.tuple(fc.constantFrom('a', 'Z', '_', '-', '7', ' ', '.', 'é', '/', '\n'), fc.integer({ min: 1, max: 20 })),
    {
      maxLength: 40,
    },
  )
  .map((parts) => Buffer.from(parts.map(([letter, count]) => letter.repeat(count)).join('')));

test('runs of twelve or more with a digit are found, wherever they lie', () => {
  fc.assert(
    fc.property(text, (bytes) => assert.deepEqual(found(bytes), expected(bytes))),
    { numRuns: 2000 },
  );
});

test('digits alone behind one of the given bytes are left out', () => {
  const parts = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 32 ? 1 : 0));
  fc.assert(
    fc.property(text, (bytes) => {
      const isPlain = ([start, end]: [number, number]): boolean =>
        /^[0-9]+$/.test(bytes.toString('latin1', start, end)) && start > 0 && bytes[start - 1] === 32;
      assert.deepEqual(
        found(bytes, 0, bytes.length, parts),
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
  for (const shift of [0, 1, 5, 15, 16, 17]) {
    const bytes = Buffer.from(
      `${' '.repeat(65_536 - 8 + shift)}abcdefgh1jklmnop.${'x1'.repeat(40_000)} ${'y2'.repeat(512)} end`,
    );
    assert.deepEqual(found(bytes), expected(bytes));
    assert.equal(found(bytes).length, 2);
  }
});
