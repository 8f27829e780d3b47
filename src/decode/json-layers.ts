const BACKSLASH = 92;
const QUOTE = 34;
const NEWLINE = 10;
/** JSON in a string in JSON in a string: layers of escapes that are undone. */
const LAYERS = 3;

/** Value of a hexadecimal digit, else -1. */
export const HEX = new Int8Array(256).fill(-1);
for (let i = 0; i < 10; i++) HEX[48 + i] = i;
for (let i = 0; i < 6; i++) HEX[65 + i] = HEX[97 + i] = 10 + i;
/** Byte after the backslash to the byte it stands for; 0 when it is no simple escape (RFC 8259, 7). */
export const SIMPLE = new Uint8Array(256);
for (const [name, byte] of Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, '"': 34, '\\': 92, '/': 47 })) {
  SIMPLE[name.charCodeAt(0)] = byte;
}

/** Whether a byte may stand between the start of a string and the first quote of JSON in it; n, r and t behind a backslash only. */
export function isShapeByte(byte: number): boolean {
  if (byte === 32 || byte === 0x7b || byte === 0x5b || byte === BACKSLASH) return true;
  return isNumeric(byte) || byte === 110 || byte === 114 || byte === 116;
}

function isNumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || byte === 44 || byte === 45 || byte === 46;
}

// Fields of one layer in `state`, which begins with the number of layers that are open inside the outer string.
const ESCAPE = 0; // 1 after a backslash, 2 in the digits of \u
const DIGITS = 1;
const CODE = 2;
const LITERAL = 3; // the digits as they stood, to write them out when the escape is broken
const HIGH = 4; // high surrogate that waits for its pair
const IN_STRING = 5;
const SHAPE = 6; // 1 at the start of a string, 2 after `[`, 3 after `{`, 0 not JSON
const FIELDS = 7;

/**
 * The escapes of up to three layers of JSON strings, byte by byte: what the fast path of `JsonUnescaper` cannot do. Text
 * goes to `out` at `to`.
 */
export class JsonLayers {
  out: Buffer = Buffer.alloc(0);
  to = 0;
  private readonly state = new Int32Array(1 + LAYERS * FIELDS);

  /** Null when nothing is pending; else what `restore` needs. */
  snapshot(): Int32Array | null {
    return this.isPending() ? this.state.slice() : null;
  }

  restore(snapshot: Int32Array | null): void {
    if (snapshot === null) this.state.fill(0);
    else this.state.set(snapshot);
  }

  /** A backslash of the outer string was read and nothing after it. */
  beginEscape(): void {
    this.state[1 + ESCAPE] = 1;
  }

  /** The next byte comes directly after a backslash of the outer string, with no layer open inside it. */
  get isInOuterEscape(): boolean {
    return this.state[0] === 0 && this.state[1 + ESCAPE] === 1;
  }

  isPending(): boolean {
    const { state } = this;
    return state[0] !== 0 || state[1 + ESCAPE] !== 0 || state[1 + HIGH] !== 0;
  }

  /** Inside nested JSON with no escape open anywhere: plain bytes pass all layers. */
  isIdle(): boolean {
    const { state } = this;
    for (let layer = state[0] as number, at = 1; layer >= 0; layer--, at += FIELDS) {
      if ((state[at + ESCAPE] as number) + (state[at + HIGH] as number) + (state[at + SHAPE] as number) !== 0)
        return false;
    }
    return true;
  }

  enter(layer: number): void {
    const at = 1 + layer * FIELDS;
    this.state[0] = layer;
    this.state.fill(0, at, at + FIELDS);
    this.state[at + IN_STRING] = 1;
    this.state[at + SHAPE] = 1;
  }

  /** One byte of a string of `layer`, before its escapes are undone. */
  stringByte(layer: number, byte: number): void {
    const { state } = this;
    const at = 1 + layer * FIELDS;
    if (state[at + ESCAPE] === 2) {
      const digit = HEX[byte] as number;
      if (digit >= 0) {
        state[at + CODE] = ((state[at + CODE] as number) << 4) | digit;
        state[at + LITERAL] = ((state[at + LITERAL] as number) << 8) | byte;
        state[at + DIGITS] = (state[at + DIGITS] as number) + 1;
        if (state[at + DIGITS] === 4) this.endUnicode(layer);
        return;
      }
      this.flushEscape(layer);
    } else if (state[at + ESCAPE] === 1) {
      if (byte === 117) {
        state[at + ESCAPE] = 2;
        state[at + DIGITS] = state[at + CODE] = state[at + LITERAL] = 0;
        return;
      }
      const simple = SIMPLE[byte] as number;
      state[at + ESCAPE] = 0;
      this.flushHigh(layer);
      if (simple !== 0) {
        this.content(layer, simple);
        return;
      }
      this.content(layer, BACKSLASH);
    }
    if (byte === BACKSLASH) {
      state[at + ESCAPE] = 1;
      return;
    }
    this.flushHigh(layer);
    if (layer === 0 && state[0] !== 0 && (byte === QUOTE || byte === NEWLINE)) {
      this.closeAbove(0);
    } else if (layer > 0 && byte === QUOTE) {
      this.closeAbove(layer);
      state[at + IN_STRING] = state[at + SHAPE] = 0;
      this.out[this.to++] = QUOTE;
      return;
    }
    this.content(layer, byte);
  }

