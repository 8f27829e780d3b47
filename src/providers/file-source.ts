import type { FileHandle } from 'node:fs/promises';
import { AssayError } from '../errors.ts';
import { type ByteSource, freeMemory } from '../model/byte-source.ts';
import { fileError } from './file-errors.ts';
import { fileVersion } from './file-version.ts';
import type { ProviderCounters } from './s3-options.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Positional reads of one open file. The file itself is held, so replacing the name does not mix two versions. */
export class FileSource implements ByteSource {
  readonly byteLength: number;
  private readonly handle: FileHandle;
  private readonly version: string;
  private readonly root: string;
  private readonly counters: ProviderCounters;
  private readonly signal: AbortSignal | undefined;
  /** Memory that may be given back. */
  private readonly lent = new WeakSet<ArrayBufferLike>();

  constructor(
    handle: FileHandle,
    file: { byteLength: number; version: string; root: string },
    counters: ProviderCounters,
    signal: AbortSignal | undefined,
  ) {
    this.handle = handle;
    this.byteLength = file.byteLength;
    this.version = file.version;
    this.root = file.root;
    this.counters = counters;
    this.signal = signal;
  }

  async *stream(start = 0, end = this.byteLength): AsyncGenerator<Buffer> {
    this.checkRange(start, end);
    // The next chunk is read while the consumer works on this one.
    let ahead = start < end ? this.readAhead(start, end) : null;
    try {
      for (let at = start + CHUNK_BYTES; ahead !== null; at += CHUNK_BYTES) {
        const chunk = await ahead;
        ahead = at < end ? this.readAhead(at, end) : null;
        yield chunk;
      }
    } finally {
      await ahead?.catch(() => {});
    }
  }

  recycle(bytes: Buffer): void {
    if (this.lent.delete(bytes.buffer)) freeMemory(bytes);
  }

  async read(start: number, end: number): Promise<Buffer> {
    this.checkRange(start, end);
    const bytes = Buffer.allocUnsafeSlow(end - start);
    await this.fill(bytes, start);
    this.lent.add(bytes.buffer);
    return bytes;
  }

  async verify(): Promise<void> {
    const stats = await this.handle.stat({ bigint: true }).catch((error: unknown) => {
      throw fileError(error, 'verify', this.root, 'a file in');
    });
    if (fileVersion(stats) !== this.version) throw fileChanged(this.root);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private readAhead(start: number, end: number): Promise<Buffer> {
    const chunk = this.read(start, Math.min(end, start + CHUNK_BYTES));
    // Its error is met when the chunk is taken; until then it must not count as unhandled.
    chunk.catch(() => {});
    return chunk;
  }

  private async fill(bytes: Buffer, start: number): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      if (this.signal?.aborted === true) throw new AssayError('cancelled', `read a file in ${this.root} was cancelled`);
      const { bytesRead } = await this.handle.read(bytes, at, bytes.length - at, start + at).catch((error: unknown) => {
        throw fileError(error, 'read', this.root, 'a file in');
      });
      if (bytesRead === 0) throw fileChanged(this.root);
      at += bytesRead;
      this.counters.requests += 1;
      this.counters.bytes += bytesRead;
    }
  }

  private checkRange(start: number, end: number): void {
    if (start >= 0 && start <= end && end <= this.byteLength) return;
    throw new RangeError(`bytes ${start} to ${end} of a file of ${this.byteLength}`);
  }
}

export function fileChanged(root: string): AssayError {
  return new AssayError('object-changed', `read a file in ${root}: it was changed after it was listed`);
}
