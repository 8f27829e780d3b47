import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { createGzip, createZstdCompress, zstdCompressSync } from 'node:zlib';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { createRandom, expand } from '../../detectors/sample.ts';

export const FORMATS = ['jsonl', 'jsonl.zst', 'jsonl.gz', 'parquet', 'csv', 'txt'] as const;
export type Format = (typeof FORMATS)[number];

/** One file of about `bytes` decoded bytes with `PLANTED` different keys in it. */
export interface BenchFile {
  path: string;
  decodedBytes: number;
}
export const PLANTED = 500;

/**
 * Code and prose as found in the packages installed here, cut into documents of 1 to 8 KB, some with a planted key: bare
 * after a newline, in an assignment, or in JSON inside the text. Made once for each size and format, in the temporary directory.
 */
export async function benchFile(format: Format, bytes: number): Promise<BenchFile> {
  const folder = join(tmpdir(), `assay-bench-${bytes}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `data.${format}`);
  if (!existsSync(path)) {
    const partial = `${path}.part`;
    if (format === 'parquet') await writeParquet(partial, bytes);
    else await writeText(partial, format, bytes);
    renameSync(partial, path);
  }
  return { path, decodedBytes: bytes };
}

function* documents(bytes: number): Generator<string> {
  const source = sourceText(64 * 1024 * 1024);
  const random = createRandom('bench');
  const every = Math.floor(bytes / PLANTED);
  let planted = 0;
  let written = 0;
  while (written < bytes || planted < PLANTED) {
    const length = 1024 + random.int(7 * 1024);
    const at = random.int(source.length - length);
    let text = source.slice(at, at + length);
    if (planted < PLANTED && written >= planted * every) {
      const token = expand("'glpat-' alnum:20", `bench ${planted}`);
      const ways = [`\n${token}\n`, `\nGITLAB_TOKEN=${token}\n`, ` ${JSON.stringify(JSON.stringify({ token }))} `];
      text = text.slice(0, length >> 1) + ways[planted % ways.length] + text.slice(length >> 1);
      planted++;
    }
    written += text.length;
    yield text;
  }
}

async function writeText(path: string, format: Exclude<Format, 'parquet'>, bytes: number): Promise<void> {
  const file = createWriteStream(path);
  const out: Writable = format.endsWith('.zst') ? createZstdCompress() : format.endsWith('.gz') ? createGzip() : file;
  if (out !== file) out.pipe(file);
  if (format === 'csv') out.write('id,text,score\n');
  let row = 0;
  for (const text of documents(bytes)) {
    const line =
      format === 'csv'
        ? `${row},"${text.replaceAll('"', '""')}",0.${row % 1000}\n`
        : format === 'txt'
          ? `${text}\n`
          : `${JSON.stringify({ id: row, text, source: 'bench' })}\n`;
    row++;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(file, 'close');
}

async function writeParquet(path: string, bytes: number): Promise<void> {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    ],
    codec: 'ZSTD',
    compressors: { ZSTD: (page: Uint8Array) => zstdCompressSync(page) },
  });
  let batch: string[] = [];
  let row = 0;
  const flush = async () => {
    await writer.write({
      columnData: [
        { name: 'id', data: batch.map((_, index) => row - batch.length + index) },
        { name: 'text', data: batch, encoding: 'PLAIN' },
      ],
    });
    batch = [];
  };
  for (const text of documents(bytes)) {
    batch.push(text);
    row++;
    if (batch.length === 8192) await flush();
  }
  if (batch.length > 0) await flush();
  await writer.finish();
}

function sourceText(limit: number): string {
  const parts: string[] = [];
  let size = 0;
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (size >= limit) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(js|ts|mts|cjs|mjs|md|json)$/.test(entry.name) && statSync(path).size < 2_000_000) {
        const text = readFileSync(path, 'utf8');
        parts.push(text);
        size += text.length;
      }
    }
  };
  walk(new URL('../../node_modules', import.meta.url).pathname);
  return parts.join('\n');
}
