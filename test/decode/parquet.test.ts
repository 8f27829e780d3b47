import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Encoding, SchemaElement } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import { dataPage, handmadeParquet, levels, plain, runs } from './handmade-parquet.ts';
import { MARK_ROWS, rowsOf, STRING, TEXTS, write } from './parquet-sample.ts';
import { decode } from './support.ts';

for (const codec of ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'] as const) {
  test(`every encoding of strings gives text and exact rows: ${codec}`, async () => {
    const encodings: Encoding[] = ['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY', 'RLE_DICTIONARY'];
    for (const encoding of encodings) {
      for (const nullable of [false, true]) {
        const data = nullable ? TEXTS.map((text, i) => (i % 3 === 0 && !text.includes('MARK') ? null : text)) : TEXTS;
        const column = { name: 'text', data, type: 'STRING' as const, encoding, nullable };
        const bytes = write([column], { codec, pageSize: 2000, rowGroupSize: 400 });
        assert.deepEqual(await rowsOf(bytes), MARK_ROWS, `${encoding} ${nullable}`);
      }
    }
  });
}

test('values never touch: a length byte that is a letter is not part of the text', async () => {
  // 0x41 and 0x4b are letters.
  const data = ['x'.repeat(0x41), 'MARK'.padEnd(0x4b, 'y'), 'MARK'];
  for (const encoding of ['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY', 'RLE_DICTIONARY'] as const) {
    const { text } = await decode(write([{ name: 't', data, type: 'STRING', encoding }], { codec: 'UNCOMPRESSED' }));
    assert.deepEqual(
      text.split('\n').filter((line) => line !== ''),
      data,
      encoding,
    );
  }
});

test('a dictionary entry stands for all rows that use it, the first one is named', async () => {
  const data = Array.from({ length: 5000 }, (_, i) => (i % 7 === 3 ? 'MARK' : i % 2 === 0 ? 'even' : null));
  const { hits } = await decode(
    write([{ name: 'label', data, type: 'STRING', encoding: 'RLE_DICTIONARY', nullable: true }]),
    {
      markers: ['MARK'],
    },
  );
  assert.deepEqual([hits[0]?.location.row, hits[0]?.location.column], [3, 'label']);
  assert.equal(
    hits.reduce((sum, { weight }) => sum + weight, 0),
    data.filter((value) => value === 'MARK').length,
  );
});

