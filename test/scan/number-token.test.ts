import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTemplate, NumberToken } from '../../src/scan/number-token.ts';

function parse(text: string, at: number, floor = 0): string[] {
  const bytes = Buffer.from(text);
  const token = new NumberToken();
  token.parse(bytes, at, floor);
  return [
    bytes.toString('latin1', token.start, token.end),
    ...Array.from({ length: token.groups }, (_, g) => bytes.toString('latin1', token.groupStart[g], token.groupEnd[g])),
  ];
}

test('a token takes its groups on both sides of the place where it was noticed', () => {
  assert.deepEqual(parse('id 123-45-6789, x', 8), ['123-45-6789', '123', '45', '6789']);
  assert.deepEqual(parse('call +33 6 12 34 56 78 now', 14), ['+33 6 12 34 56 78', '33', '6', '12', '34', '56', '78']);
  assert.deepEqual(parse('(555) 010-1234.', 8), ['(555) 010-1234', '555', '010', '1234']);
});

test('two separators in a row end a token', () => {
  assert.deepEqual(parse('12  3456', 5), ['3456', '3456']);
  assert.deepEqual(parse('12, 3456', 5), ['3456', '3456']);
});

test('a run cut by the floor is not a group of its own', () => {
  assert.deepEqual(parse('123456 789', 8, 3), ['789', '789']);
});

test('templates compare lengths and separators of neighbouring groups', () => {
  const bytes = Buffer.from('10.0.12.255 and 123-45-6789');
  const token = new NumberToken();
  token.parse(bytes, 3, 0);
  assert.equal(token.matches(compileTemplate('#.#.#.#'), bytes, 0), true);
  assert.equal(token.matches(compileTemplate('#.#.#.#'), bytes, 1), false);
  token.parse(bytes, 18, 0);
  assert.equal(token.matches(compileTemplate('999-99-9999'), bytes, 0), true);
  assert.equal(token.matches(compileTemplate('999 99 9999'), bytes, 0), false);
});

test('a digit other than 9 in a template stands for itself', () => {
  const bytes = Buffer.from('1-212-555-0100');
  const token = new NumberToken();
  token.parse(bytes, 3, 0);
  assert.equal(token.matches(compileTemplate('1-999-999-9999'), bytes, 0), true);
  assert.equal(token.matches(compileTemplate('2-999-999-9999'), bytes, 0), false);
});

test('a template that is not digit groups with single separators is refused', () => {
  for (const text of ['', '-99', '99-', '99--99', '9#', 'abc'])
    assert.throws(() => compileTemplate(text), /digit template/, text);
});
