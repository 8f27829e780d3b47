import type { ByteSource } from '../model/byte-source.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Reads forward through stretches of a source in large blocks, one ahead of what is used. */
export class BlockReader {
  private readonly source: ByteSource;
  private block: Buffer = Buffer.alloc(0);
  /** Offset of the first byte of `block`. */
  private start = 0;
  private end = 0;
  private next: { at: number; bytes: Promise<Buffer> } | null = null;
  position = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Goes to `position`; nothing at or behind `end` will be read until the next call. */
  moveTo(position: number, end: number): void {
    this.position = position;
    this.end = Math.min(end, this.source.byteLength);
  }

  /** `count` bytes from the position on, fewer when the stretch ends. */
  async peek(count: number): Promise<Buffer> {
    const to = Math.min(this.position + count, this.end);
    if (this.position < this.start || this.position >= this.start + this.block.length) {
      this.block = await this.load(this.position, to);
      this.start = this.position;
    }
    const blockEnd = this.start + this.block.length;
    if (to > blockEnd) {
      const rest = this.block.subarray(this.position - this.start);
      this.block = Buffer.concat([rest, await this.load(blockEnd, to)]);
      this.start = this.position;
    }
    return this.block.subarray(this.position - this.start, Math.max(this.position, to) - this.start);
  }

  skip(count: number): void {
    this.position += count;
  }

  /** Waits for a read ahead that nobody wants any more. */
  async close(): Promise<void> {
    const { next } = this;
    this.next = null;
    await next?.bytes.catch(() => undefined);
  }

  /** Bytes [from, to) and what else comes with the block. */
  private async load(from: number, to: number): Promise<Buffer> {
    if (from >= to) return Buffer.alloc(0);
    const { next } = this;
    this.next = null;
    let bytes: Buffer;
    if (next !== null && next.at === from) bytes = await next.bytes;
    else {
      await next?.bytes.catch(() => undefined);
      bytes = await this.source.read(from, Math.min(this.end, Math.max(to, from + BLOCK_BYTES)));
    }
    if (from + bytes.length < to) {
      bytes = Buffer.concat([bytes, await this.source.read(from + bytes.length, to)]);
    }
    const after = from + bytes.length;
    if (after < this.end) {
      const ahead = this.source.read(after, Math.min(this.end, after + BLOCK_BYTES));
      // It may fail before anybody waits for it.
      ahead.catch(() => undefined);
      this.next = { at: after, bytes: ahead };
    }
    return bytes;
  }
}