test('lists and structs name the row that holds the value', async () => {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: 2 },
    { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
    { name: 'tags', num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  const tags = Array.from({ length: 400 }, (_, i) => {
    if (i % 5 === 0) return null;
    if (i % 7 === 0) return [];
    return i % 50 === 11 ? ['a', null, `MARK ${i}`] : ['b', 'c'];
  });
  const data = { id: tags.map((_, i) => i), tags };
  const bytes = write(
    [
      { name: 'id', data: data.id },
      { name: 'tags', data: data.tags },
    ],
    { schema, pageSize: 300 },
  );
  const { hits } = await decode(bytes, { markers: ['MARK'] });
  assert.deepEqual(
    hits.map(({ location }) => location),
    tags.flatMap((list, row) =>
      list?.some((tag) => tag?.startsWith('MARK')) ? [{ column: 'tags.list.element', row }] : [],
    ),
  );
});

test('version 1 pages with nulls, lists across pages and dictionaries give exact rows', async () => {
  const list: SchemaElement[] = [{ ...STRING, name: 'tags', repetition_type: 'REPEATED' }];
  // Rows: [a, MARK1] [] [b, | MARK2] [MARK3]
  const first = Buffer.concat([levels([0, 1, 0, 0]), levels([1, 1, 0, 1]), plain(['a', 'MARK1', 'b'])]);
  const second = Buffer.concat([levels([1, 0]), levels([1, 1]), plain(['MARK2', 'MARK3'])]);
  const optional: SchemaElement[] = [{ ...STRING, name: 'opt', repetition_type: 'OPTIONAL' }];
  const indexes = Buffer.concat([levels([1, 0, 1, 1]), Buffer.from([1]), runs([1, 0, 1])]);
  const bytes = handmadeParquet(4, [
    {
      schema: list,
      values: 6,
      pages: [
        { header: dataPage(4, 'PLAIN'), stored: first },
        { header: dataPage(2, 'PLAIN'), stored: second },
      ],
    },
    {
      schema: optional,
      values: 4,
      pages: [
        {
          header: { type: 'DICTIONARY_PAGE', dictionary_page_header: { num_values: 2, encoding: 'PLAIN' } },
          stored: plain(['no', 'MARK']),
        },
        { header: dataPage(4, 'PLAIN_DICTIONARY'), stored: indexes },
      ],
    },
  ]);
  const { hits, result } = await decode(bytes, { markers: ['MARK'] });
  assert.equal(result.outcome, 'complete');
  assert.deepEqual(
    hits.map(({ location, weight }) => [location.column, location.row, weight]),
    [
      ['tags', 0, 1],
      ['tags', 2, 1],
      ['tags', 3, 1],
      ['opt', 0, 2],
    ],
  );
});

test('long integers are text, short ones, times and floats are not, and are counted', async () => {
  const numbers = [4111111111111111n, 12n, -9223372036854775808n, 99999999n, 100000000n, 1234567890123456789n];
  const columns: ColumnSource[] = [
    { name: 'big', data: numbers, type: 'INT64' },
    { name: 'packed', data: numbers, type: 'INT64', encoding: 'DELTA_BINARY_PACKED' },
    {
      name: 'dict',
      data: Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 4111111111111111n : 1n)),
      type: 'INT64',
      encoding: 'RLE_DICTIONARY',
    },
    { name: 'int', data: [2147483647, -2147483648, 5, 99999999, 100000000, 1], type: 'INT32' },
    { name: 'when', data: numbers.map((_, i) => new Date(1.7e12 + i)), type: 'TIMESTAMP' },
    { name: 'ratio', data: [4111111111111111.5, 1, 2, 3, 4, 5], type: 'DOUBLE' },
    { name: 'flag', data: [true, false, true, false, true, false], type: 'BOOLEAN' },
  ];
  for (const column of columns)
    if (column.name !== 'dict') column.data = Array.from({ length: 10 }, () => [...column.data]).flat();
  const { text, hits, result } = await decode(write(columns), { markers: ['4111111111111111'] });
  assert.equal(result.outcome, 'complete');
  assert.equal(result.notes['columns-not-text'], 3);
  const lines = new Set(text.split('\n'));
  for (const line of [
    '4111111111111111',
    '-9223372036854775808',
    '100000000',
    '1234567890123456789',
    '2147483647',
    '-2147483648',
  ]) {
    assert.ok(lines.has(line), line);
  }
  assert.ok(!lines.has('12') && !lines.has('99999999'));
  const rows = hits.filter(({ location }) => location.column === 'packed').map(({ location }) => location.row);
  assert.deepEqual(rows, [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
  const dictionary = hits.filter(({ location }) => location.column === 'dict');
  assert.deepEqual([dictionary[0]?.location.row, dictionary[0]?.weight], [0, 30]);
});

test('delta-packed integers of any width come back exactly', async () => {
  const numbers = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(numbers, async (data) => {
      const { text } = await decode(write([{ name: 'n', data, type: 'INT64', encoding: 'DELTA_BINARY_PACKED' }]));
      const long = data.filter((value) => value >= 100_000_000n || value <= -100_000_000n).map(String);
      assert.deepEqual(text.split('\n').slice(0, -1), long);
    }),
    { numRuns: 60 },
  );
});

test('fixed-length text is read, and LZ4_RAW pages', async () => {
  const fixed: SchemaElement = {
    name: 'code',
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: 8,
    repetition_type: 'REQUIRED',
  };
  const page = plain(['MARK MARK MARK MARK MARK', 'tail']);
  // One literal run of 9 bytes, a match of 5-byte period, the rest as literals.
  const lz4 = Buffer.concat([
    Buffer.from([0x9b]),
    page.subarray(0, 9),
    Buffer.from([5, 0]),
    Buffer.from([0x80 | 0x70]),
    page.subarray(24),
  ]);
  const literals = Buffer.concat([Buffer.from([0xf0, page.length - 15]), page]);
  assert.equal(9 + 15 + page.subarray(24).length, page.length);
  lz4[12] = (page.length - 24) << 4;
  const bytes = handmadeParquet(2, [
    { schema: [fixed], values: 2, pages: [{ header: dataPage(2, 'PLAIN'), stored: Buffer.from('MARKcodeplain003') }] },
    {
      schema: [STRING],
      codec: 'LZ4_RAW',
      values: 2,
      pages: [{ header: dataPage(2, 'PLAIN'), stored: lz4, size: page.length }],
    },
    {
      schema: [{ ...STRING, name: 'b' }],
      codec: 'LZ4_RAW',
      values: 2,
      pages: [{ header: dataPage(2, 'PLAIN'), stored: literals, size: page.length }],
    },
  ]);
  const { text, result } = await decode(bytes);
  assert.equal(result.outcome, 'complete');
  const expected = ['MARKcode', 'plain003', 'MARK MARK MARK MARK MARK', 'tail', 'MARK MARK MARK MARK MARK', 'tail'];
  assert.deepEqual(
    text.split('\n').filter((line) => line !== ''),
    expected,
  );
});
