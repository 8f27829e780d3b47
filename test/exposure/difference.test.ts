import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { difference } from '../../src/exposure/difference.ts';

/** What `patch` makes of the old lines; throws where a line is not the one the difference names. */
function patched(old: readonly string[], text: string): string[] {
  const lines = [...old];
  let moved = 0;
  let at = 0;
  for (const line of text.split('\n').slice(2)) {
    const [, start = '', length = ''] = /^@@ -(\d+),(\d+) /.exec(line) ?? [];
    if (start !== '') at = Number(start) - (length === '0' ? 0 : 1) + moved;
    else if (line.startsWith('+')) {
      lines.splice(at, 0, line.slice(1));
      at += 1;
      moved += 1;
    } else {
      assert.equal(lines[at], line.slice(1));
      if (line.startsWith(' ')) at += 1;
      else {
        lines.splice(at, 1);
        moved -= 1;
      }
    }
  }
  return lines;
}

const linesOf = (document: unknown): string[] =>
  document === null ? [] : JSON.stringify(document, null, 2).split('\n');

test('the difference turns the one document into the other', () => {
  const document = fc.option(fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }), { maxLength: 12 }));
  fc.assert(
    fc.property(document, document, (before, after) => {
      assert.deepEqual(patched(linesOf(before), difference('x', before, after)), linesOf(after));
    }),
    { numRuns: 1_000 },
  );
});

test('changes far apart are pieces of their own, with two lines around them', () => {
  const before = Array.from({ length: 20 }, (_, index) => index);
  const after = before.map((number) => (number === 2 || number === 15 ? -number : number));
  const text = difference('policy.json', before, after);
  assert.deepEqual(text.match(/^@@.*$/gm), ['@@ -2,5 +2,5 @@', '@@ -15,5 +15,5 @@']);
  assert.equal(difference('x', before, before), '--- x\n+++ x');
});
