import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createGzip, createZstdCompress, zstdCompressSync } from 'node:zlib';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { createRandom, expand } from '../../detectors/sample.ts';

/** Text in several formats, made from a seed: code and prose of the packages installed here, cut into documents and shuffled. */
export const MIX = ['jsonl', 'txt', 'csv', 'jsonl.zst', 'jsonl', 'txt', 'jsonl.gz', 'parquet'] as const;
type Format = (typeof MIX)[number];

export interface MixedData {
  files: number;
  /** Of each file; decoded bytes. */
  bytes: number;
  /** Different keys in each file. */
  planted: number;
  /** Other seeds give other contents. */
  seed: string;
}

const DOCUMENTS = 6000;
const FLUSH_BYTES = 4 * 1024 ** 2;
let pool: string[] | null = null;

/** Writes what is not there yet; file `n` has the same contents on every machine that has the same packages. */
export async function mixedFolder(folder: string, { files, bytes, planted, seed }: MixedData): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < files; at++) {
    const format = MIX[at % MIX.length] as Format;
    const path = join(folder, `part-${String(at).padStart(5, '0')}.${format}`);
    if (existsSync(path)) continue;
    const partial = `${folder}.part`;
    const documents = documentsOf(`${seed} ${at}`, bytes, planted);
    if (format === 'parquet') await writeParquet(partial, documents);
    else await writeText(partial, format, documents);
    renameSync(partial, path);
  }
  rmSync(`${folder}.part`, { force: true });
}

/** A document of `bytes` at most, for a small object. */
export function smallText(seed: string, bytes: number, isPlanted: boolean): string {
  const random = createRandom(seed);
  let text = `${seed}\n`;
  if (isPlanted) text += `GITLAB_TOKEN=${plantedKey(seed)}\n`;
  while (text.length < bytes) text += `${random.pick(documents())}\n`;
  return text.slice(0, Math.max(bytes, 100));
}

function plantedKey(seed: string): string {
  return expand("'glpat-' alnum:20", seed);
}

function* documentsOf(seed: string, bytes: number, planted: number): Generator<string> {
  const random = createRandom(seed);
  const every = Math.floor(bytes / planted);
  let written = 0;
  let keys = 0;
  while (written < bytes || keys < planted) {
    let text = random.pick(documents());
    if (keys < planted && written >= keys * every) text += `\nGITLAB_TOKEN=${plantedKey(`${seed} ${keys++}`)}\n`;
    written += text.length;
    yield text;
  }
}

async function writeText(path: string, format: Format, texts: Generator<string>): Promise<void> {
  const file = openSync(path, 'w');
  const codec = format.endsWith('.zst')
    ? createZstdCompress()
    : format.endsWith('.gz')
      ? createGzip({ level: 3 })
      : null;
  codec?.on('data', (chunk: Buffer) => writeSync(file, chunk));
  const flush = async (text: string): Promise<void> => {
    if (codec === null) writeSync(file, text);
    else if (!codec.write(text)) await once(codec, 'drain');
  };
  let lines = format === 'csv' ? 'id,text,score\n' : '';
  let row = 0;
  for (const text of texts) {
    if (format === 'csv') lines += `${row},"${text.replaceAll('"', '""')}",0.${row % 1000}\n`;
    else if (format === 'txt') lines += `${text}\n`;
    else lines += `{"id":${row},"text":${JSON.stringify(text)},"source":"bench"}\n`;
    row++;
    if (lines.length < FLUSH_BYTES) continue;
    await flush(lines);
    lines = '';
  }
  await flush(lines);
  if (codec !== null) {
    codec.end();
    await once(codec, 'end');
  }
  closeSync(file);
}

async function writeParquet(path: string, texts: Generator<string>): Promise<void> {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    ],
    codec: 'ZSTD',
    compressors: { ZSTD: (page: Uint8Array) => zstdCompressSync(page) },
  });
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    await writer.write({ columnData: [{ name: 'text', data: batch, encoding: 'PLAIN' }] });
    batch = [];
  };
  for (const text of texts) if (batch.push(text) === 8192) await flush();
  if (batch.length > 0) await flush();
  await writer.finish();
}

/** Documents of 1 to 8 KB. */
function documents(): string[] {
  if (pool !== null) return pool;
  const source = sourceText(48 * 1024 ** 2);
  const random = createRandom('documents');
  pool = Array.from({ length: DOCUMENTS }, () => {
    const length = 1024 + random.int(7 * 1024);
    const from = random.int(source.length - length);
    return source.slice(from, from + length);
  });
  return pool;
}

/** ASCII, so that lengths are bytes. */
function sourceText(limit: number): string {
  const parts: string[] = [];
  let size = 0;
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (size >= limit) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(js|ts|mts|cjs|mjs|md|json)$/.test(entry.name) && statSync(path).size < 2_000_000) {
        const text = readFileSync(path, 'latin1').replace(/[^\n\r\t -~]/g, ' ');
        parts.push(text);
        size += text.length;
      }
    }
  };
  walk(new URL('../../node_modules', import.meta.url).pathname);
  return parts.join('\n');
}
