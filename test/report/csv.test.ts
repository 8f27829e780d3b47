import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvCell, renderCsv } from '../../src/report/csv.ts';
import { DETECTORS, emails, OPEN_LAKE, reportOf, value } from './sample.ts';

/** RFC 4180, by hand: a quoted cell ends at a lone quote. */
function parse(csv: string, separator = ','): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < csv.length; at++) {
    const char = csv[at] as string;
    if (quoted && char === '"' && csv[at + 1] === '"') cell += csv[++at];
    else if (char === '"' && (quoted || cell === '')) quoted = !quoted;
    else if (!quoted && (char === separator || csv.startsWith('\r\n', at))) {
      rows.at(-1)?.push(cell);
      cell = '';
      if (char !== separator) {
        rows.push([]);
        at++;
      }
    } else cell += char;
  }
  assert.equal(quoted, false);
  assert.equal(cell, '');
  return rows.slice(0, -1);
}

test('there is one row a place, under one line of names', async () => {
  const locations = [{ row: 3, column: 'a,b', line: 4, byteOffset: 9, byteLength: 2 }, { member: 'in "zip".txt' }];
  const entries = [{ key: 'x.csv', values: [value({ count: 2, locations })], columns: [emails('mail')] }];
  const [names = [], ...rows] = parse(
    renderCsv((await reportOf({ entries, evidence: [OPEN_LAKE] })).report, DETECTORS),
  );
  const records = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  for (const row of rows) assert.equal(row.length, names.length);
  assert.deepEqual(
    records.map(({ fingerprint, place, count, object, member, row, column, line, byte_offset }) => [
      ...[fingerprint, place, count, object, member, row, column, line, byte_offset],
    ]),
    [
      ['v1:one', '1', '2', 's3://lake/x.csv', '', '3', 'a,b', '4', '9'],
      ['v1:one', '2', '2', 's3://lake/x.csv', 'in "zip".txt', '', '', '', ''],
      ['v1:EMAIL|confidential|s3://lake/x.csv|mail', '1', '2', 's3://lake/x.csv', '', '0', 'mail', '', ''],
    ].toSorted((a, b) => Number(b[0] === 'v1:one') - Number(a[0] === 'v1:one')),
  );
  const [first] = records;
  assert.deepEqual(
    [first?.severity, first?.name, first?.bucket, first?.bucket_reach, first?.bucket_risk, first?.fix, first?.status],
    ['critical', 'Acme API key', 's3://lake', 'public', 'critical', 'Revoke the key at Acme.', 'new'],
  );
});

const NASTY = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', ' ', 'a', "'", '|', '＝', '\u202e'),
  maxLength: 12,
});
const FORMULA = /^\s*[=+\-@＝＋－＠]/;

test('no cell begins as a formula does, whichever character parts the cells', () => {
  fc.assert(
    fc.property(NASTY, NASTY, (one, two) => {
      const csv = `${csvCell(one)},${csvCell(two)}\r\n`;
      for (const cell of parse(csv).flat()) assert.doesNotMatch(cell, FORMULA);
      for (const cell of csv.trimEnd().split(';')) assert.doesNotMatch(cell, /^["\s]*[=+@-]/);
    }),
    { numRuns: 2000 },
  );
});

test('a cell is one line, and text that is no formula comes back as it was', () => {
  fc.assert(
    fc.property(NASTY, (text) => {
      assert.doesNotMatch(csvCell(text), /[\r\n\t]/);
      assert.equal(parse(`${csvCell(text)}\r\n`).length, 1);
    }),
  );
  for (const text of ['', 'plain', 'a,b', '"', 'x"y', ' lead', 'a=b', 'a-b', 'ü漢😀', 'a;b'])
    assert.deepEqual(parse(`${csvCell(text)}\r\n`), [[text]]);
  assert.deepEqual(['=1+1', '-x', '@a', '+1', 'a;=1'].map(csvCell), ["'=1+1", "'-x", "'@a", "'+1", '"a;\'=1"']);
  assert.equal(csvCell('=cmd|\'/C calc\'!A0,"x"'), '"\'=cmd|\'/C calc\'!A0,""x"""');
});

test('numbers stay numbers', () => assert.deepEqual([0, 0.5, 1234].map(csvCell), ['0', '0.5', '1234']));
