import type { CompressionCodec, Encoding, FileMetaData, PageHeader, ParquetType, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** One page of a hand-made column: its header's fields and its bytes as stored. */
export interface HandmadePage {
  header: Partial<PageHeader>;
  stored: Buffer;
  /** Declared size; that of `stored` when absent. */
  size?: number;
}

export interface HandmadeColumn {
  /** Schema elements from the top of the column to its leaf. */
  schema: SchemaElement[];
  codec?: CompressionCodec;
  values: number;
  pages: HandmadePage[];
  /** Claimed length of the chunk; the real one when absent. */
  claimedBytes?: number;
}

/** A Parquet file of one row group from pages that the writer cannot make. */
export function handmadeParquet(rows: number, columns: HandmadeColumn[]): Buffer {
  const writer = new ByteWriter();
  writer.appendUint32(0x31524150);
  const chunks = columns.map(({ schema, codec, values, pages, claimedBytes }) => {
    const start = writer.offset;
    let dictionary: bigint | undefined;
    let data: bigint | undefined;
    for (const { header, stored, size } of pages) {
      if (header.type === 'DICTIONARY_PAGE') dictionary = BigInt(writer.offset);
      else data ??= BigInt(writer.offset);
      const full = { uncompressed_page_size: size ?? stored.length, compressed_page_size: stored.length, ...header };
      writePageHeader(writer, full as PageHeader);
      writer.appendBytes(stored);
    }
    return {
      file_offset: 0n,
      meta_data: {
        type: schema.at(-1)?.type as ParquetType,
        encodings: ['PLAIN'] as Encoding[],
        path_in_schema: schema.map(({ name }) => name),
        codec: codec ?? ('UNCOMPRESSED' as const),
        num_values: BigInt(values),
        total_uncompressed_size: BigInt(writer.offset - start),
        total_compressed_size: BigInt(claimedBytes ?? writer.offset - start),
        data_page_offset: data ?? BigInt(start),
        ...(dictionary === undefined ? {} : { dictionary_page_offset: dictionary }),
      },
    };
  });
  const root: SchemaElement = { name: 'root', num_children: columns.length };
  const metadata: FileMetaData = {
    version: 2,
    schema: [root, ...columns.flatMap(({ schema }) => schema)],
    num_rows: BigInt(rows),
    row_groups: [{ columns: chunks, total_byte_size: 0n, num_rows: BigInt(rows) }],
    metadata_length: 0,
  };
  writeMetadata(writer, metadata);
  writer.appendUint32(0x31524150);
  return Buffer.from(writer.getBuffer());
}

/** PLAIN byte arrays. */
export function plain(values: string[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const bytes = Buffer.from(value);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Levels or indexes as runs of one, without a length before them. */
export function runs(values: number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [2, value]));
}

/** Levels of a version 1 page: with their length before them. */
export function levels(values: number[]): Buffer {
  const bytes = runs(values);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function dataPage(values: number, encoding: Encoding): Partial<PageHeader> {
  return {
    type: 'DATA_PAGE',
    data_page_header: {
      num_values: values,
      encoding,
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  };
}
