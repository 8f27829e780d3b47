import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Location } from '../../src/model/segment.ts';
import { tarOf, type ZipItem, zipOf } from './archives.ts';
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

/** What a container may be wrapped in: the format's suffix or outer format, the bytes, and the member it becomes. */
interface Wrapping {
  format(inner: string): string;
  wrap(bytes: Buffer, name: string): Buffer;
  member?(name: string): string;
  /** Other members, of one line each. */
  others: number;
}

const halves = (bytes: Buffer, compress: (part: Buffer) => Buffer): Buffer =>
  Buffer.concat([compress(bytes.subarray(0, 1000)), compress(bytes.subarray(1000))]);
const coded = (suffix: string, wrap: (bytes: Buffer) => Buffer): Wrapping => ({
  format: (inner) => inner + suffix,
  wrap,
  others: 0,
});
const held = (
  format: string,
  wrap: Wrapping['wrap'],
  member: (name: string) => string = (name) => name,
  others = 1,
): Wrapping => ({
  format: () => format,
  wrap,
  member,
  others,
});
const inTar = (bytes: Buffer, name: string): Buffer =>
  tarOf([
    ['other.txt', 'nothing here'],
    [`d/${name}`, bytes],
  ]);
const inZip = (bytes: Buffer, name: string, more: Partial<ZipItem> = {}): Buffer =>
  zipOf([
    { name: 'other.txt', data: 'nothing here' },
    { name, data: bytes, ...more },
  ]);

const WRAPPINGS: Wrapping[] = [
  coded('', (bytes) => bytes),
  coded('+gzip', (bytes) => gzipSync(bytes)),
  coded('+zstd', (bytes) => zstdCompressSync(bytes)),
  coded('+gzip+zstd', (bytes) => zstdCompressSync(gzipSync(bytes))),
  coded('+gzip', (bytes) => halves(bytes, gzipSync)),
  coded('+zstd', (bytes) => halves(bytes, zstdCompressSync)),
  held('tar', inTar, (name) => `d/${name}`),
  held(
    'tar+gzip',
    (bytes, name) => gzipSync(inTar(bytes, name)),
    (name) => `d/${name}`,
  ),
  held(
    'tar+zstd',
    (bytes, name) => zstdCompressSync(inTar(gzipSync(bytes), `${name}.gz`)),
    (name) => `d/${name}.gz`,
  ),
  held('zip', inZip),
  held('zip', (bytes, name) => inZip(bytes, name, { method: 0 })),
  held('zip', (bytes, name) => inZip(bytes, name, { method: 93, hasDescriptor: true })),
  held('zip+gzip', (bytes, name) => gzipSync(inZip(bytes, name, { hasDescriptor: true }))),
  held(
    'zip',
    (bytes, name) => inZip(brotliCompressSync(bytes), `${name}.br`),
    (name) => `${name}.br`,
  ),
  held(
    'tar',
    (bytes, name) => tarOf([['a.zip', inZip(bytes, name)]]),
    (name) => `a.zip/${name}`,
  ),
  held(
    'zip',
    (bytes, name) => inZip(inTar(bytes, name), 'a.tar'),
    (name) => `a.tar/d/${name}`,
    2,
  ),
];

for (const [index, container] of CONTAINERS.entries()) {
  test(`${container.format} (${index}) gives every text at its row and column, whatever it is wrapped in`, async () => {
    for (const { format, wrap, member, others } of WRAPPINGS) {
      const { hits, result } = await decode(wrap(container.bytes, container.name), {
        name: container.name,
        markers: ['MARK'],
        chunkBytes: 999,
      });
      assert.equal(result.format, format(container.format));
      assert.equal(result.outcome, 'complete');
      assert.equal(result.records, ROWS.length + others);
      for (const { location } of hits) assert.equal(location.member, member?.(container.name));
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
  const cases = [50, 1000].flatMap((rowGroupSize) => {
    const bytes = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize, pageSize: 1024 }));
    return WRAPPINGS.map((wrapping) => ({ bytes, wrapping }));
  });
  for (const { bytes, wrapping } of cases) {
    const { format, wrap, member, others } = wrapping;
    const { hits, result } = await decode(wrap(bytes, 'a.parquet'), { name: 'a.parquet', markers: ['MARK'] });
    assert.equal(result.format, format('parquet'));
    assert.equal(result.outcome, 'complete');
    assert.equal(result.records, ROWS.length + others);
    for (const { location } of hits) assert.equal(location.member, member?.('a.parquet'));
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
