import { brotliDecompressSync, constants } from 'node:zlib';
import type { Outcome } from '../model/outcome.ts';
import type { Codec } from './codec.ts';
import { type CsvDialect, csvDialect } from './csv-dialect.ts';
import { magicOf } from './magic.ts';
import { type Encoding, encodingOf } from './text-shape.ts';
import { transcodeHead } from './transcode.ts';

/** Bytes that `sniff` wants to see. */
export const HEAD_BYTES = 64 * 1024;

export type Sniffed =
  | { kind: 'empty' }
  | { kind: 'codec'; codec: Codec }
  | { kind: 'parquet' | 'tar' | 'zip' }
  | { kind: 'skip'; format: string; outcome: Outcome }
  | { kind: 'text'; format: 'text' | 'jsonl' | 'json'; encoding: Encoding }
  | { kind: 'text'; format: 'csv' | 'tsv'; encoding: Encoding; dialect: CsvDialect };

/**
 * What a stream is: by its magic bytes, else by the shape of its content; `name` only breaks ties.
 * `complete`: `head` is the whole stream.
 */
export function sniff(head: Buffer, complete: boolean, name: string): Sniffed {
  if (head.length === 0) return { kind: 'empty' };
  const magic = magicOf(head);
  if (magic !== null) return magic;
  if (/\.tar$/i.test(name) && head.every((byte) => byte === 0)) return { kind: 'tar' };
  if (BROTLI_NAME.test(name) && isBrotli(head)) return { kind: 'codec', codec: 'brotli' };
  const encoding = encodingOf(head);
  if (encoding === null) return { kind: 'skip', format: 'binary', outcome: 'skipped:unsupported' };
  const text = transcodeHead(head, encoding);
  const extension = extensionOf(name);
  const json = jsonShape(text, complete, extension);
  if (json !== null) return { kind: 'text', format: json, encoding };
  if (PROSE.has(extension)) return { kind: 'text', format: 'text', encoding };
  const dialect = csvDialect(text, complete, TABLES.has(extension));
  if (dialect === null) return { kind: 'text', format: 'text', encoding };
  return { kind: 'text', format: dialect.delimiter === 9 ? 'tsv' : 'csv', encoding, dialect };
}

/** Formats that `DecodeRequest.range` can cut: lines of stored text, row groups. */
export function splittable(format: string): boolean {
  return format === 'jsonl' || format === 'text' || format === 'parquet';
}

const LINES = new Set(['jsonl', 'ndjson', 'jsonlines', 'ldjson']);
const TABLES = new Set(['csv', 'tsv', 'tab', 'psv']);
/** Where lines with equally many commas are code or prose. */
const PROSE = new Set(
  'md markdown rst tex html htm xml svg yaml yml toml ini cfg log py js mjs cjs ts tsx jsx java kt c h cc cpp hpp cs go rs rb php pl sh sql css scss swift r'.split(
    ' ',
  ),
);

const BROTLI_NAME = /\.(br|tbr)$/i;
const CODEC_NAME = /\.(gz|gzip|zst|zstd|br)$/i;
/** Output that is enough to believe that it is brotli. */
const PROBE_BYTES = 64 * 1024;

/** The name without the ending of one codec: what it says about the decompressed stream. */
export function nameInside(name: string): string {
  return name.replace(CODEC_NAME, '').replace(/\.tbr$/i, '.tar');
}

/** Brotli has no magic bytes: the head must decompress without an error as far as it goes. */
function isBrotli(head: Buffer): boolean {
  try {
    const out = brotliDecompressSync(head, {
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
      maxOutputLength: PROBE_BYTES,
      chunkSize: PROBE_BYTES,
    });
    return out.length > 0 || head.length === 1;
  } catch (error) {
    return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  }
}

/** The last extension that is not a codec's: `data.csv.gz` is `csv`. */
function extensionOf(name: string): string {
  const parts = name
    .slice(name.lastIndexOf('/') + 1)
    .replace(CODEC_NAME, '')
    .split('.');
  return parts.length > 1 ? (parts.pop() ?? '').toLowerCase() : '';
}

function jsonShape(text: Buffer, complete: boolean, extension: string): 'jsonl' | 'json' | null {
  let start = text[0] === 0xef ? 3 : 0;
  while (start < text.length && isSpace(text[start] ?? 0)) start++;
  const first = text[start];
  if (first !== 0x7b && first !== 0x5b) {
    if (!LINES.has(extension)) return null;
    const line = lineAt(text, start, complete);
    return line !== null && parses(line) ? 'jsonl' : null;
  }
  const byName = LINES.has(extension) ? 'jsonl' : 'json';
  const line = lineAt(text, start, complete);
  if (line === null) return looksLikeJson(text, start) ? byName : null;
  if (!parses(line)) return looksLikeJson(text, start) ? byName : null;
  let next = start + line.length;
  while (next < text.length && isSpace(text[next] ?? 0)) next++;
  if (next >= text.length) return complete ? byName : 'jsonl';
  return text[next] === 0x7b || text[next] === 0x5b ? 'jsonl' : byName;
}

/** The line that begins at `start`, or null when the head ends before the line does. */
function lineAt(text: Buffer, start: number, complete: boolean): Buffer | null {
  const end = text.indexOf(10, start);
  if (end < 0) return complete ? text.subarray(start) : null;
  return text.subarray(start, end);
}

function parses(line: Buffer): boolean {
  try {
    JSON.parse(line.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** `{` before a key or `[` before a value: the beginning of a document, not of code. */
function looksLikeJson(text: Buffer, start: number): boolean {
  let at = start + 1;
  while (at < text.length && isSpace(text[at] ?? 0)) at++;
  const next = text[at] ?? 0;
  if (text[start] === 0x7b) return next === 0x22;
  return next === 0x7b || next === 0x22 || next === 0x5b || (next >= 0x30 && next <= 0x39);
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}
