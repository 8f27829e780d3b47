import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import RE2 from 're2';
import { loadCatalog } from '../../detectors/catalog.ts';
import { issuerRows } from '../../detectors/issuers.ts';
import { createRandom, expandExample } from '../../detectors/sample.ts';
import { parseShape, sampleShape, shapePattern } from '../../detectors/shape.ts';
import { byteSet } from '../../src/scan/automaton.ts';
import { MAY_FOLLOW } from '../../src/scan/edges.ts';
import { firstBytes, mayBegin } from '../../src/scan/first-bytes.ts';

const ANY = MAY_FOLLOW.none;

/** Where a match begins, by RE2. */
function begins(pattern: string, bytes: Buffer): number[] {
  const sticky = new RE2(pattern, 'uy');
  return Array.from(bytes.keys()).filter((at) => {
    sticky.lastIndex = at;
    return sticky.test(bytes);
  });
}

test('where a match begins, its first bytes say that one may', () => {
  const letters = fc.constantFrom(
    'a',
    'b',
    '[ab]',
    '[^a]',
    '.',
    '(?:ab|c)',
    '(?:|b)',
    '\\p{L}',
    'é',
    '[a-é]',
    '(?i:k)',
    '\\x61',
  );
  const counts = fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,3}', '{0}', '{30,40}', '{2,}', '{33}');
  const piece = fc.tuple(letters, counts).map(([letter, count]) => letter + count);
  const one = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
  const group = fc
    .tuple(fc.array(one, { minLength: 1, maxLength: 3 }), counts)
    .map(([all, n]) => `(?:${all.join('|')})${n}`);
  const pattern = fc.array(fc.oneof(one, group), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  const unit = fc.constantFrom('a', 'b', 'c', 'k', 'K', '\u212a', 'é', '日', '\n', ' ');
  let matches = 0;
  let ruledOut = 0;
  const isAllowed = (pattern: string): boolean => {
    try {
      return new RE2(pattern, 'u').source !== '';
    } catch {
      // Repetitions of repetitions that RE2 does not take.
      return false;
    }
  };
  fc.assert(
    fc.property(pattern.filter(isAllowed), fc.string({ unit, maxLength: 60 }), (pattern, text) => {
      const first = firstBytes(pattern, ANY);
      const bytes = Buffer.from(text);
      const places = begins(pattern, bytes);
      for (const at of places) assert.ok(mayBegin(first, bytes, at), `${pattern} in ${text} at ${at}`);
      matches += places.length;
      ruledOut += Array.from(bytes.keys()).filter((at) => !mayBegin(first, bytes, at)).length;
    }),
    { numRuns: 500 },
  );
  assert.ok(matches > 300 && ruledOut > 300, `${matches} matches, ${ruledOut} places ruled out`);
});

test('no match of a detector or of a row of the table is ruled out, and nearly all of what is none', async () => {
  let matches = 0;
  let places = 0;
  let passed = 0;
  for (const { pattern, examples, counterExamples } of await loadCatalog()) {
    if (pattern === undefined) continue;
    const first = firstBytes(pattern, ANY);
    for (const example of [...examples, ...Object.values(counterExamples)]) {
      const bytes = Buffer.from(expandExample(example, 1)).subarray(0, 1000);
      const found = begins(pattern, bytes);
      for (const at of found) assert.ok(mayBegin(first, bytes, at), `${pattern} at ${at}`);
      matches += found.length;
      places += bytes.length;
      passed += Array.from(bytes.keys()).filter((at) => mayBegin(first, bytes, at)).length;
    }
  }
  const random = createRandom('first bytes');
  for (const { shape } of issuerRows()) {
    const nodes = parseShape(shape);
    const first = firstBytes(shapePattern(nodes), MAY_FOLLOW.word);
    for (const behind of ['', '"', '\n']) {
      const value = sampleShape(nodes, random);
      assert.ok(mayBegin(first, Buffer.from(value + behind), 0), shape);
    }
  }
  assert.ok(matches > 500, `only ${matches} matches`);
  assert.ok(passed - matches < places / 10, `${passed} of ${places} places passed, ${matches} are matches`);
});

test('the byte behind a match counts only where the match may end', () => {
  const first = firstBytes(
    'ab{2,3}',
    byteSet((byte) => byte === 32),
  );
  const says = (text: string): boolean => mayBegin(first, Buffer.from(text), 0);
  assert.deepEqual(['abb ', 'abb', 'abbb', 'abbbx'].map(says), [true, true, true, true]);
  assert.deepEqual(['abbx', 'ab', 'ab ', ''].map(says), [false, false, false, false]);
});
