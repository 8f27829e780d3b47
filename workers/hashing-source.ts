import { createHash } from 'node:crypto';
import type { ByteSource } from '../src/model/byte-source.ts';

export interface HashingSource {
  /** The given source; what is read of it in order goes into the hash. */
  source: ByteSource;
  /**
   * SHA-256 of all stored bytes as lower-case hex. Reads once more, in order, what was not read in order before (all
   * behind the first gap, since SHA-256 has no parts); `bytesRead` is how much that was. Throws what the source throws.
   */
  finish(): Promise<{ sha256: string; bytesRead: number }>;
}

export function hashingSource(source: ByteSource): HashingSource {
  const hash = createHash('sha256');
  /** Bytes [0, hashed) are in the hash. */
  let hashed = 0;
  const take = (at: number, bytes: Buffer): void => {
    const end = at + bytes.length;
    if (at > hashed || end <= hashed) return;
    hash.update(at === hashed ? bytes : bytes.subarray(hashed - at));
    hashed = end;
  };
  return {
    source: {
      byteLength: source.byteLength,
      async *stream(start = 0, end = source.byteLength) {
        let at = start;
        for await (const chunk of source.stream(start, end)) {
          take(at, chunk);
          at += chunk.length;
          yield chunk;
        }
      },
      async read(start, end) {
        const bytes = await source.read(start, end);
        take(start, bytes);
        return bytes;
      },
      recycle: (bytes) => source.recycle?.(bytes),
      verify: () => source.verify(),
      close: () => source.close(),
    },
    async finish() {
      const missing = source.byteLength - hashed;
      if (missing > 0) {
        for await (const chunk of source.stream(hashed)) {
          hash.update(chunk);
          hashed += chunk.length;
        }
      }
      if (hashed !== source.byteLength) throw new RangeError(`${hashed} bytes of ${source.byteLength} were hashed`);
      return { sha256: hash.digest('hex'), bytesRead: missing };
    },
  };
}
