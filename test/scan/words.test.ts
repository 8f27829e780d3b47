import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileWords, hasAny, normaliseWords, wordsAround } from '../../src/scan/words.ts';

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
