import type { ByteSource } from '../model/byte-source.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

interface Block {
  start: number;
  bytes: Buffer;
}

/** Reads forward through stretches of a source in large blocks, one ahead of what is used. */
export class BlockReader {
  private readonly source: ByteSource;
  /** One behind the other. */
  private blocks: Block[] = [];
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

  /** `count` bytes from the position on, fewer when the stretch ends. Valid until the next call. */
  async peek(count: number): Promise<Buffer> {
    const from = this.position;
    const to = Math.max(from, Math.min(from + count, this.end));
    while (this.blocks[0] !== undefined && !isIn(from, this.blocks[0])) this.drop();
    for (let at = this.loadedTo(from); at < to; at = this.loadedTo(from)) {
      const bytes = await this.load(at, to);
      if (bytes.length === 0) break;
      this.blocks.push({ start: at, bytes });
    }
    const parts = this.blocks.map(({ start, bytes }) =>
      bytes.subarray(Math.max(0, from - start), Math.max(0, to - start)),
    );
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  skip(count: number): void {
    this.position += count;
  }

  /** Waits for a read ahead that nobody wants any more. */
  async close(): Promise<void> {
    while (this.blocks.length > 0) this.drop();
    await this.forget();
  }

  private drop(): void {
    const block = this.blocks.shift();
    if (block !== undefined) this.source.recycle?.(block.bytes);
  }

  private loadedTo(from: number): number {
    const last = this.blocks.at(-1);
    return last === undefined ? from : last.start + last.bytes.length;
  }

  /** Bytes from `from` on, up to `to` or a block. */
  private async load(from: number, to: number): Promise<Buffer> {
    if (this.next?.at !== from) await this.forget();
    const { next } = this;
    this.next = null;
    const bytes = await (next?.bytes ?? this.source.read(from, Math.min(this.end, Math.max(to, from + BLOCK_BYTES))));
    const after = from + bytes.length;
    if (after < this.end) {
      const ahead = this.source.read(after, Math.min(this.end, after + BLOCK_BYTES));
      // It may fail before anybody waits for it.
      ahead.catch(() => undefined);
      this.next = { at: after, bytes: ahead };
    }
    return bytes;
  }

  private async forget(): Promise<void> {
    const { next } = this;
    this.next = null;
    await next?.bytes.then(
      (bytes) => this.source.recycle?.(bytes),
      () => undefined,
    );
  }
}

function isIn(offset: number, { start, bytes }: Block): boolean {
  return offset >= start && offset < start + bytes.length;
}
