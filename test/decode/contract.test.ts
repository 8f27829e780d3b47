import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Location } from '../../src/model/segment.ts';
import { decode } from './support.ts';

/** The same logical table in every container: markers in two columns, with characters that every container escapes. */
const ROWS = Array.from({ length: 300 }, (_, i) => ({
  id: `r${i}`,
  note: i % 50 === 7 ? `first line\n"quoted", é and MARK ${i}` : `plain, "note" ${i}`,
  tag: i % 90 === 20 ? 'MARK' : 'none',
}));
const HITS = ROWS.flatMap(({ note, tag }, row) => [
  ...(note.includes('MARK') ? [{ row, column: 'note' }] : []),
  ...(tag === 'MARK' ? [{ row, column: 'tag' }] : []),
]);

interface Container {
  name: string;
  format: string;
  bytes: Buffer;
  column(location: Location): string | undefined;
  /** Encoding in which `byteOffset` points at the marker, or null where there are no offsets. */
  encoding: BufferEncoding | null;
}

const jsonl = ROWS.map((row) => JSON.stringify(row)).join('\n');
const json = JSON.stringify(ROWS, null, 2);
const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const table = (delimiter: string, rows: { id: string; note: string; tag: string }[]): string =>
  [
    'id,note,tag'.replaceAll(',', delimiter),
    ...rows.map((row) => [row.id, quote(row.note), row.tag].join(delimiter)),
  ].join('\r\n');
const lastToken = ({ pointer }: Location): string | undefined => pointer?.split('/').at(-1);
const byColumn = ({ column }: Location): string | undefined => column;
const swapped = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

const CONTAINERS: Container[] = [
  { name: 'a.jsonl', format: 'jsonl', bytes: Buffer.from(jsonl), column: lastToken, encoding: 'utf8' },
  { name: 'a.jsonl', format: 'jsonl', bytes: Buffer.from(`\ufeff${jsonl}\n`), column: lastToken, encoding: 'utf8' },
  { name: 'a.jsonl', format: 'jsonl', bytes: Buffer.from(jsonl, 'utf16le'), column: lastToken, encoding: 'utf16le' },
  { name: 'a.json', format: 'json', bytes: Buffer.from(json), column: lastToken, encoding: 'utf8' },
  { name: 'a.json', format: 'json', bytes: Buffer.from(JSON.stringify(ROWS)), column: lastToken, encoding: 'utf8' },
  { name: 'a.csv', format: 'csv', bytes: Buffer.from(table(',', ROWS)), column: byColumn, encoding: 'utf8' },
  { name: 'a.csv', format: 'csv', bytes: Buffer.from(table(';', ROWS)), column: byColumn, encoding: 'utf8' },
  { name: 'a.csv', format: 'csv', bytes: Buffer.from(table('|', ROWS)), column: byColumn, encoding: 'utf8' },
  {
    name: 'a.csv',
    format: 'csv',
    bytes: Buffer.from(`\ufeff${table(',', ROWS)}`, 'utf16le'),
    column: byColumn,
    encoding: 'utf16le',
  },
  {
    name: 'a.csv',
    format: 'csv',
    bytes: Buffer.from(table(',', ROWS), 'latin1'),
    column: byColumn,
    encoding: 'latin1',
  },
  { name: 'a.tsv', format: 'tsv', bytes: Buffer.from(table('\t', ROWS)), column: byColumn, encoding: 'utf8' },
];

const COMPRESSIONS: [string, (bytes: Buffer) => Buffer][] = [
  ['', (bytes) => bytes],
  ['+gzip', (bytes) => gzipSync(bytes)],
  ['+zstd', (bytes) => zstdCompressSync(bytes)],
  ['+gzip+zstd', (bytes) => zstdCompressSync(gzipSync(bytes))],
  ['+gzip', (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 1000)), gzipSync(bytes.subarray(1000))])],
  [
    '+zstd',
    (bytes) => Buffer.concat([zstdCompressSync(bytes.subarray(0, 999)), zstdCompressSync(bytes.subarray(999))]),
  ],
];

for (const [index, container] of CONTAINERS.entries()) {
  test(`${container.format} (${index}) gives every text at its row and column, whatever compresses it`, async () => {
    for (const [suffix, compress] of COMPRESSIONS) {
      const { hits, result } = await decode(compress(container.bytes), {
        name: container.name,
        markers: ['MARK'],
        chunkBytes: 999,
      });
      assert.equal(result.format, container.format + suffix);
      assert.equal(result.outcome, 'complete');
      assert.equal(result.records, ROWS.length);
      assert.deepEqual(
        hits.map(({ location }) => ({ row: location.row, column: container.column(location) })),
        HITS,
      );
      for (const { location } of hits) {
        const { byteOffset = -1, byteLength = -1 } = location;
        const stored = container.bytes.subarray(byteOffset, byteOffset + byteLength);
        assert.equal(stored.toString(container.encoding ?? 'utf8'), 'MARK');
      }
    }
  });
}

test('big-endian UTF-16 is read like the rest', async () => {
  const { hits, result } = await decode(swapped(jsonl), { name: 'a.jsonl', markers: ['MARK'] });
  assert.equal(result.format, 'jsonl');
  assert.deepEqual(
    hits.map(({ location }) => ({ row: location.row, column: lastToken(location) })),
    HITS,
  );
});

test('plain text gives line and byte offset', async () => {
  const text = ROWS.map(({ note }) => note).join('\n');
  const { hits, result } = await decode(Buffer.from(text), { name: 'a.txt', markers: ['MARK'] });
  assert.equal(result.format, 'text');
  assert.equal(result.records, text.split('\n').length);
  for (const { location } of hits) {
    assert.match(text.split('\n')[(location.line ?? 0) - 1] ?? '', /MARK/);
    assert.equal(Buffer.from(text).toString('utf8', location.byteOffset, (location.byteOffset ?? 0) + 4), 'MARK');
  }
  assert.equal(hits.length, HITS.filter(({ column }) => column === 'note').length);
});

test('Parquet gives every text at its row and column, with the rows that share a value', async () => {
  const columnData = (['id', 'note', 'tag'] as const).map((name) => ({ name, data: ROWS.map((row) => row[name]) }));
  for (const rowGroupSize of [50, 1000]) {
    const bytes = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize, pageSize: 1024 }));
    const { hits, result } = await decode(bytes, { name: 'a.parquet', markers: ['MARK'] });
    assert.equal(result.format, 'parquet');
    assert.equal(result.outcome, 'complete');
    assert.equal(result.records, ROWS.length);
    const notes = hits.filter(({ location }) => location.column === 'note');
    assert.deepEqual(
      notes.map(({ location }) => location.row),
      HITS.filter(({ column }) => column === 'note').map(({ row }) => row),
    );
    const tags = hits.filter(({ location }) => location.column === 'tag');
    const tagRows = HITS.filter(({ column }) => column === 'tag').map(({ row }) => row);
    assert.equal(tags[0]?.location.row, tagRows[0]);
    assert.equal(
      tags.reduce((sum, { weight }) => sum + weight, 0),
      tagRows.length,
    );
  }
});
