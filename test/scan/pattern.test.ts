import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import type RE2Type from 're2';
import { deriveTriggers } from '../../src/scan/derive-triggers.ts';
import { measurePattern, printPattern } from '../../src/scan/pattern-measure.ts';
import { PatternError, parsePattern } from '../../src/scan/pattern-parse.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

function problemOf(pattern: string): string {
  try {
    parsePattern(pattern);
  } catch (error) {
    assert.ok(error instanceof PatternError);
    return error.message;
  }
  assert.fail(`${pattern} was taken`);
}

function triggersOf(pattern: string): unknown {
  const derived = deriveTriggers(parsePattern(pattern));
  return 'triggers' in derived ? derived.triggers : derived.missing;
}

const atom = fc.constantFrom(
  'a',
  'Z',
  '7',
  '_',
  '-',
  '.',
  '\\.',
  '\\d',
  '\\w',
  '\\s',
  '\\D',
  'é',
  '[a-cX]',
  '[^a-c]',
  '[\\d.-]',
  '[[:alpha:]]',
  '\\x41',
  '\\x{e9}',
  '\\n',
  '\\pL',
  '[\\p{Lu}9]',
);
const pattern = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, atom, tie('sequence'), tie('choice'), tie('repeat'), tie('group')),
  sequence: fc.array(tie('any'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  choice: fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join('|')})`),
  repeat: fc
    .tuple(tie('any'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?'))
    .map(([part, count]) => `(?:${part})${count}`),
  group: tie('any')
    .filter((part) => !String(part).includes('\\p'))
    .map((part) => `(?:(?i)${part})`),
})).any as fc.Arbitrary<string>;
const text = fc.string({ unit: fc.constantFrom(...'abcXZz7_-. \néÉ.k\u212a'), maxLength: 12 });

test('a pattern written out again matches what it matched before, within the measured lengths', () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 5, maxLength: 5 }), (given, texts) => {
      const node = parsePattern(given);
      const printed = new RE2(printPattern(node), 'u');
      // The engine folds letters beyond ASCII too, which a detector does not.
      const original = new RE2(given, 'u');
      const isFolded = given.includes('(?i)');
      const { shortest, longest } = measurePattern(node);
      for (const one of texts) {
        const found = printed.exec(one);
        if (!isFolded || /^[\0-\x7f]*$/.test(one + given)) assert.equal(found?.[0], original.exec(one)?.[0], given);
        if (found === null) continue;
        const length = Buffer.byteLength(found[0]);
        assert.ok(length >= shortest && length <= longest, `${given}: ${length} is not in ${shortest}..${longest}`);
      }
    }),
    { numRuns: 400 },
  );
});

test('what is derived to be looked for stands in every match', () => {
  fc.assert(
    fc.property(
      pattern,
      fc.constantFrom('acme_', 'Key-Q', 'x9z_k'),
      pattern,
      fc.array(text, { minLength: 4, maxLength: 4 }),
      (left, fixed, right, texts) => {
        const node = parsePattern(`${left}${fixed}${right}`);
        const derived = deriveTriggers(node);
        if ('missing' in derived) return;
        const re2 = new RE2(printPattern(node), 'u');
        for (const one of texts) {
          const found = re2.exec(`${one}${fixed}${one}`)?.[0];
          if (found === undefined) continue;
          const has = derived.triggers.some((trigger) => {
            assert.ok('literal' in trigger);
            const { literal, fold, at } = trigger;
            const where = fold ? found.toLowerCase().indexOf(literal.toLowerCase()) : found.indexOf(literal);
            return at === 'inside' ? where >= 0 : where === 0;
          });
          assert.ok(has, JSON.stringify(derived.triggers));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the rarest fixed text of each way through a pattern is looked for', () => {
  assert.deepEqual(triggersOf('acme_(?:live|test)_[0-9a-z]{24}'), [
    { literal: 'acme_live_' },
    { literal: 'acme_test_' },
  ]);
  assert.deepEqual(triggersOf('(?i)emp-\\d{6}'), [{ literal: 'emp-', fold: true }]);
  assert.deepEqual(triggersOf('[A-Z]{3}@acme\\.example'), [{ literal: '@acme.example', at: 'inside' }]);
  assert.deepEqual(triggersOf('tok[eo]n:[0-9]{10}'), [{ literal: 'token:' }, { literal: 'tokon:' }]);
  assert.deepEqual(triggersOf('(?:K9){3}[a-z]{4}'), [{ literal: 'K9K9K9' }]);
});

test('a pattern without rare fixed text is answered with what to add', () => {
  assert.match(String(triggersOf('\\d{3}-\\d{2}-\\d{4}')), /digits: \['999-99-9999'\]/);
  assert.match(String(triggersOf('[A-Z]{2}\\d{6}')), /sequence: 'AA999999'/);
  assert.match(String(triggersOf('the[a-z]{5}')), /add triggers/);
  assert.match(String(triggersOf('acme_[a-z]{5}|[a-z]{9}')), /add triggers/);
  assert.match(String(triggersOf('(?:acme_)?[a-z]{5}')), /add triggers/);
  assert.match(String(triggersOf('aaaa[0-9]{5}')), /add triggers/);
});

test('what RE2 or a detector does not allow is named with its place', () => {
  assert.match(problemOf('ab(?=c)'), /look-ahead.*character 5/);
  assert.match(problemOf('(a)\\1'), /reference back/);
  for (const anchor of ['^a', 'a$', '\\ba', 'a\\z']) assert.match(problemOf(anchor), /edges/);
  assert.match(problemOf('a{1001}'), /1000 times/);
  assert.match(problemOf('a**'), /repetition of a repetition/);
  assert.match(problemOf('(a'), /without its \)/);
  assert.match(problemOf('a)'), /without its \(/);
  assert.match(problemOf('[a'), /without its \]/);
  assert.match(problemOf('[z-a]'), /ends before it begins/);
  assert.match(problemOf('(?m)a'), /only i .* and s/);
  assert.match(problemOf('(?P<x>a)(?P<x>b)'), /two groups are called x/);
  assert.match(problemOf('\\Qa\\E'), /no \\Q/);
  assert.match(problemOf('(?i)\\pL'), /cannot ignore case/);
  assert.match(problemOf('+a'), /nothing to repeat/);
  assert.match(problemOf('('.repeat(200)), /nested deeper/);
});

test('the size of a program is seen before it is built', () => {
  assert.ok(measurePattern(parsePattern('((a{1000}){1000})')).program > 1_000_000);
  assert.ok(measurePattern(parsePattern('acme_[0-9a-z]{24}')).program < 100);
});