  /** One byte of the content of a string of `layer`: input of the layer above, or text. */
  private content(layer: number, byte: number): void {
    const { state } = this;
    if ((state[0] as number) > layer) {
      const above = layer + 1;
      if (state[1 + above * FIELDS + IN_STRING] === 1) this.stringByte(above, byte);
      else {
        this.out[this.to++] = byte;
        if (byte === QUOTE) this.enter(above);
      }
      return;
    }
    this.out[this.to++] = byte;
    const shape = 1 + layer * FIELDS + SHAPE;
    if (layer === 0 || state[shape] === 0) return;
    state[shape] = nextShape(state[shape] as number, byte);
    if (state[shape] === NESTED) {
      state[shape] = 0;
      if (layer + 1 < LAYERS) this.enter(layer + 1);
    }
  }

  private endUnicode(layer: number): void {
    const { state } = this;
    const at = 1 + layer * FIELDS;
    const code = state[at + CODE] as number;
    const high = state[at + HIGH] as number;
    state[at + ESCAPE] = state[at + HIGH] = 0;
    if (high !== 0 && code >= 0xdc00 && code <= 0xdfff) this.utf8(pair(high, code), layer);
    else {
      if (high !== 0) this.utf8(0xfffd, layer);
      if (code >= 0xd800 && code <= 0xdbff) state[at + HIGH] = code;
      else this.utf8(code, layer);
    }
  }

  /** Ends the strings above `layer`, innermost first, writing out what is pending in them. */
  closeAbove(layer: number): void {
    const { state } = this;
    for (let inner = state[0] as number; inner > layer; inner--) {
      state[1 + inner * FIELDS + SHAPE] = 0;
      this.flushEscape(inner);
      state[0] = inner - 1;
    }
  }

  private flushHigh(layer: number): void {
    const at = 1 + layer * FIELDS;
    if (this.state[at + HIGH] === 0) return;
    this.state[at + HIGH] = 0;
    this.utf8(0xfffd, layer);
  }

  /** Writes a broken escape out as it stood. */
  flushEscape(layer: number): void {
    const { state } = this;
    const at = 1 + layer * FIELDS;
    const pending = state[at + ESCAPE] as number;
    state[at + ESCAPE] = 0;
    this.flushHigh(layer);
    if (pending === 0) return;
    this.content(layer, BACKSLASH);
    if (pending === 1) return;
    this.content(layer, 117);
    for (let digit = (state[at + DIGITS] as number) - 1; digit >= 0; digit--) {
      this.content(layer, ((state[at + LITERAL] as number) >> (8 * digit)) & 0xff);
    }
  }

  /** `layer` -1 writes to the text directly. */
  utf8(code: number, layer: number): void {
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) this.put(layer, point);
    else if (point < 0x800) this.put(layer, 0xc0 | (point >> 6));
    else if (point < 0x10000) this.put(layer, 0xe0 | (point >> 12));
    else {
      this.put(layer, 0xf0 | (point >> 18));
      this.put(layer, 0x80 | ((point >> 12) & 0x3f));
    }
    if (point >= 0x800) this.put(layer, 0x80 | ((point >> 6) & 0x3f));
    if (point >= 0x80) this.put(layer, 0x80 | (point & 0x3f));
  }

  private put(layer: number, byte: number): void {
    if (layer < 0) this.out[this.to++] = byte;
    else this.content(layer, byte);
  }
}

const NESTED = 4;

/** Whether a string that begins with these bytes may be JSON: the next shape. `isNestedShape` says when it surely is. */
export function nextShape(shape: number, byte: number): number {
  if (byte === 32 || byte === 10 || byte === 13 || byte === 9) return shape;
  if (byte === 0x7b && (shape === 1 || shape === 2)) return 3;
  if (byte === 0x5b && (shape === 1 || shape === 2)) return 2;
  if (byte === QUOTE && shape >= 2) return NESTED;
  return shape === 2 && isNumeric(byte) ? 2 : 0;
}

export function isNestedShape(shape: number): boolean {
  return shape === NESTED;
}

export function pair(high: number, low: number): number {
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}
