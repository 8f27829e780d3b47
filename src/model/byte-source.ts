/**
 * One open version of one object. Every read comes from the same version, or fails with `AssayError` code
 * `object-changed`. Reads are resumed inside the provider; what reaches the caller is either the exact bytes or an error.
 */
export interface ByteSource {
  readonly byteLength: number;
  /** Bytes [start, end) in order, in chunks of any size. Chunks may be kept by the caller. Ending the iteration early frees the socket. */
  stream(start?: number, end?: number): AsyncIterable<Buffer>;
  /**
   * Takes a chunk of `stream` or an answer of `read`, or a part of it, when nobody will look at any of it again: its
   * memory is freed at once. Absent where that gains nothing.
   */
  recycle?(bytes: Buffer): void;
  /** Exactly the bytes [start, end). */
  read(start: number, end: number): Promise<Buffer>;
  /** Proves after the last read that the version did not change under us (local files); no-op where the store pins versions. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Frees the memory of a buffer that has it alone and that nobody will look at again; it becomes empty. The collector would
 * come tens of megabytes later, and what is read next would go to new pages, which cost more than reading.
 */
export function freeMemory({ buffer }: Buffer): void {
  // Small buffers share theirs.
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/** Bytes that are already in memory: a text to judge, a page in a test. */
export function memorySource(bytes: Buffer): ByteSource {
  return {
    byteLength: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      if (start < end) yield bytes.subarray(start, end);
    },
    read: async (start, end) => bytes.subarray(start, end),
    verify: async () => {},
    close: async () => {},
  };
}

/** The same source, counting the bytes it delivers in `read`. */
export function countingSource(source: ByteSource): { source: ByteSource; bytesRead(): number } {
  let count = 0;
  return {
    bytesRead: () => count,
    source: {
      byteLength: source.byteLength,
      async *stream(start, end) {
        for await (const chunk of source.stream(start, end)) {
          count += chunk.length;
          yield chunk;
        }
      },
      recycle: (bytes) => source.recycle?.(bytes),
      async read(start, end) {
        const bytes = await source.read(start, end);
        count += bytes.length;
        return bytes;
      },
      verify: () => source.verify(),
      close: () => source.close(),
    },
  };
}
