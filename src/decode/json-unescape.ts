import { HEX, isNestedShape, isShapeByte, JsonLayers, nextShape, pair, SIMPLE } from './json-layers.ts';
import { forgetInput, run, unescapeRun } from './unescape-kernel.ts';

/** Bytes that one input byte can make at most beyond the limit given to `decode` (a broken escape written out, three layers). */
export const UNESCAPE_SLACK = 64;

const BACKSLASH = 92;
const QUOTE = 34;
const NEWLINE = 10;
const LOWER_U = 117;
/** How far back the start of a string is looked for when its first escaped quote comes. */
const LOOK_BACK = 64;
const TAIL_BYTES = LOOK_BACK + 8;
const IS_SPECIAL = new Uint8Array(256);
for (const byte of [BACKSLASH, QUOTE, NEWLINE]) IS_SPECIAL[byte] = 1;

/**
 * Undoes JSON escapes in a byte stream cut anywhere. It does not parse: what is not JSON comes out as it is. A string
 * whose content begins like JSON (`"{\"a\": …`) has the escapes of that JSON undone as well, up to three layers.
 */
export class JsonUnescaper {
  /** After `decode`: where it stopped in input and output. */
  inputEnd = 0;
  outputEnd = 0;
  private readonly layers = new JsonLayers();
  private tail: Buffer = Buffer.alloc(0);

  /** Null when nothing is pending; else what `restore` needs. */
  snapshot(): Int32Array | null {
    return this.layers.snapshot();
  }

  /** Continues from a snapshot. `tail` is what `endInput` gave for the input that follows. */
  restore(snapshot: Int32Array | null, tail: Buffer): void {
    this.layers.restore(snapshot);
    this.tail = tail;
  }

  /** To be called when an input is used up: keeps its last bytes. Answers the tail for the next input. */
  endInput(input: Buffer): Buffer {
    const last = input.subarray(Math.max(0, input.length - TAIL_BYTES));
    this.tail = last.length >= TAIL_BYTES ? Buffer.from(last) : Buffer.concat([this.tail, last]).subarray(-TAIL_BYTES);
    forgetInput();
    return this.tail;
  }

  /**
   * Decodes input[from, input.length) to `out` from `outFrom` on, until the input ends or `outLimit` is reached; `out`
   * must have `UNESCAPE_SLACK` bytes behind the limit.
   */
  decode(input: Buffer, from: number, out: Buffer, outFrom: number, outLimit: number): void {
    const { layers } = this;
    const end = input.length;
    let i = from;
    let o = outFrom;
    layers.out = out;
    let isPending = layers.isPending();
    while (i < end && o < outLimit) {
      if (isPending) {
        layers.to = o;
        i = this.decodePending(input, i, outLimit);
        o = layers.to;
        isPending = layers.isPending();
        continue;
      }
      unescapeRun(input, i, out, o, outLimit, this.byteBefore);
      i = run.inputEnd;
      o = run.outputEnd;
      if (i >= end || o >= outLimit) break;
      const next = i + 1 < end ? (input[i + 1] as number) : 0;
      const simple = SIMPLE[next] as number;
      if (simple !== 0) {
        out[o++] = simple;
        if (next === QUOTE && this.startsNested(input, i)) {
          layers.enter(1);
          isPending = true;
        }
        i += 2;
      } else if (i + 12 > end) {
        // Too near to the end to see a whole surrogate pair.
        layers.beginEscape();
        isPending = true;
        i++;
      } else if (next !== LOWER_U) {
        out[o++] = BACKSLASH;
        i++;
      } else {
        layers.to = o;
        i += this.decodeUnicode(input, i, hex4(input, i + 2));
        o = layers.to;
      }
    }
    this.inputEnd = i;
    this.outputEnd = o;
  }

  /** At the end of the stream: writes out what is pending (at most `UNESCAPE_SLACK` bytes). */
  finish(out: Buffer, outFrom: number): void {
    const { layers } = this;
    layers.out = out;
    layers.to = outFrom;
    layers.closeAbove(0);
    layers.flushEscape(0);
    layers.restore(null);
    this.outputEnd = layers.to;
  }

  /** A `\uXXXX` or a pair at `at` with 12 bytes of input, `code` being the first; answers the bytes used. */
  private decodeUnicode(input: Buffer, at: number, code: number): number {
    const { layers } = this;
    if (code < 0) {
      layers.out[layers.to++] = BACKSLASH;
      return 1;
    }
    if (code < 0xd800 || code > 0xdbff) {
      layers.utf8(code, -1);
      return 6;
    }
    const low = input[at + 6] === BACKSLASH && input[at + 7] === LOWER_U ? hex4(input, at + 8) : -1;
    const paired = low >= 0xdc00 && low <= 0xdfff;
    layers.utf8(paired ? pair(code, low) : 0xfffd, -1);
    return paired ? 12 : 6;
  }

  private decodePending(input: Buffer, from: number, outLimit: number): number {
    const { layers } = this;
    const { out } = layers;
    const end = input.length;
    let i = from;
    while (i < end && layers.to < outLimit && layers.isPending()) {
      if (layers.isIdle()) {
        // Plain bytes change nothing.
        let o = layers.to;
        while (i < end && o < outLimit && IS_SPECIAL[input[i] as number] === 0) out[o++] = input[i++] as number;
        layers.to = o;
        if (i >= end || o >= outLimit) break;
      }
      const byte = input[i] as number;
      const isEscaped = layers.isInOuterEscape;
      layers.stringByte(0, byte);
      if (isEscaped && byte === QUOTE && this.startsNested(input, i - 1)) layers.enter(1);
      i++;
    }
    return i;
  }

  /** Whether the escaped quote whose backslash is at `at` is the first one in a string that begins like JSON. */
  private startsNested(input: Buffer, at: number): boolean {
    let start = at - 1;
    const stop = at - LOOK_BACK + 1;
    while (start > stop && isShapeAt(this.byteAt(input, start), this.byteAt(input, start - 1))) start--;
    if (this.byteAt(input, start) !== QUOTE || this.byteAt(input, start - 1) === BACKSLASH) return false;
    let shape = 1;
    for (let i = start + 1; i < at; i++) {
      // An escaped line break is white space.
      if (this.byteAt(input, i) === BACKSLASH) i++;
      else shape = nextShape(shape, this.byteAt(input, i));
    }
    return isNestedShape(nextShape(shape, QUOTE));
  }

  private byteAt(input: Buffer, index: number): number {
    return index >= 0 ? (input[index] as number) : this.byteBefore(index);
  }

  private readonly byteBefore = (index: number): number => {
    const { tail } = this;
    return tail.length + index >= 0 ? (tail[tail.length + index] as number) : 0;
  };
}

function isShapeAt(byte: number, before: number): boolean {
  if (byte === 110 || byte === 114 || byte === 116) return before === BACKSLASH;
  return isShapeByte(byte);
}

function hex4(input: Buffer, at: number): number {
  const a = HEX[input[at] as number] as number;
  const b = HEX[input[at + 1] as number] as number;
  const c = HEX[input[at + 2] as number] as number;
  const d = HEX[input[at + 3] as number] as number;
  return (a | b | c | d) < 0 ? -1 : (a << 12) | (b << 8) | (c << 4) | d;
}
