import type { Machine } from './forward-cursor.ts';
import { endOfString } from './json-strings.ts';
import { countNewlines } from './newlines.ts';
import type { RawSpan } from './raw-span.ts';

/** Deeper levels are counted, not named: the pointer ends there. */
export const MAX_DEPTH = 256;
/** Longer keys are cut in pointers. */
const MAX_KEY_BYTES = 1024;

const NEWLINE = 10;
/** Fewer bytes are looked through here: a call costs as much. */
const SHORT_BYTES = 256;
export const OBJECT = 1;
const ARRAY = 2;
const QUOTE = 34;
const COMMA = 44;
const IS_STRUCTURE = new Uint8Array(256);
for (const byte of [QUOTE, COMMA, 0x5b, 0x5d, 0x7b, 0x7d]) IS_STRUCTURE[byte] = 1;

/** Where in a document a byte-level reader has come to. Level 0 is the top. */
export interface JsonState {
  line: number;
  depth: number;
  kinds: number[];
  /** By level: index in an array, or raw offset of the current key's first byte in an object (-1: none yet). */
  places: number[];
  /** By level: the key, once its bytes may be gone. */
  keys: (string | null)[];
  inString: boolean;
  /** Raw offset of the first byte of the last string. */
  stringAt: number;
  escaped: boolean;
  expectsKey: boolean;
  /** Values at the top that have ended. */
  ended: number;
  /** Elements of the first top-level array, -1 when the document is not one. */
  elements: number;
  /** Raw offset of the last bracket that opened at the top. */
  topAt: number;
}

/**
 * Follows JSON well enough to name the place of a byte, and forgives what is not JSON. `lines`: every line is a document
 * of its own, so whole lines are skipped without being read.
 */
export class JsonPlace implements Machine<JsonState> {
  private readonly lines: boolean;
  private readonly span: RawSpan;

  constructor(span: RawSpan, lines: boolean) {
    this.span = span;
    this.lines = lines;
  }

  start(): JsonState {
    return {
      line: 0,
      depth: 0,
      kinds: [],
      places: [],
      keys: [],
      inString: false,
      stringAt: 0,
      escaped: false,
      expectsKey: false,
      ended: 0,
      elements: -1,
      topAt: 0,
    };
  }

  clone(state: JsonState): JsonState {
    const { kinds, places, keys } = state;
    return { ...state, kinds: kinds.slice(), places: places.slice(), keys: keys.slice() };
  }

  read(state: JsonState, bytes: Buffer, from: number, to: number, origin: number): void {
    if (!this.lines) state.line += countNewlines(bytes, from, to);
    const start = this.advance(state, bytes, from, to, origin);
    if (start > from) state.line += countNewlines(bytes, from, start);
  }

  /** As `read`, without counting lines. Answers where the line begins in which it ends, `from` where that is not behind it. */
  advance(state: JsonState, bytes: Buffer, from: number, to: number, origin: number): number {
    let start = from;
    if (this.lines) {
      const last = lastNewline(bytes, from, to);
      if (last >= from) {
        startLine(state);
        start = last + 1;
      }
    }
    follow(state, bytes, start, to, origin);
    return start;
  }

  settle(state: JsonState, offset: number): void {
    for (let level = 0; level < Math.min(state.depth, MAX_DEPTH); level++) {
      const at = state.places[level] ?? -1;
      if (state.kinds[level] === OBJECT && at >= 0 && at < offset && state.keys[level] === null) {
        state.keys[level] = this.keyAt(at);
      }
    }
  }

