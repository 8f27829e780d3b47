import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, createZstdCompress } from 'node:zlib';
import { createRandom } from '../../detectors/sample.ts';
import { TextColumns } from './parquet-file.ts';
import { PLANTED, type Planted, plantedText } from './planted.ts';

export const FORMATS = ['jsonl', 'jsonl.zst', 'jsonl.gz', 'parquet', 'csv', 'txt', 'js'] as const;
export type Format = (typeof FORMATS)[number];

/** One file with `PLANTED` different credentials in it. */
export interface BenchFile {
  path: string;
  /** Of the text in Parquet; else of the file before it was compressed. */
  decodedBytes: number;
  /** Rows have numbers from 0, lines of text from 1. */
  planted: Planted[];
}

const SOURCE_BYTES = 64 * 1024 ** 2;
const FLUSH_BYTES = 4 * 1024 ** 2;
const PARQUET_ROWS = 8192;

/**
 * Code and prose as found in the packages installed here (`js`: code alone), cut into documents of 1 to 8 KB, some with a
 * planted credential. Made once for each size and format, in the temporary directory.
 */
export async function benchFile(format: Format, bytes: number): Promise<BenchFile> {
  const folder = join(tmpdir(), `assay-bench-${bytes}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `data.${format}`);
  const truth = `${path}.truth.json`;
  if (!existsSync(truth)) {
    const partial = `${path}.part`;
    const made = format === 'parquet' ? await writeParquet(partial, bytes) : await writeText(partial, format, bytes);
    renameSync(partial, path);
    writeFileSync(truth, JSON.stringify(made));
  }
  return { path, ...JSON.parse(readFileSync(truth, 'utf8')) };
}

type Made = Omit<BenchFile, 'path'>;

interface Document {
  text: string;
  planted: Omit<Planted, 'place'> | null;
}

function* documents(bytes: number, kinds: RegExp): Generator<Document> {
  const source = sourceText(kinds);
  const random = createRandom('bench');
  const every = Math.floor(bytes / PLANTED);
  let count = 0;
  let written = 0;
  while (written < bytes || count < PLANTED) {
    const length = 1024 + random.int(7 * 1024);
    const at = random.int(source.length - length);
    let text = source.slice(at, at + length);
    let planted: Document['planted'] = null;
    if (count < PLANTED && written >= count * every) {
      const { text: around, ...one } = plantedText(count++);
      planted = one;
      text = text.slice(0, length >> 1) + around + text.slice(length >> 1);
    }
    written += text.length;
    yield { text, planted };
  }
}

async function writeText(path: string, format: Exclude<Format, 'parquet'>, bytes: number): Promise<Made> {
  const made: Made = { decodedBytes: 0, planted: [] };
  const file = openSync(path, 'w');
  const codec = format.endsWith('.zst') ? createZstdCompress() : format.endsWith('.gz') ? createGzip() : null;
  codec?.on('data', (chunk: Buffer) => writeSync(file, chunk));
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(text);
    made.decodedBytes += chunk.length;
    text = '';
    if (codec === null) writeSync(file, chunk);
    else if (!codec.write(chunk)) await once(codec, 'drain');
  };
  const isLines = format === 'txt' || format === 'js';
  let text = format === 'csv' ? 'id,text,score\n' : '';
  let row = 0;
  let line = 1;
  for (const one of documents(bytes, format === 'js' ? /\.[cm]?[jt]s$/ : /\.([cm]?[jt]s|md|json)$/)) {
    if (one.planted !== null) {
      const before = one.text.slice(0, one.text.indexOf(one.planted.value));
      made.planted.push({ ...one.planted, place: isLines ? line + newlines(before) : row });
    }
    if (format === 'csv') text += `${row},"${one.text.replaceAll('"', '""')}",0.${row % 1000}\n`;
    else if (isLines) text += `${one.text}\n`;
    else text += `${JSON.stringify({ id: row, text: one.text, source: 'bench' })}\n`;
    row++;
    line += newlines(one.text) + 1;
    if (text.length >= FLUSH_BYTES) await flush();
  }
  await flush();
  if (codec !== null) {
    codec.end();
    await once(codec, 'end');
  }
  closeSync(file);
  return made;
}

async function writeParquet(path: string, bytes: number): Promise<Made> {
  const made: Made = { decodedBytes: 0, planted: [] };
  const file = new TextColumns(path, ['text']);
  let texts: string[] = [];
  let row = 0;
  for (const { text, planted } of documents(bytes, /\.([cm]?[jt]s|md|json)$/)) {
    if (planted !== null) made.planted.push({ ...planted, place: row });
    made.decodedBytes += Buffer.byteLength(text);
    row++;
    if (texts.push(text) < PARQUET_ROWS) continue;
    await file.write([texts]);
    texts = [];
  }
  if (texts.length > 0) await file.write([texts]);
  await file.finish();
  return made;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

const sources = new Map<string, string>();

/** ASCII, so that lengths are bytes and a cut hurts nothing. */
function sourceText(kinds: RegExp): string {
  const known = sources.get(kinds.source);
  if (known !== undefined) return known;
  const parts: string[] = [];
  let size = 0;
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (size >= SOURCE_BYTES) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (kinds.test(entry.name) && statSync(path).size < 2_000_000) {
        const text = readFileSync(path, 'latin1').replace(/[^\n\r\t -~]/g, ' ');
        parts.push(text);
        size += text.length;
      }
    }
  };
  walk(new URL('../../node_modules', import.meta.url).pathname);
  const text = parts.join('\n');
  sources.set(kinds.source, text);
  return text;
}
