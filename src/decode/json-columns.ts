import type { ColumnPlace } from '../model/segment.ts';
import type { ForwardCursor } from './forward-cursor.ts';
import type { JsonMap } from './json-map.ts';
import { type JsonPlace, type JsonState, MAX_DEPTH, OBJECT } from './json-place.ts';
import { endOfString } from './json-strings.ts';
import type { Columns } from './place-locator.ts';
import type { RawSpan } from './raw-span.ts';

const NO_COLUMN: ColumnPlace = {};
/** Keys of a map that is keyed by people have no end. */
const MAX_PLACES = 4096;
const MAX_PATH_BYTES = 256;
/** How far behind an offset the end of its string is looked for: long strings are rarely asked about again. */
const AHEAD_BYTES = 256;
const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
/** A bracket or a quote, or a line break: what comes before it is in one column. */
const ENDS_GAP = new Uint8Array(256);
for (const byte of [NEWLINE, QUOTE, 0x5b, 0x5d, 0x7b, 0x7d]) ENDS_GAP[byte] = 1;

/** What the columns of a document are read from. */
export interface JsonSource {
  span: RawSpan;
  map: JsonMap;
  place: JsonPlace;
  cursor: ForwardCursor<JsonState>;
}

/**
 * The columns of JSON: pointers, found once a string. Where text stands need not be known to the byte for it: mostly all raw offsets
 * that it may have lie in one string.
 */
export class JsonColumns implements Columns {
  private readonly source: JsonSource;
  private readonly lines: boolean;
  private readonly known = new Map<string, ColumnPlace>();
  private readonly byPath = new Map<number, { path: Uint8Array; place: ColumnPlace }>();
  private readonly path = new Uint8Array(MAX_PATH_BYTES);
  private size = 0;
  /** Where the raw offset lies between `from` and `to`, the column is `found`. */
  private from = 0;
  private to = -1;
  private found = NO_COLUMN;
  /** Before the byte at `position`; null when the bytes from there on may be gone. */
  private state: JsonState | null = null;
  private position = 0;

  constructor(source: JsonSource, lines: boolean) {
    this.source = source;
    this.lines = lines;
  }

  at(offset: number): ColumnPlace {
    const { map } = this.source;
    map.bound(offset);
    const { least, most } = map;
    if (least < this.from || least > this.to) this.look(least);
    if (most > this.to) {
      const raw = map.rawOffset(offset);
      if (raw > this.to) this.look(raw);
    }
    return this.found;
  }

  release(): void {
    this.state = null;
  }

  private look(raw: number): void {
    const state = this.reach(raw);
    this.found = this.placeOf(state);
    this.from = state.inString ? state.stringAt : raw;
    this.to = state.inString ? this.endOfString(state, raw) : this.endOfGap(raw);
  }

  private reach(raw: number): JsonState {
    const { span } = this.source;
    if (this.state === null || raw < this.position) this.state = this.restart(raw);
    if (raw > this.position) span.visit(this.position, raw, this.read);
    this.position = raw;
    return this.state;
  }

  private readonly read = (bytes: Buffer, from: number, to: number, origin: number): boolean => {
    this.source.place.advance(this.state as JsonState, bytes, from, to, origin);
    return true;
  };

  /** A state at or before `raw`, not far. */
  private restart(raw: number): JsonState {
    const { span, place, cursor } = this.source;
    const line = this.lines ? span.lastIndexOf(NEWLINE, raw) : -1;
    this.position = line < 0 ? raw : line + 1;
    return line < 0 ? place.clone(cursor.seek(raw)) : place.start();
  }

  /** The last raw offset that is in the string, as far as it is looked for; the state is led out of it, or on in it. */
  private endOfString(state: JsonState, raw: number): number {
    const { span } = this.source;
    let end = raw;
    span.visit(raw, Math.min(span.end, raw + AHEAD_BYTES), (bytes, from, to, origin) => {
      const at = endOfString(
        bytes,
        state.escaped && !(this.lines && bytes[from] === NEWLINE) ? from + 1 : from,
        to,
        this.lines,
      );
      state.escaped = at > to;
      state.inString = at >= to || bytes[at] !== QUOTE;
      end = origin + (at >= to ? to : state.inString ? at : at + 1);
      return at >= to;
    });
    this.position = end;
    return end;
  }

  /** The last raw offset before a key or bracket. */
  private endOfGap(raw: number): number {
    const { span } = this.source;
    let end = raw;
    span.visit(raw, span.end, (bytes, from, to, origin) => {
      let i = from;
      while (i < to && ENDS_GAP[bytes[i] as number] === 0) i++;
      end = origin + i;
      return i === to;
    });
    return end;
  }

  private placeOf(state: JsonState): ColumnPlace {
    if (state.depth === 0) return NO_COLUMN;
    const hash = this.readPath(state);
    const { path, size } = this;
    const known = this.byPath.get(hash);
    if (known !== undefined && size > 0 && isSame(known.path, path, size)) return known.place;
    const place = this.byPointer(this.source.place.pointer(state, true));
    // Keys that are no UTF-8 are many paths of one pointer.
    if (this.byPath.size >= MAX_PLACES) this.byPath.clear();
    if (size > 0) this.byPath.set(hash, { path: path.slice(0, size), place });
    return place;
  }

  private byPointer(pointer: string): ColumnPlace {
    let place = this.known.get(pointer);
    if (place === undefined) {
      if (this.known.size >= MAX_PLACES) this.known.clear();
      place = { pointer };
      this.known.set(pointer, place);
    }
    return place;
  }

  /**
   * Writes the kinds and keys of all levels to `path`, and answers a hash of them: less work than the pointer. `size` is 0 where a key
   * has escapes, or cannot be read so simply.
   */
  private readPath({ depth, kinds, places, keys }: JsonState): number {
    const { path } = this;
    const { span } = this.source;
    let hash = FNV_START;
    let to = 0;
    this.size = 0;
    for (let level = 0; level < depth; level++) {
      const kind = kinds[level] as number;
      const at = places[level] as number;
      if (kind === OBJECT && at < 0) break;
      if (to === path.length || level === MAX_DEPTH) return 0;
      path[to++] = kind;
      hash = Math.imul(hash ^ kind, FNV_PRIME);
      if (kind !== OBJECT) continue;
      const chunk = span.chunkAt(at);
      if (keys[level] !== null || chunk === null) return 0;
      for (let i = at - chunk.at; ; i++) {
        const byte = chunk.bytes[i];
        if (byte === QUOTE) break;
        if (byte === undefined || byte < 32 || byte === BACKSLASH || to === path.length) return 0;
        path[to++] = byte;
        hash = Math.imul(hash ^ byte, FNV_PRIME);
      }
    }
    this.size = to;
    return hash;
  }
}

function isSame(known: Uint8Array, path: Uint8Array, size: number): boolean {
  if (known.length !== size) return false;
  for (let i = 0; i < size; i++) if (known[i] !== path[i]) return false;
  return true;
}
