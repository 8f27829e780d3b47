import { HEX, isNestedShape, JsonLayers, nextShape, pair, SIMPLE } from './json-layers.ts';

/** Bytes that one input byte can make at most beyond the limit given to `decode` (a broken escape written out, three layers). */
export const UNESCAPE_SLACK = 64;

const BACKSLASH = 92;
const QUOTE = 34;
const NEWLINE = 10;
/** How far back the start of a string is looked for when its first escaped quote comes. */
const LOOK_BACK = 64;
const TAIL_BYTES = LOOK_BACK + 8;
/** Shorter runs are copied in JavaScript: a native call costs about this many bytes. */
const SHORT_RUN = 24;

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
  private searched: Buffer | null = null;
  private slash = 0;

  /** Null when nothing is pending; else what `restore` needs. */
  snapshot(): Int32Array | null {
    return this.layers.snapshot();
  }

  /** Continues from a snapshot. `tail` is what `endInput` gave for the input that follows. */
  restore(snapshot: Int32Array | null, tail: Buffer): void {
    this.layers.restore(snapshot);
    this.tail = tail;
    this.searched = null;
  }

  /** To be called when an input is used up: keeps its last bytes. Answers the tail for the next input. */
  endInput(input: Buffer): Buffer {
    const last = input.subarray(Math.max(0, input.length - TAIL_BYTES));
    this.tail = last.length >= TAIL_BYTES ? Buffer.from(last) : Buffer.concat([this.tail, last]).subarray(-TAIL_BYTES);
    this.searched = null;
    return this.tail;
  }

  /**
   * Decodes input[from, input.length) to `out` from `outFrom` on, until the input ends or `outLimit` is reached; `out`
   * must have `UNESCAPE_SLACK` bytes behind the limit.
   */
  decode(input: Buffer, from: number, out: Buffer, outFrom: number, outLimit: number): void {
    const end = input.length;
    let i = from;
    let o = outFrom;
    const { layers } = this;
    layers.out = out;
    while (i < end && o < outLimit) {
      if (layers.isPending()) {
        layers.to = o;
        i = this.decodePending(input, i, outLimit);
        o = layers.to;
        continue;
      }
      const slash = this.nextSlash(input, i);
      const run = Math.min(slash - i, outLimit - o);
      if (run < SHORT_RUN) for (const stop = i + run; i < stop; ) out[o++] = input[i++] as number;
      else {
        input.copy(out, o, i, i + run);
        i += run;
        o += run;
      }
      if (i < slash || i >= end || o >= outLimit) continue;
      const byte = i + 1 < end ? (input[i + 1] as number) : 0;
      const simple = SIMPLE[byte] as number;
      if (simple !== 0) {
        out[o++] = simple;
        if (byte === QUOTE && this.startsNested(input, i)) layers.enter(1);
        i += 2;
      } else if (i + 12 > end) {
        // Too near to the end to see a whole surrogate pair.
        layers.beginEscape();
        i++;
      } else {
        layers.to = o;
        i += byte === 117 ? this.decodeUnicode(input, i) : this.literalBackslash();
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

  private nextSlash(input: Buffer, from: number): number {
    if (this.searched !== input || this.slash < from) {
      const found = input.indexOf(BACKSLASH, from);
      this.slash = found < 0 ? input.length : found;
      this.searched = input;
    }
    return this.slash;
  }

  /** A whole `\uXXXX` or pair at `at` with 12 bytes of input; answers the bytes used. */
  private decodeUnicode(input: Buffer, at: number): number {
    const code = hex4(input, at + 2);
    if (code < 0) return this.literalBackslash();
    if (code < 0xd800 || code > 0xdbff) {
      this.layers.utf8(code, -1);
      return 6;
    }
    const low = input[at + 6] === BACKSLASH && input[at + 7] === 117 ? hex4(input, at + 8) : -1;
    const paired = low >= 0xdc00 && low <= 0xdfff;
    this.layers.utf8(paired ? pair(code, low) : 0xfffd, -1);
    return paired ? 12 : 6;
  }

  private literalBackslash(): number {
    const { layers } = this;
    layers.out[layers.to++] = BACKSLASH;
    return 1;
  }

  private decodePending(input: Buffer, from: number, outLimit: number): number {
    const { layers } = this;
    const { out } = layers;
    let i = from;
    while (i < input.length && layers.to < outLimit && layers.isPending()) {
      const byte = input[i] as number;
      if (byte !== BACKSLASH && byte !== QUOTE && byte !== NEWLINE && layers.isIdle()) {
        out[layers.to++] = byte;
        i++;
        continue;
      }
      const isEscaped = layers.isInOuterEscape;
      layers.stringByte(0, byte);
      if (isEscaped && byte === QUOTE && this.startsNested(input, i - 1)) layers.enter(1);
      i++;
    }
    return i;
  }

  /** Whether the escaped quote whose backslash is at `at` is the first one in a string that begins like JSON. */
  private startsNested(input: Buffer, at: number): boolean {
    const { tail } = this;
    const byteAt = (index: number): number => (index >= 0 ? input[index] : tail[tail.length + index]) ?? 0;
    let start = at - 1;
    for (const stop = at - LOOK_BACK + 1; start > stop && isShapeByte(byteAt(start), byteAt(start - 1)); start--);
    if (byteAt(start) !== QUOTE || byteAt(start - 1) === BACKSLASH) return false;
    let shape = 1;
    for (let i = start + 1; i < at; i++) {
      // Of an escaped line break only the letter is left to skip.
      if (byteAt(i) === BACKSLASH) i++;
      else shape = nextShape(shape, byteAt(i));
    }
    return isNestedShape(nextShape(shape, QUOTE));
  }
}

function isShapeByte(byte: number, before: number): boolean {
  if (byte === 32 || byte === 0x7b || byte === 0x5b || byte === BACKSLASH) return true;
  if (byte === 110 || byte === 114 || byte === 116) return before === BACKSLASH;
  return (byte >= 48 && byte <= 57) || byte === 44 || byte === 45 || byte === 46;
}

function hex4(input: Buffer, at: number): number {
  const a = HEX[input[at] as number] as number;
  const b = HEX[input[at + 1] as number] as number;
  const c = HEX[input[at + 2] as number] as number;
  const d = HEX[input[at + 3] as number] as number;
  return (a | b | c | d) < 0 ? -1 : (a << 12) | (b << 8) | (c << 4) | d;
}
