import type { ByteSource } from '../model/byte-source.ts';
import type { Budget } from './budget.ts';
import { DecodeStop } from './decoder.ts';

const FIRST_BLOCK = 64 * 1024;
const MAX_BLOCK = 4 * 1024 * 1024;

/** A stream held in memory, so that it can be read anywhere. */
export class Spool implements ByteSource {
  private readonly budget: Budget;
  private blocks: Buffer[] = [];
  private starts: number[] = [];
  private heldBytes = 0;
  private iterator: AsyncIterator<Buffer> | null = null;
  /** What did not fit behind the blocks any more. */
  private over: Buffer | null = null;
  byteLength = 0;
  /** What ended the stream early; what came before it is here. */
  problem: DecodeStop | null = null;

  private constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Holds up to `maxBytes` and no more than the budget has room for. Must be freed. */
  static async of(chunks: AsyncIterable<Buffer>, budget: Budget, maxBytes: number): Promise<Spool> {
    const spool = new Spool(budget);
    spool.iterator = chunks[Symbol.asyncIterator]();
    try {
      await spool.load(spool.iterator, Math.min(maxBytes, budget.room));
    } catch (error) {
      await spool.free();
      throw error;
    }
    return spool;
  }

  /** All of the stream is here. */
  get isWhole(): boolean {
    return this.over === null && this.problem === null;
  }

  async read(start: number, end: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let at = start, index = this.indexOf(start); at < end; index++) {
      const block = this.blocks[index];
      if (block === undefined) break;
      const from = at - (this.starts[index] ?? 0);
      const part = block.subarray(from, from + end - at);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  async *stream(start = 0, end = this.byteLength): AsyncGenerator<Buffer> {
    for (let at = start, index = this.indexOf(start); at < end; index++) {
      const from = at - (this.starts[index] ?? 0);
      const part = this.blocks[index]?.subarray(from, from + end - at) ?? Buffer.alloc(0);
      if (part.length === 0) return;
      at += part.length;
      yield part;
    }
  }

  /** The stream from its start, once: what is here, freed as it goes, and then the rest. Throws what ended it early. */
  async *drain(): AsyncGenerator<Buffer> {
    for (let block = this.blocks.shift(); block !== undefined; block = this.blocks.shift()) {
      yield block;
      this.budget.free(block.buffer.byteLength);
      this.heldBytes -= block.buffer.byteLength;
    }
    if (this.problem !== null) throw this.problem;
    if (this.over !== null) yield this.over;
    while (this.iterator !== null) {
      const next = await this.iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  async free(): Promise<void> {
    this.budget.free(this.heldBytes);
    this.heldBytes = 0;
    this.blocks = [];
    const { iterator } = this;
    this.iterator = null;
    await iterator?.return?.();
  }

  async verify(): Promise<void> {}

  async close(): Promise<void> {}

  private async load(iterator: AsyncIterator<Buffer>, maxBytes: number): Promise<void> {
    try {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
        const kept = this.keep(next.value, maxBytes);
        if (kept === next.value.length) continue;
        this.over = Buffer.from(next.value.subarray(kept));
        return;
      }
    } catch (error) {
      if (!(error instanceof DecodeStop)) throw error;
      this.problem = error;
    }
  }

  /** Copies as much of `bytes` as there is room for. */
  private keep(bytes: Buffer, maxBytes: number): number {
    let at = 0;
    while (at < bytes.length) {
      const last = this.blocks.at(-1);
      if (last === undefined || last.length === last.buffer.byteLength) {
        const size = Math.min(
          last === undefined ? FIRST_BLOCK : Math.min(MAX_BLOCK, last.length * 2),
          maxBytes - this.heldBytes,
        );
        if (size <= 0) return at;
        this.budget.hold(size);
        this.heldBytes += size;
        this.starts.push(this.byteLength);
        this.blocks.push(Buffer.from(new ArrayBuffer(size), 0, 0));
        continue;
      }
      const count = Math.min(bytes.length - at, last.buffer.byteLength - last.length);
      const longer = Buffer.from(last.buffer, 0, last.length + count);
      bytes.copy(longer, last.length, at, at + count);
      this.blocks[this.blocks.length - 1] = longer;
      this.byteLength += count;
      at += count;
    }
    return at;
  }

  private indexOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
