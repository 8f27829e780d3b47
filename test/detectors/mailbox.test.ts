import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import type RE2Type from 're2';
import email from '../../detectors/pii/email.ts';
import { findMailbox } from '../../detectors/validators/mailbox.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

const free = new RE2(email.pattern, 'u');
const sticky = new RE2(email.pattern, 'uy');

const noise = fc.constantFrom(
  ...[
    '@',
    '.',
    'a',
    'Zed',
    '7',
    '-',
    '_',
    '+',
    '"',
    '"@',
    ' ',
    '\\',
    '\n',
    '/',
    ':',
    "'",
    'com',
    'xn--',
    'é',
    'x'.repeat(61),
  ],
);
const mailbox = fc
  .tuple(
    fc.constantFrom('ada.l', "o'neil", '"a b"', '.dot', '%x'),
    fc.constantFrom('@x.', '@a-b.c.', '@-a.', '@a..'),
    noise,
  )
  .map((parts) => parts.join(''));

function byPattern(bytes: Buffer): number[][] {
  const found: number[][] = [];
  for (let from = 0; ; from = sticky.lastIndex) {
    const at = free.search(bytes.subarray(from));
    if (at < 0) return found;
    sticky.lastIndex = from + at;
    assert.ok(sticky.test(bytes));
    found.push([from + at, sticky.lastIndex]);
  }
}

function byFinder(bytes: Buffer): number[][] {
  const found: number[][] = [];
  const span = { start: 0, end: 0 };
  let floor = 0;
  for (let at = bytes.indexOf('@'); at >= 0; at = bytes.indexOf('@', at + 1)) {
    const trigger = bytes[at - 1] === 34 ? at - 1 : at;
    if (trigger < floor || !findMailbox(bytes, trigger, floor, bytes.length, span)) continue;
    found.push([span.start, span.end]);
    floor = span.end;
  }
  return found;
}

test('the finder of mailboxes finds what the pattern finds', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(fc.oneof(noise, mailbox), { minLength: 3, maxLength: 16 }), (pieces) => {
      const text = pieces.join('');
      // Of an address in the quoted part of another the finder takes the inner one.
      fc.pre(!/"[^"\\\r\n]*@[^"\\\r\n]*"@/.test(text));
      const bytes = Buffer.from(text);
      const mine = byFinder(bytes);
      assert.deepEqual(mine, byPattern(bytes), JSON.stringify(text));
      found += mine.length;
    }),
    { numRuns: 2000 },
  );
  assert.ok(found > 500, `${found} matches`);
});
