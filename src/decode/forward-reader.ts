const EMPTY: Buffer = Buffer.alloc(0);
/** Skipping more than this is worth a new request. */
export const HOP_BYTES = 8 * 1024 * 1024;

/** Where a stream can be begun again further on. */
export interface Reopen {
  byteLength: number;
  stream(start: number): AsyncIterable<Buffer>;
}

/**
 * Reads a stream forward in pieces of any size. What it hands out is valid until the next call. An error of the stream
 * is thrown when the bytes before it are used up.
 */
export class ForwardReader {
  private iterator: AsyncIterator<Buffer>;
  private readonly reopen: Reopen | null;
  private chunk: Buffer = EMPTY;
  private at = 0;
  /** Offset of the first byte of `chunk`. */
  private base = 0;
  private ended = false;
  private failure: { error: unknown } | null = null;

  constructor(chunks: AsyncIterable<Buffer>, reopen: Reopen | null = null) {
    this.iterator = chunks[Symbol.asyncIterator]();
    this.reopen = reopen;
  }

  get position(): number {
    return this.base + this.at;
  }

  /** Bytes that can be had without waiting. */
  get ready(): number {
    return this.chunk.length - this.at;
  }

  /** The next `count` bytes without consuming them, fewer where the stream ends. */
  async peek(count: number): Promise<Buffer> {
    while (this.ready < count) {
      const rest = this.ready === 0 ? EMPTY : Buffer.from(this.chunk.subarray(this.at));
      const position = this.position;
      const next = await this.pull();
      if (next === null) {
        if (this.ready === 0) this.raise();
        break;
      }
      this.chunk = rest.length === 0 ? next : Buffer.concat([rest, next]);
      this.base = position;
      this.at = 0;
    }
    return this.peekReady(count);
  }

  /** As `peek`, of what is there already. */
  peekReady(count: number): Buffer {
    return this.chunk.subarray(this.at, this.at + count);
  }

  /** Consumes bytes that `peek` has shown. */
  advance(count: number): void {
    this.at += Math.min(count, this.ready);
  }

  /** Consumes everything before `position`; false when the stream ends first. */
  async skipTo(position: number): Promise<boolean> {
    for (;;) {
      const left = position - this.position;
      if (left <= this.ready) {
        this.advance(Math.max(0, left));
        return true;
      }
      if (this.reopen !== null && left - this.ready > HOP_BYTES) return this.hop(position, this.reopen);
      this.advance(this.ready);
      if (!(await this.fill())) return false;
    }
  }

  /** Consumes and hands out the next `count` bytes, fewer where the stream ends; errors of the stream are thrown. */
  async *take(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.ready === 0 && !(await this.fill())) {
        this.raise();
        return;
      }
      const piece = this.peekReady(left);
      this.at += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  /** Goes back to `position`, which must lie in the chunk that was handed out last. */
  giveBack(position: number): void {
    this.at = Math.max(0, position - this.base);
  }

  /** Throws what ended the stream, if it was an error. */
  raise(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  async close(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.iterator.return?.();
  }

  private async hop(position: number, { byteLength, stream }: Reopen): Promise<boolean> {
    await this.close();
    const start = Math.min(position, byteLength);
    this.chunk = EMPTY;
    this.at = 0;
    this.base = start;
    this.ended = start === byteLength;
    if (!this.ended) this.iterator = stream(start)[Symbol.asyncIterator]();
    return start === position;
  }

  private async fill(): Promise<boolean> {
    const next = await this.pull();
    if (next === null) return false;
    this.base += this.chunk.length;
    this.chunk = next;
    this.at = 0;
    return true;
  }

  private async pull(): Promise<Buffer | null> {
    if (this.ended) return null;
    try {
      const next = await this.iterator.next();
      if (next.done !== true) return next.value;
    } catch (error) {
      this.failure = { error };
    }
    this.ended = true;
    return null;
  }
}
