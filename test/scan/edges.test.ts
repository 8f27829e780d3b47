import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edge } from '../../detectors/detector.ts';
import { isLeftEdge, isRightEdge } from '../../src/scan/edges.ts';

function left(before: string, edge: Edge = 'word'): boolean {
  const bytes = Buffer.from(`${before}VALUE`);
  return isLeftEdge(bytes, bytes.length - 5, edge);
}
const right = (after: string, edge: Edge = 'word') => isRightEdge(Buffer.from(`VALUE${after}`), 5, edge);

test('a value may not start inside a word', () => {
  for (const before of ['a', 'Z', '0', '_', 'xn', 'n']) assert.equal(left(before), false, before);
  for (const before of ['', ' ', '"', '-', 'é', '=']) assert.equal(left(before), true, before);
});

test('an escape directly before a value is an edge', () => {
  for (const before of [
    '\\n',
    '\\t',
    '\\\\n',
    '\\r\\n',
    '\\u0022',
    '\\u003d',
    '\\x27',
    '%3D',
    'key%22',
    '\u001b[31m',
    '\\u001b[0;32m',
  ]) {
    assert.equal(left(before), true, before);
  }
  for (const before of ['u0022', 'x27', '3D', 'nn', '[m', 'um']) assert.equal(left(before), false, before);
});

test('the stricter edges refuse hyphens and base64 signs', () => {
  assert.equal(left('-', 'token'), false);
  assert.equal(left('+', 'base64'), false);
  assert.equal(left('=', 'base64'), true);
  assert.equal(left('/', 'token'), true);
  assert.equal(right('=', 'base64'), false);
  assert.equal(right('-', 'word'), true);
  assert.equal(left('x', 'none'), true);
});

test('a number does not go on behind a point or hyphen', () => {
  assert.equal(left('3.', 'number'), false);
  assert.equal(left('3-', 'number'), false);
  assert.equal(left('x.', 'number'), true);
  assert.equal(left('.', 'number'), true);
  assert.equal(right('.5', 'number'), false);
  assert.equal(right('-123', 'number'), false);
  assert.equal(right('. Next', 'number'), true);
  assert.equal(right(',123', 'number'), true);
});
