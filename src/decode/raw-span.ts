import type { Recycle } from './chunks.ts';

interface Chunk {
  at: number;
  bytes: Buffer;
}

/**
 * The stored bytes that a window of text came from: chunks of the stream, kept until they are dropped. Not copied;
 * `recycle` gets them back.
 */
export class RawSpan {
  private chunks: Chunk[] = [];
  /** Offset behind the last byte pushed. */
  end: number;

  private readonly recycle: Recycle | undefined;

  constructor(start: number, recycle?: Recycle) {
    this.end = start;
    this.recycle = recycle;
  }

  push(bytes: Buffer): void {
    this.chunks.push({ at: this.end, bytes });
    this.end += bytes.length;
  }

  /** Forgets chunks that lie before the byte at `offset` - 1 as a whole: the byte before a place may be asked for again. */
  drop(offset: number): void {
    let count = 0;
    for (const { at, bytes } of this.chunks) {
      if (at + bytes.length >= offset) break;
      count++;
    }
    if (count > 0) this.forget(count);
  }

  /** Nothing will be asked for again. */
  close(): void {
    this.forget(this.chunks.length);
  }

  private forget(count: number): void {
    for (const { bytes } of this.chunks.splice(0, count)) this.recycle?.(bytes);
  }

  /** Calls `visit` for each stretch of bytes of [from, to) that is in one buffer; stops when it answers false. */
  visit(from: number, to: number, visit: (bytes: Buffer, start: number, end: number, offset: number) => boolean): void {
    let index = this.indexOf(from);
    let at = from;
    while (at < to) {
      const chunk = this.chunks[index++];
      if (chunk === undefined) return;
      const start = at - chunk.at;
      const end = Math.min(chunk.bytes.length, to - chunk.at);
      if (start < 0 || (start < end && !visit(chunk.bytes, start, end, chunk.at))) return;
      at = chunk.at + end;
    }
  }

  /** The chunk that holds the byte at `offset`, null when it is gone. */
  chunkAt(offset: number): Readonly<Chunk> | null {
    const chunk = this.chunks[this.indexOf(offset)];
    return chunk === undefined || offset < chunk.at || offset >= chunk.at + chunk.bytes.length ? null : chunk;
  }

  /** Offset of the last `byte` before `offset` in the chunk that holds it; -1 when there is none. */
  lastIndexOf(byte: number, offset: number): number {
    const chunk = this.chunks[this.indexOf(offset)];
    if (chunk === undefined || offset <= chunk.at) return -1;
    const index = chunk.bytes.lastIndexOf(byte, offset - chunk.at - 1);
    return index < 0 ? -1 : chunk.at + index;
  }

  /** Bytes [from, to), as far as they are still here: a view when they lie in one chunk, else a copy. */
  slice(from: number, to: number): Buffer {
    const chunk = this.chunks[this.indexOf(from)];
    if (chunk === undefined || from < chunk.at) return Buffer.alloc(0);
    const first = chunk.bytes.subarray(from - chunk.at, to - chunk.at);
    if (chunk.at + chunk.bytes.length >= Math.min(to, this.end)) return first;
    const parts: Buffer[] = [];
    this.visit(from, to, (bytes, start, end) => {
      parts.push(bytes.subarray(start, end));
      return true;
    });
    return Buffer.concat(parts);
  }

  private indexOf(offset: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.chunks[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
