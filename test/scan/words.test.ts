import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileWords, hasAny, normaliseWords, WordFilter, wordsAround } from '../../src/scan/words.ts';

const has = (list: string[], left: string, right = '') => hasAny(wordsAround(left, right), compileWords(list));

test('names and prose are brought to the same words', () => {
  assert.equal(normaliseWords('customerEmail'), 'customer email');
  assert.equal(normaliseWords('  Customer-E_Mail: '), 'customer e mail');
  assert.equal(normaliseWords('userSSN'), 'user ssn');
  assert.equal(normaliseWords('card # and SS#: '), 'card # and ss#');
  assert.equal(normaliseWords('Größe ÉCOLE'), 'größe école');
});

test('a word counts only as a whole word, a plural included', () => {
  assert.equal(has(['ssn'], 'the SSN is '), true);
  assert.equal(has(['ssn'], 'SSNs: '), true);
  assert.equal(has(['ssn'], 'lessn '), false);
  assert.equal(has(['lic'], 'public '), false);
  assert.equal(has(['ssn'], '', '(ssn)'), true);
});

test('a phrase counts when its words stand together, not across the value', () => {
  assert.equal(has(['social security'], 'his Social-Security no. '), true);
  assert.equal(has(['social security'], 'social ', 'security'), false);
  assert.equal(has(['account number'], 'account numbers '), true);
});

test('words of scripts without spaces are found inside running text', () => {
  assert.equal(has(['身份证'], '我的身份证号码是'), true);
  assert.equal(has(['身份证'], '我的护照号码是'), false);
  assert.equal(has(['téléphone'], 'Téléphone : '), true);
});

test('the filter never misses a word that stands in the text', () => {
  const word = fc.constantFrom(
    'ssn',
    'SSN',
    'cards',
    'cardNumber',
    'account-number',
    'tel.',
    'no#',
    'x',
    'Konto',
    'é',
    '12',
  );
  const lists = ['ssn', 'card', 'card number', 'account number', 'tel', 'no#', 'konto'].map((entry) => ({
    entry,
    list: compileWords([entry]),
  }));
  fc.assert(
    fc.property(fc.array(word), fc.array(word), fc.constantFrom(' ', '_', '": "', ''), (left, right, joint) => {
      const before = Buffer.from(left.join(joint));
      const after = Buffer.from(right.join(joint));
      const filter = new WordFilter();
      filter.add(before, 0, before.length);
      filter.add(after, 0, after.length);
      for (const { entry, list } of lists) {
        if (hasAny(wordsAround(before.toString(), after.toString()), list)) assert.ok(filter.mayHave(list), entry);
      }
    }),
  );
});

test('texts with one trace have the same words of every list', () => {
  const lists = ['ssn', 'card', 'card number', 'account number', 'number is', 'no#', 'x', 'w2 form'].map((entry) =>
    compileWords([entry]),
  );
  const word = fc.constantFrom(
    'ssn',
    'Cards',
    'card',
    'number',
    'is',
    'account',
    'x',
    'xs',
    'w2',
    'forms',
    'zzz',
    'Qq',
    '12',
    'é',
    '#',
  );
  const joint = fc.constantFrom(' ', '_', '": "', '', '.');
  const side = fc.tuple(fc.array(word, { maxLength: 4 }), joint).map(([words, between]) => words.join(between));
  const answers = new Map<number, string>();
  let again = 0;
  fc.assert(
    fc.property(side, side, (left, right) => {
      const filter = new WordFilter();
      for (const bytes of [left, right].map((text) => Buffer.from(text))) filter.add(bytes, 0, bytes.length);
      const { trace } = filter;
      const around = wordsAround(left, right);
      if (Number.isNaN(trace)) return assert.notEqual(around.text, null);
      const found = lists.map((list) => hasAny(around, list)).join();
      if (answers.has(trace)) again++;
      assert.equal(answers.get(trace) ?? found, found, `${left} … ${right}`);
      answers.set(trace, found);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(answers.size > 100 && again > 1000, `${answers.size} traces, met ${again} times again`);
});

test('the filter passes over text without any of the words', () => {
  const filter = new WordFilter();
  const bytes = Buffer.from('nothing of interest stands here, not even lessn');
  filter.add(bytes, 0, bytes.length);
  assert.equal(filter.mayHave(compileWords(['ssn', 'card', 'phone'])), false);
});
