import type { Machine } from './forward-cursor.ts';
import { countNewlines } from './newlines.ts';
import type { RawSpan } from './raw-span.ts';

/** Deeper levels are counted, not named: the pointer ends there. */
const MAX_DEPTH = 256;
/** Longer keys are cut in pointers. */
const MAX_KEY_BYTES = 1024;

const OBJECT = 1;
const ARRAY = 2;

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
    let start = from;
    if (this.lines) {
      const last = bytes.lastIndexOf(10, to - 1);
      if (last >= from) {
        state.line += countNewlines(bytes, from, last + 1);
        state.depth = state.ended = 0;
        state.inString = state.escaped = state.expectsKey = false;
        start = last + 1;
      }
    } else state.line += countNewlines(bytes, from, to);
    follow(state, bytes, start, to, origin);
  }

  settle(state: JsonState, offset: number): void {
    for (let level = 0; level < Math.min(state.depth, MAX_DEPTH); level++) {
      const at = state.places[level] ?? -1;
      if (state.kinds[level] === OBJECT && at >= 0 && at < offset && state.keys[level] === null) {
        state.keys[level] = this.keyAt(at);
      }
    }
  }

  /** RFC 6901. */
  pointer(state: JsonState): string {
    let pointer = '';
    for (let level = 0; level < Math.min(state.depth, MAX_DEPTH); level++) {
      const at = state.places[level] ?? -1;
      if (state.kinds[level] === ARRAY) pointer += `/${at}`;
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

function follow(state: JsonState, bytes: Buffer, from: number, to: number, origin: number): void {
  let i = from;
  while (i < to) {
    if (state.inString) {
      if (state.escaped) {
        state.escaped = false;
        i++;
      }
      i = endOfString(bytes, i, to);
      if (i > to) state.escaped = true;
      if (i >= to) return;
      state.inString = false;
      i++;
      continue;
    }
    const byte = bytes[i] as number;
    if (byte === 34) {
      const level = state.depth - 1;
      if (state.expectsKey && level < MAX_DEPTH) {
        state.places[level] = origin + i + 1;
        state.keys[level] = null;
      }
      state.expectsKey = false;
      state.inString = true;
    } else if (byte === 0x2c) {
      const level = state.depth - 1;
      if (level >= 0 && level < MAX_DEPTH) {
        if (state.kinds[level] === ARRAY) state.places[level] = (state.places[level] ?? 0) + 1;
        else state.expectsKey = true;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      if (state.depth === 0) state.topAt = origin + i;
      open(state, byte === 0x7b ? OBJECT : ARRAY);
    } else if (byte === 0x7d || byte === 0x5d) {
      if (state.depth > 0 && --state.depth === 0) end(state, origin + i);
      state.expectsKey = false;
    }
    i++;
  }
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

/** Index of the closing quote; `to` when it lies further on, `to + 1` when the byte at `to` is escaped. */
function endOfString(bytes: Buffer, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const byte = bytes[i] as number;
    if (byte === 34) return i;
    i += byte === 92 ? 2 : 1;
  }
  return i;
}
