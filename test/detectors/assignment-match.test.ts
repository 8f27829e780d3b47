import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import type RE2Type from 're2';
import assignments from '../../detectors/secrets/generic-assignment.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

/** Pieces that the patterns name, and what comes close. */
const piece = fc.constantFrom(
  ...[
    'password',
    '_pass',
    '.auth',
    'пароль',
    '密码',
    'contraseñ',
    'é',
    'api',
    'key',
    'k',
    '7',
    '42',
    'ab1',
    '_',
    '-',
    ' ',
  ],
  ...[
    '  ',
    '     ',
    '\t',
    '\n',
    '\r\n',
    ' '.repeat(25),
    ':',
    '::',
    '=',
    '==',
    '====',
    '=>',
    '!',
    '!=',
    '!==',
    '?=',
    '.=',
  ],
  ...[
    '>',
    ',',
    '：',
    '*',
    '**',
    '***',
    'is',
    'ist',
    'est',
    'es',
    ' is ',
    ' is: ',
    'string',
    'String',
    'str',
    '&',
    ': string = ',
  ],
  ...[
    'value',
    'Value',
    'default',
    '"value":',
    "' value='",
    ' {',
    '{',
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    ']',
    ')',
    '>a',
    ')a',
    '<',
    ';',
  ],
  ...[
    '(',
    'abcdef',
    'Abc123',
    'x'.repeat(11),
    'x7'.repeat(6),
    'y'.repeat(119),
    'z'.repeat(210),
    'ü',
    '日',
    '😀',
    '+/',
    '.',
  ],
);
/** Bytes that are no UTF-8, cut, too long or out of range. */
const broken = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes));
const begins = fc.constantFrom(
  'password',
  '_pass',
  'пароль',
  '密码',
  'passwordvalue',
  'api_key',
  '.auth',
  'token',
  'a',
);
const assigned = fc
  .tuple(begins, fc.array(piece, { minLength: 1, maxLength: 5 }), fc.constantFrom('Abc123xyz', 'x7'.repeat(9), '"Abc'))
  .map(([name, middle, value]) => Buffer.from(name + middle.join('') + value));
const text = fc
  .tuple(
    assigned,
    fc.array(fc.oneof({ weight: 6, arbitrary: piece.map((p) => Buffer.from(p)) }, broken), { maxLength: 4 }),
  )
  .map(([start, rest]) => Buffer.concat([start, ...rest]));

for (const { id, pattern, matchAt, maxLength } of assignments) {
  test(`the matcher of ${id} finds what its pattern finds, groups included`, () => {
    const re2 = new RE2(pattern, 'uyd');
    let matches = 0;
    fc.assert(
      fc.property(text, fc.integer({ min: 5, max: maxLength }), (bytes, limit) => {
        const found = { start: -1, end: -1, valueStart: -1, valueEnd: -1, groups: {} };
        const isFound = matchAt(bytes, 0, limit, found);
        re2.lastIndex = 0;
        const expected = re2.exec(bytes.subarray(0, limit)) as unknown as Expected | null;
        assert.equal(isFound, expected !== null);
        if (expected === null) return;
        matches++;
        const { value, ...groups } = expected.groups;
        assert.equal(found.end, expected[0].length);
        assert.deepEqual([found.valueStart, found.valueEnd], expected.indices.groups.value);
        assert.equal(bytes.toString('latin1', found.valueStart, found.valueEnd), value?.toString('latin1'));
        const texts = Object.entries(groups).map(([name, part]) => [name, part?.toString()]);
        assert.deepEqual({ ...found.groups }, Object.fromEntries(texts));
      }),
      { numRuns: Number(process.env.RUNS ?? 20_000) },
    );
    assert.ok(matches > 1_000, `${matches} matches`);
  });
}

interface Expected {
  readonly [group: number]: Buffer;
  0: Buffer;
  groups: Record<string, Buffer | undefined>;
  indices: { groups: Record<string, [number, number]> };
}
