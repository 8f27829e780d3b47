/** Takes a chunk of a stream that nobody will look at again. */
export type Recycle = (chunk: Buffer) => void;

/** Chunks of one byte stream whose beginning can be looked at before it is consumed. */
export class ChunkStream implements AsyncIterable<Buffer> {
  private readonly iterator: AsyncIterator<Buffer>;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  readonly recycle: Recycle;
  private failure: { error: unknown } | null = null;
  /** All bytes were delivered or are waiting. */
  ended = false;

  constructor(source: AsyncIterable<Buffer>, recycle: Recycle = () => undefined) {
    this.iterator = source[Symbol.asyncIterator]();
    this.recycle = recycle;
  }

  /**
   * The first `count` bytes, fewer when the stream is shorter. An error met on the way is thrown later, by the
   * iteration, after the bytes before it.
   */
  async peek(count: number): Promise<Buffer> {
    while (!this.ended && this.waitingBytes < count) {
      const chunk = await this.pull();
      if (chunk === null) break;
      this.waiting.push(chunk);
      this.waitingBytes += chunk.length;
    }
    const first = this.waiting[0];
    if (first !== undefined && first.length >= count) return first.subarray(0, count);
    const head = Buffer.concat(this.waiting).subarray(0, count);
    return head;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (const chunk of this.waiting.splice(0)) yield chunk;
      while (!this.ended) {
        const chunk = await this.pull();
        if (chunk !== null) yield chunk;
      }
      if (this.failure !== null) throw this.failure.error;
    } finally {
      await this.close();
    }
  }

  /** Frees the source; safe to call twice. */
  async close(): Promise<void> {
    if (this.ended && this.failure === null) return;
    this.ended = true;
    this.failure = null;
    await this.iterator.return?.();
  }

  private async pull(): Promise<Buffer | null> {
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
