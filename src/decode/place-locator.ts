import type { Location, Locator } from '../model/segment.ts';
import type { ForwardCursor } from './forward-cursor.ts';
import type { Transcoder } from './transcode.ts';

/** Text offsets to offsets of the bytes that a cursor walks over. */
export interface OffsetMap {
  rawOffset(text: number): number;
  release(text: number): void;
}

/** Text that is a copy of the bytes from `start` on. */
export function copiedFrom(start: number): OffsetMap {
  return { rawOffset: (text) => start + text, release: () => undefined };
}

/**
 * Joins what knows offsets and what knows places. `describe` turns the state at an offset into a location, `columnOf` into its
 * column; a string or null is the column of all.
 */
export class PlaceLocator<State> implements Locator {
  private readonly map: OffsetMap;
  private readonly cursor: ForwardCursor<State>;
  private readonly describe: (state: State) => Location;
  private readonly transcoder: Transcoder | null;
  readonly columnAt?: (offset: number) => string | null;

  constructor(
    map: OffsetMap,
    cursor: ForwardCursor<State>,
    describe: (state: State) => Location,
    transcoder: Transcoder | null,
    columnOf?: ((state: State) => string) | string | null,
  ) {
    this.map = map;
    this.cursor = cursor;
    this.describe = describe;
    this.transcoder = transcoder;
    if (columnOf === undefined) return;
    this.columnAt =
      typeof columnOf === 'function' ? (offset) => columnOf(cursor.seek(map.rawOffset(offset))) : () => columnOf;
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

  release(offset: number): void {
    this.map.release(offset);
    const raw = this.map.rawOffset(offset);
    this.cursor.release(raw);
    this.transcoder?.release(raw);
  }
}
