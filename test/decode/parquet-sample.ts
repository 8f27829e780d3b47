import assert from 'node:assert/strict';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { decode } from './support.ts';

const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => gzipSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
};
export const TEXTS = Array.from({ length: 900 }, (_, i) => `text number ${i}${i % 100 === 42 ? ' with MARK' : ''}`);
export const MARK_ROWS = TEXTS.flatMap((text, row) => (text.includes('MARK') ? [row] : []));
export const STRING: SchemaElement = {
  name: 'text',
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: 'REQUIRED',
};

/** A file of these columns. */
export function write(columnData: ColumnSource[], options: object = {}): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData, compressors: COMPRESSORS, ...options }));
}

/** Rows in which a marker stands, of a file that is read whole. */
export async function rowsOf(bytes: Buffer, marker = 'MARK'): Promise<(number | undefined)[]> {
  const { hits, result } = await decode(bytes, { markers: [marker] });
  assert.equal(result.outcome, 'complete');
  return hits.map(({ location }) => location.row);
}
