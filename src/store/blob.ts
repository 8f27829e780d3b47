import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** JSON, compressed: for what is only ever read whole. It holds every string, NUL and lone surrogates included. */
export function pack(value: unknown): Buffer {
  return zstdCompressSync(Buffer.from(JSON.stringify(value)));
}

export function unpack<T>(blob: Buffer): T {
  return JSON.parse(zstdDecompressSync(blob).toString()) as T;
}
