import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROWS = 50;
const root = new URL('../../', import.meta.url).pathname;

interface Row {
  id: string;
  seen: string;
  tests: { file: string; title: string }[];
}

function rows(): Row[] {
  const text = readFileSync(join(root, 'docs/reliability.md'), 'utf8');
  return text
    .split('\n')
    .filter((line) => /^\| F\d+ \|/.test(line))
    .map((line) => {
      const [, id = '', , , seen = '', shown = ''] = line.split('|').map((cell) => cell.trim());
      const tests = [...shown.matchAll(/`([^`]+)` “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title }));
      return { id, seen, tests };
    });
}

test('the table of faults has every row once, each with a test or with why it does not apply', () => {
  assert.deepEqual(
    rows().map(({ id }) => id),
    Array.from({ length: ROWS }, (_unused, at) => `F${at + 1}`),
  );
  for (const { id, seen, tests } of rows()) assert.ok(tests.length > 0 || seen.startsWith('not applicable: '), id);
});

test('every test that the table of faults names is there', () => {
  const missing = rows().flatMap(({ id, tests }) =>
    tests
      .filter(
        ({ file, title }) => !existsSync(join(root, file)) || !readFileSync(join(root, file), 'utf8').includes(title),
      )
      .map(({ file, title }) => `${id} ${file}: ${title}`),
  );
  assert.deepEqual(missing, []);
});
