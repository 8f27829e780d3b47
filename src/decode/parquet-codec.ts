import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { snappyUncompressor } from 'hysnappy';
import { optimised } from './kernel.ts';
import { lz4Block } from './lz4-block.ts';

/** Room behind the output: with it the decoder sees the end without a second buffer. */
const SPARE = 64;

let snappy: ((input: Uint8Array, outputLength: number) => Uint8Array) | null = null;

export function isKnownCodec(codec: string): boolean {
  return codec in DECODERS;
}

/** One page in a buffer of its own of `size` bytes, the declared size. Throws when the data does not give exactly that. */
export function decompressPage(codec: string, input: Buffer, size: number): Buffer {
  const decode = DECODERS[codec as keyof typeof DECODERS];
  const out = decode(input, size);
  if (out.length !== size) throw new Error('parquet: page size differs from its header');
  return out;
}

function bounds(size: number): { maxOutputLength: number; chunkSize: number } {
  return { maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size + SPARE) };
}

const DECODERS = {
  // A copy: separators are written into the page.
  UNCOMPRESSED: (input: Buffer) => Buffer.from(input),
  SNAPPY: (input: Buffer, size: number) => {
    if (snappySize(input) !== size) throw new Error('snappy: wrong size');
    if (size === 0) return Buffer.alloc(0);
    snappy ??= optimised(snappyUncompressor);
    const out = snappy(input, size);
    return Buffer.from(out.buffer, out.byteOffset, out.byteLength);
  },
  GZIP: (input: Buffer, size: number) => gunzipSync(input, bounds(size)),
  BROTLI: (input: Buffer, size: number) => brotliDecompressSync(input, bounds(size)),
  ZSTD: (input: Buffer, size: number) => zstdDecompressSync(input, bounds(size)),
  LZ4_RAW: (input: Buffer, size: number) => lz4Block(input, size),
};

/** The length in the preamble; the decoder writes that much whatever we asked for. */
function snappySize(input: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = input[i] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return size;
  }
  return -1;
}
