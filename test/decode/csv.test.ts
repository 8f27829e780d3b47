import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvDialect } from '../../src/decode/csv-dialect.ts';
import { CsvPlace } from '../../src/decode/csv-place.ts';
import { decode } from './support.ts';

test('every cell of a random table is at its row, column and offset, and no cell touches the next', async () => {
  const cell = fc.oneof(
    fc.constant('MARK'),
    fc.constant(''),
    fc.constantFrom('words without a mark', 'a MARK behind some words', '1234567890123456'),
    fc
      .array(fc.constantFrom('MARK', ',', '"', '\n', '\r\n', 'é', 'a', ';', '\t', ' '), { maxLength: 6 })
      .map((parts) => parts.join('')),
  );
  const width = fc.integer({ min: 2, max: 5 });
  const tables = width.chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 12 }),
  );
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), fc.integer({ min: 1, max: 300 }), async (rows, always, chunkBytes) => {
      // A row that is all empty would be a blank line in some dialects.
      const data = rows.map((row) => ['1', ...row]);
      const names = ['key_id', ...(rows[0] ?? []).map((_, i) => `col_${i}`)];
      const quoted = (text: string): string =>
        always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const bytes = Buffer.from([names, ...data].map((row) => row.map(quoted).join(',')).join('\n'));
      const { hits, text, result } = await decode(bytes, { name: 'a.csv', markers: ['MARK'], chunkBytes });
      const expected = data.flatMap((row, index) =>
        row.flatMap((content, column) =>
          Array(content.split('MARK').length - 1).fill({ row: index, column: names[column] }),
        ),
      );
      assert.deepEqual(
        hits.map(({ location }) => ({ row: location.row, column: location.column })),
        expected,
      );
      for (const { location } of hits) {
        assert.equal(bytes.toString('utf8', location.byteOffset, (location.byteOffset ?? 0) + 4), 'MARK');
        assert.equal(location.line, bytes.subarray(0, location.byteOffset).toString().split('\n').length);
      }
      assert.equal(result.records, data.length);
      assert.equal(text.length, bytes.toString().length);
    }),
    { numRuns: 200 },
  );
});

test('a comma between two numbers does not join them', async () => {
  const { text } = await decode(Buffer.from('a,b\n1,4111111111111111\n"1,2",3\n'), { name: 'a.csv' });
  assert.equal(text, 'a\tb\n1\t4111111111111111\n"1,2"\t3\n');
});

test('a quote in the middle of a cell opens nothing', async () => {
  const bytes = Buffer.from('id,size\n1,5" pipe\n2,MARK\n3,6" pipe\n4,MARK\n');
  const { hits } = await decode(bytes, { name: 'a.csv', markers: ['MARK'] });
  assert.deepEqual(
    hits.map(({ location }) => [location.row, location.column]),
    [
      [1, 'size'],
      [3, 'size'],
    ],
  );
});

test('blank lines are no records', async () => {
  const { hits, result } = await decode(Buffer.from('id,name\r\n\r\n1,MARK\r\n\r\n2,MARK\r\n'), {
    name: 'a.csv',
    markers: ['MARK'],
  });
  assert.deepEqual(
    hits.map(({ location }) => [location.row, location.line]),
    [
      [0, 3],
      [1, 5],
    ],
  );
  assert.equal(result.records, 2);
});

const HEADERS: [string, string[] | null][] = [
  ['id,name,email\n1,Ann,a@b.example\n2,Bob,b@b.example\n', ['id', 'name', 'email']],
  ['Name;City;Zip code\nAnn;Rome;00100\nBob;Oslo;00150\n', ['Name', 'City', 'Zip code']],
  ['first_name,last_name\nAnn,Lee\nBob,Ray\n', ['first_name', 'last_name']],
  ['prompt,completion\nhello,world\n', ['prompt', 'completion']],
  ['"Kundennummer","Strasse"\n"4711999","Am Weg 1"\n"4711998","Am Weg 2"\n', ['Kundennummer', 'Strasse']],
];
const HEADERLESS = [
  'Ann,Lee,4111111111111111\nBob,Ray,4222222222222\n',
  'Ann,Lee,ann@b.example\nBob,Ray,bob@b.example\n',
  'Ann Lee,Rome\nBob Ray,Oslo\nEve May,Bern\n',
  '1,2,3\n4,5,6\n',
  'Ann,,x\nBob,y,z\n',
  'Ann,Ann\nBob,Ray\n',
  '2024-01-31,ok\n2024-02-01,ok\n',
  'https://a.example/x,ok\nhttps://a.example/y,ok\n',
];

test('a header is one when it says so by its words or differs from what is below', () => {
  for (const [text, header] of HEADERS)
    assert.deepEqual(csvDialect(Buffer.from(text), true, true)?.header, header, text);
});

test('a first row that looks like data never becomes column names', async () => {
  for (const text of HEADERLESS) assert.equal(csvDialect(Buffer.from(text), true, true)?.header, null, text);
  const { hits, result } = await decode(Buffer.from('Ann,MARK,4111111111111111\nBob,Ray,4222222222222\n'), {
    name: 'a.csv',
    markers: ['MARK'],
  });
  assert.deepEqual(
    hits.map(({ location }) => [location.row, location.column]),
    [[0, '#1']],
  );
  assert.equal(result.records, 2);
});

test('a hit in the header has its column and no row', async () => {
  const { hits } = await decode(Buffer.from('id,MARK_name\n1,a\n2,b\n'), { name: 'a.csv', markers: ['MARK'] });
  assert.deepEqual(
    hits.map(({ location }) => [location.row, location.column, location.line]),
    [[undefined, 'MARK_name', 1]],
  );
});

test('a place behind more lines than 32 bits can count keeps its line and row', () => {
  const place = new CsvPlace(44);
  const state = { ...place.start(), line: 2 ** 31 - 1, row: 2 ** 31 - 2 };
  place.read(state, Buffer.from('a,b\nc,d\n'), 0, 8);
  assert.deepEqual([state.line, state.row], [2 ** 31 + 1, 2 ** 31]);
});
