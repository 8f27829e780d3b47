import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyFilter } from '../../workers/key-filter.ts';

function read(keys: string[], include: string[], exclude: string[]): string[] {
  return keys.filter(createKeyFilter(include, exclude));
}

test('without patterns every key is read', () => {
  assert.deepEqual(read(['a', '', '.hidden', 'x/\n'], [], []), ['a', '', '.hidden', 'x/\n']);
});

test('a pattern without a slash is held against the last segment, any other against the whole key', () => {
  const keys = ['a.jsonl', 'deep/b.jsonl', 'deep/c.png', 'deep/d/e.png'];
  assert.deepEqual(read(keys, ['*.jsonl'], []), ['a.jsonl', 'deep/b.jsonl']);
  assert.deepEqual(read(keys, ['deep/*'], []), ['deep/b.jsonl', 'deep/c.png']);
  assert.deepEqual(read(keys, ['deep/**'], ['*.png']), ['deep/b.jsonl']);
});

test('exclusion beats inclusion', () => {
  assert.deepEqual(read(['a.txt', 'b.txt'], ['*.txt'], ['b.*']), ['a.txt']);
});

test('hidden names and names with line breaks are matched as any other', () => {
  const keys = ['x/.env', 'x/two\nlines.txt', 'two\nfolders/a.txt'];
  assert.deepEqual(read(keys, ['**'], []), keys);
  assert.deepEqual(read(keys, [], ['**/*.txt']), ['x/.env']);
});
