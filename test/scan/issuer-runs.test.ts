import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type IssuerRow, issuerRows } from '../../detectors/issuers.ts';
import { createRandom } from '../../detectors/sample.ts';
import { parseShape, sampleShape } from '../../detectors/shape.ts';
import { IssuerTable, type TableMatch } from '../../src/scan/issuer-table.ts';

const row = (issuer: string, shape: string, ...words: string[]): IssuerRow => ({
  issuer,
  context: words.length === 0 ? 'prefix' : 'word',
  words: words.length === 0 ? [issuer] : words,
  shape,
  severity: 'low',
  seen: 1,
});
/** Shapes that nearly every run has, so that what stands near it decides. */
const ROWS = [
  row('weatherbird', 'alnum12-64', 'weatherbird', 'wbird', 'bird'),
  row('three', '[+./0-9A-Za-z_-]12-200', 'abc', 'xy7'),
  row('aws', '[%+./0-9:=A-Za-z_-]12-300', 'aws', 'authkeytoken'),
  row('longest', 'any12-400', 'abcdefghijklmnopqrstuvwx'),
  row('prefixed', "'pfx_' alnum8-40"),
  row('short', "'q7-' alnum8-40"),
  row('dotted', "( 'one.' | 'seven.of.nine' ) '/'? alnum4-40"),
];
const tables = [new IssuerTable(ROWS), new IssuerTable(issuerRows())];
const KNOWN = issuerRows().flatMap(({ words }) => words);
const SAMPLES = issuerRows().map(({ shape }) => sampleShape(parseShape(shape), createRandom(shape)));

function* tokenRuns(bytes: Buffer, from: number, to: number): Generator<[number, number]> {
  for (const { index, 0: run } of bytes.toString('latin1').matchAll(/[0-9A-Za-z_-]{12,}/g)) {
    if (index >= from && index < to && run.length <= 1024 && /[0-9]/.test(run)) yield [index, index + run.length];
  }
}

function shown(found: TableMatch | null): unknown[] {
  return found === null ? [] : [[found.start, found.end, found.row.issuer, found.row.shape, found.place]];
}

/** Matches of the table for all runs that start in [from, to). */
function asked(table: IssuerTable, bytes: Buffer, from: number, to: number): unknown[] {
  return [...tokenRuns(bytes, from, to)].flatMap(([start, end]) => shown(table.match(bytes, start, end)));
}

/** The same for those that the filter lets through. */
function filtered(table: IssuerTable, bytes: Buffer, from: number, to: number): unknown[] {
  const found: unknown[] = [];
  table.runs.each(bytes, from, to, (start, end, hint) => found.push(...shown(table.match(bytes, start, end, hint))));
  return found;
}

const inCase = (word: string, kind: number): string =>
  [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1), `${word.slice(0, 3)}-${word.slice(3)}`][
    kind
  ] ?? `${word.slice(0, 1)}.${word.slice(1)}`;
const word = fc
  .tuple(
    fc.oneof(fc.constantFrom(...ROWS.flatMap(({ words }) => words)), fc.constantFrom(...KNOWN)),
    fc.nat({ max: 4 }),
  )
  .map(([each, kind]) => inCase(each, kind));
const credential = fc
  .tuple(
    fc.constantFrom('key', 'token', 'secret', 'api', 'auth', 'x', 'v1', 'user', 'id', 'password', 'Bearer', 'value'),
    fc.nat({ max: 4 }),
  )
  .map(([each, kind]) => inCase(each, kind));
const sign = fc.constantFrom(
  ...['', '', '_', '-', '.', ' ', '=', '"', "'", ': ', '":"', '\\n', '\n', '/', '+', ',', '%', '://', ' https://', 'é'],
  ...[
    ' = "',
    '": "',
    '__',
    '\0',
    '1',
    'a',
    ' of the day, ',
    ' '.repeat(90),
    'x'.repeat(125),
    '/a'.repeat(62),
    'a1'.repeat(495),
  ],
);
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcdef0123456789'), minLength: 10, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'aZ09_-+/.%'), minLength: 10, maxLength: 60 }),
  fc
    .constantFrom('pfx_', 'q7-', 'one./', 'seven.of.nine', 'KEY-pfx_')
    .chain((begin) =>
      fc.string({ unit: fc.constantFrom(...'a1B2'), minLength: 8, maxLength: 20 }).map((end) => begin + end),
    ),
  fc.constantFrom(...SAMPLES),
);
const assignment = fc.tuple(word, sign, credential, sign, value).map((pieces) => pieces.join(''));
const text = fc
  .array(fc.oneof(word, credential, sign, value, assignment), { minLength: 1, maxLength: 16 })
  .map((pieces) => pieces.join(''));

test('the filter of runs hides none for which the table has a match', () => {
  let matches = 0;
  fc.assert(
    fc.property(text, fc.nat(), fc.constantFrom(0, 0, 200, 65_536, 131_072), (pieces, seed, length) => {
      // Pieces lie across the edges of blocks and of the part that is walked.
      const before = length === 0 ? 0 : length - (seed % (2 * pieces.length));
      const bytes = Buffer.from(' '.repeat(Math.max(0, before)) + pieces + (seed % 3 === 0 ? '' : ` ${pieces}`));
      const from = seed % 4 === 0 ? seed % (bytes.length + 1) : 0;
      const to = seed % 4 === 1 ? seed % (bytes.length + 1) : bytes.length;
      for (const table of tables) {
        const found = asked(table, bytes, from, to);
        assert.deepEqual(filtered(table, bytes, from, to), found);
        matches += found.length;
      }
    }),
    { numRuns: 4000 },
  );
  assert.ok(matches > 1000, `${matches} matches`);
});

test('a value that begins as far before its run as is looked is not hidden by what is before it', () => {
  const table = tables[0] as IssuerTable;
  let matches = 0;
  for (let count = 40; count < 70; count++) {
    for (const end of ['', '.']) {
      const bytes = Buffer.from(`yyypfx_a1b2c3d4${'/a'.repeat(count)}/${end}a1b2c3d4e5f6`);
      const found = asked(table, bytes, 0, bytes.length);
      assert.deepEqual(filtered(table, bytes, 0, bytes.length), found);
      matches += found.length;
    }
  }
  assert.equal(matches, 1);
});
