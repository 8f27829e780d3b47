import type { ColumnPlace, Location, Locator } from '../model/segment.ts';
import type { ForwardCursor } from './forward-cursor.ts';
import type { Transcoder } from './transcode.ts';

/** Text offsets to offsets of the bytes that a cursor walks over. */
export interface OffsetMap {
  rawOffset(text: number): number;
  release(text: number): void;
}

/** Columns by text offset. */
export interface Columns {
  at(offset: number): ColumnPlace;
  /** Bytes before `raw` will be gone. */
  release?(raw: number): void;
}

/** Text that is a copy of the bytes from `start` on. */
export function copiedFrom(start: number): OffsetMap {
  return { rawOffset: (text) => start + text, release: () => undefined };
}

/**
 * Joins what knows offsets, what knows places and what knows columns. `describe` turns the state at an offset into a location.
 */
export class PlaceLocator<State> implements Locator {
  private readonly map: OffsetMap;
  private readonly cursor: ForwardCursor<State>;
  private readonly describe: (state: State) => Location;
  private readonly transcoder: Transcoder | null;
  private readonly columns: Columns;

  constructor(
    map: OffsetMap,
    cursor: ForwardCursor<State>,
    describe: (state: State) => Location,
    transcoder: Transcoder | null,
    columns: Columns,
  ) {
    this.map = map;
    this.cursor = cursor;
    this.describe = describe;
    this.transcoder = transcoder;
    this.columns = columns;
  }

  locate(offset: number, length: number): Location {
    const start = this.map.rawOffset(offset);
    const end = this.map.rawOffset(offset + length);
    const location = this.describe(this.cursor.seek(start));
    const from = this.transcoder === null ? start : this.transcoder.storedOffset(start);
    const to = this.transcoder === null ? end : this.transcoder.storedOffset(end);
    location.byteOffset = from;
    location.byteLength = to - from;
    return location;
  }

  columnAt(offset: number): ColumnPlace {
    return this.columns.at(offset);
  }

  release(offset: number): void {
    this.map.release(offset);
    const raw = this.map.rawOffset(offset);
    this.columns.release?.(raw);
    this.cursor.release(raw);
    this.transcoder?.release(raw);
  }
}