  /** RFC 6901; `isColumn`: 0 for all indexes of arrays. */
  pointer(state: JsonState, isColumn = false): string {
    let pointer = '';
    for (let level = 0; level < Math.min(state.depth, MAX_DEPTH); level++) {
      const at = state.places[level] ?? -1;
      if (state.kinds[level] === ARRAY) pointer += isColumn ? '/0' : `/${at}`;
      else if (at < 0) break;
      else pointer += `/${(state.keys[level] ?? this.keyAt(at)).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    }
    return pointer;
  }

  /** Record number: the line, or the element of the one array, or the value among several at the top. */
  row(state: JsonState): number | undefined {
    if (this.lines) return state.line;
    if (state.depth > 0 && state.kinds[0] === ARRAY && state.ended === 0) return state.places[0];
    return state.ended > 0 ? state.ended : undefined;
  }

  /** Records of a stream that has come to its end in this state; `lastByte` is its last byte. */
  records(state: JsonState, lastByte: number): number {
    if (this.lines) return state.line + (lastByte === 10 ? 0 : 1);
    if (state.ended === 0 && state.depth > 0 && state.kinds[0] === ARRAY) return (state.places[0] ?? 0) + 1;
    if (state.ended === 1 && state.elements >= 0) return state.elements;
    return state.ended + (state.depth > 0 ? 1 : 0);
  }

  private keyAt(at: number): string {
    const bytes = this.span.slice(at, at + MAX_KEY_BYTES);
    let end = 0;
    while (end < bytes.length && bytes[end] !== 34 && bytes[end] !== 10) end += bytes[end] === 92 ? 2 : 1;
    const key = bytes.toString('utf8', 0, Math.min(end, bytes.length));
    if (!key.includes('\\')) return key;
    try {
      return String(JSON.parse(`"${key}"`));
    } catch {
      return key;
    }
  }
}

/** Index of the last line break of bytes [from, to); less than `from` when there is none. */
function lastNewline(bytes: Buffer, from: number, to: number): number {
  if (to - from > SHORT_BYTES) return bytes.lastIndexOf(NEWLINE, to - 1);
  let at = to - 1;
  while (at >= from && bytes[at] !== NEWLINE) at--;
  return at;
}

/** A line is a document of its own: forgets what came before it. */
function startLine(state: JsonState): void {
  state.depth = state.ended = 0;
  state.inString = state.escaped = state.expectsKey = false;
}

function follow(state: JsonState, bytes: Buffer, from: number, to: number, origin: number): void {
  let i = from;
  let { inString } = state;
  while (i < to) {
    if (inString) {
      if (state.escaped) {
        state.escaped = false;
        i++;
      }
      i = endOfString(bytes, i, to, false);
      if (i > to) state.escaped = true;
      if (i >= to) break;
      inString = false;
      i++;
      continue;
    }
    const byte = bytes[i] as number;
    if (IS_STRUCTURE[byte] === 0) {
      i++;
      continue;
    }
    const level = state.depth - 1;
    if (byte === QUOTE) {
      if (state.expectsKey && level < MAX_DEPTH) {
        state.places[level] = origin + i + 1;
        state.keys[level] = null;
      }
      state.expectsKey = false;
      inString = true;
      state.stringAt = origin + i + 1;
    } else if (byte === COMMA) {
      if (level >= 0 && level < MAX_DEPTH) {
        if (state.kinds[level] === ARRAY) state.places[level] = (state.places[level] ?? 0) + 1;
        else state.expectsKey = true;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      if (state.depth === 0) state.topAt = origin + i;
      open(state, byte === 0x7b ? OBJECT : ARRAY);
    } else {
      if (state.depth > 0 && --state.depth === 0) end(state, origin + i);
      state.expectsKey = false;
    }
    i++;
  }
  state.inString = inString;
}

function open(state: JsonState, kind: number): void {
  const level = state.depth++;
  if (level < MAX_DEPTH) {
    state.kinds[level] = kind;
    state.places[level] = kind === ARRAY ? 0 : -1;
    state.keys[level] = null;
  }
  state.expectsKey = kind === OBJECT;
}

function end(state: JsonState, at: number): void {
  if (state.ended === 0 && state.kinds[0] === ARRAY) {
    state.elements = at === state.topAt + 1 ? 0 : (state.places[0] ?? 0) + 1;
  }
  state.ended++;
}
