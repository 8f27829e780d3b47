import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeTrials } from '../../src/classify/column-test.ts';

const verdict = (distinct: number, passes: number, randomPass: number): string =>
  judgeTrials({ distinct, passes, randomPass }).verdict;

test('with one in eleven passing by chance, nine of nine are enough and four of four are not', () => {
  assert.equal(verdict(9, 9, 1 / 11), 'accepted');
  assert.equal(verdict(4, 4, 1 / 11), 'undecided');
});

test('a large column that passes at the chance rate is rejected', () => {
  assert.equal(verdict(859, 82, 1 / 11), 'rejected');
  assert.equal(verdict(2000, 36, 0.018), 'rejected');
});

test('a pass rate far above chance is accepted although half of the column is something else', () => {
  assert.equal(verdict(200, 100, 1 / 11), 'accepted');
  assert.equal(verdict(200, 36, 0.099), 'rejected', 'clocks pass twice as often as chance');
});

test('typing errors do not spoil a column', () => {
  assert.equal(verdict(500, 490, 0.0102), 'accepted');
});

test('an identifier that nearly every number passes needs hundreds of values', () => {
  assert.equal(verdict(100, 100, 0.891), 'undecided');
  assert.equal(verdict(5000, 5000, 0.891), 'accepted');
  assert.equal(verdict(5000, 4455, 0.891), 'rejected');
});

test('without a validator values decide nothing', () => {
  assert.equal(verdict(5000, 5000, 1), 'undecided');
  assert.equal(verdict(0, 0, 0.1), 'undecided');
});
