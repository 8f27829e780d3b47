/**
 * One open version of one object. Every read comes from the same version, or fails with `AssayError` code
 * `object-changed`. Reads are resumed inside the provider; what reaches the caller is either the exact bytes or an error.
 */
export interface ByteSource {
  readonly byteLength: number;
  /** Bytes [start, end) in order, in chunks of any size. Chunks may be kept by the caller. Ending the iteration early frees the socket. */
  stream(start?: number, end?: number): AsyncIterable<Buffer>;
  /** Exactly the bytes [start, end). */
  read(start: number, end: number): Promise<Buffer>;
  /** Proves after the last read that the version did not change under us (local files); no-op where the store pins versions. */
  verify(): Promise<void>;
  close(): Promise<void>;
}
