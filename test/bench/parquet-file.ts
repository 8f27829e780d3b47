import { zstdCompressSync } from 'node:zlib';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

/** A Parquet file of columns of text, its pages in zstd. */
export class TextColumns {
  private readonly writer: ParquetWriter;
  private readonly names: readonly string[];

  constructor(path: string, names: readonly string[]) {
    this.names = names;
    this.writer = new ParquetWriter({
      writer: fileWriter(path),
      schema: [
        { name: 'root', num_children: names.length },
        ...names.map((name) => ({
          name,
          type: 'BYTE_ARRAY' as const,
          converted_type: 'UTF8' as const,
          repetition_type: 'REQUIRED' as const,
        })),
      ],
      codec: 'ZSTD',
      compressors: { ZSTD: (page: Uint8Array) => zstdCompressSync(page) },
    });
  }

  /** One row group: the values of each column. */
  async write(columns: readonly string[][]): Promise<void> {
    await this.writer.write({
      columnData: columns.map((data, at) => ({ name: this.names[at] ?? '', data, encoding: 'PLAIN' })),
    });
  }

  async finish(): Promise<void> {
    await this.writer.finish();
  }
}
