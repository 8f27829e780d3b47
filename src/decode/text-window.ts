import type { Locator, Segment } from '../model/segment.ts';
import type { SegmentConsumer, WindowSizes } from './decoder.ts';
import { kernelBuffer } from './unescape-kernel.ts';

/** Bytes a match may start before its trigger, or end before another match that is settled with it. */
export const LEFT_CONTEXT = 20 * 1024;
/** Bytes a match and its context may reach after its trigger. */
export const RIGHT_CONTEXT = 20 * 1024;
const WINDOW_BYTES = 1024 * 1024;
const USUAL_BYTES = WINDOW_BYTES + LEFT_CONTEXT + RIGHT_CONTEXT;
/** Buffers given back: a new megabyte for each of many small objects costs more than scanning them. */
const spare: Buffer[] = [kernelBuffer.subarray(0, USUAL_BYTES)];
const MAX_SPARE = 16;

/**
 * One rolling buffer between a decoder and the scanner. A decoder writes decoded text at `end` (after `reserve`) and
 * calls `commit`; when the buffer is full the consumer sees it and its tail moves to the front:
 *
 * ```
 *  window n    |left|------- fresh -------|right|
 *  window n+1                        |left|------- fresh -------|right|
 * ```
 * so what the consumer finds does not depend on where the stream was cut. A stream is the text of one member, one
 * Parquet page or one whole file; `open` starts it, `close` ends it.
 */
export class TextWindow {
  readonly buffer: Buffer;
  /** Where the next text byte goes. */
  end = 0;
  private base = 0;
  private from = 0;
  private scanned = 0;
  private locator: Locator | null = null;
  private readonly consume: SegmentConsumer;
  private readonly left: number;
  private readonly right: number;

  constructor(consume: SegmentConsumer, sizes: WindowSizes = {}) {
    this.consume = consume;
    this.left = sizes.left ?? LEFT_CONTEXT;
    this.right = sizes.right ?? RIGHT_CONTEXT;
    const bytes = (sizes.window ?? WINDOW_BYTES) + this.left + this.right;
    this.buffer = (bytes === USUAL_BYTES ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** Offset in the stream of the next text byte. */
  get position(): number {
    return this.base + this.end;
  }

  /** Text bytes handed over in streams that are closed, plus those of the open one. */
  get bytesScanned(): number {
    return this.scanned + this.base + this.end;
  }

  /** Largest number of bytes that one `reserve` can promise. */
  get capacity(): number {
    return this.buffer.length - this.left - this.right;
  }

  open(locator: Locator): void {
    this.locator = locator;
    this.base = 0;
    this.from = 0;
    this.end = 0;
  }

  /** Makes room for `count` bytes at `end` (count ≤ capacity), handing a full window over when there is none. */
  reserve(count: number): void {
    if (this.end + count > this.buffer.length) this.roll();
  }

  commit(count: number): void {
    this.end += count;
  }

  /** Copies text of any length. */
  write(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.end === this.buffer.length) this.roll();
      const count = Math.min(bytes.length - at, this.buffer.length - this.end);
      this.buffer.set(bytes.subarray(at, at + count), this.end);
      this.end += count;
      at += count;
    }
  }

  close(): void {
    if (this.locator === null) return;
    if (this.end > 0) this.emit(this.end, true);
    this.scanned += this.base + this.end;
    this.locator = null;
    this.base = 0;
    this.from = 0;
    this.end = 0;
  }

  /** Scans a buffer that holds a whole stream by itself (a decompressed page), without copying it. */
  pass(bytes: Buffer, locator: Locator): void {
    if (bytes.length === 0) return;
    this.scanned += bytes.length;
    this.consume({ bytes, base: 0, from: 0, to: bytes.length, last: true, locator });
  }

  /** Gives the buffer back; the window is not used after it. */
  release(): void {
    if (this.buffer.length === USUAL_BYTES && spare.length < MAX_SPARE) spare.push(this.buffer);
  }

  private roll(): void {
    const to = this.end - this.right;
    this.emit(to, false);
    const keep = Math.max(0, to - this.left);
    this.buffer.copyWithin(0, keep, this.end);
    this.base += keep;
    this.end -= keep;
    this.from = to - keep;
    this.locator?.release?.(this.base);
  }

  private emit(to: number, last: boolean): void {
    const { locator } = this;
    if (locator === null) throw new Error('TextWindow: no open stream');
    const segment: Segment = {
      bytes: this.buffer.subarray(0, this.end),
      base: this.base,
      from: this.from,
      to,
      last,
      locator,
    };
    this.consume(segment);
  }
}
