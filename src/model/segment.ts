/**
 * Where a run of text stands in its object: enough to find it again by hand. Strings are raw here; the scanner masks
 * them before they leave the thread. Absent when it does not apply.
 */
export interface Location {
  /** Stored name inside an archive, e.g. `a.tar/b.jsonl`. */
  member?: string;
  /** Record number from 0, relative to the task. */
  row?: number;
  /** Header of the CSV column, path of the Parquet column. */
  column?: string;
  /** RFC 6901 JSON pointer. */
  pointer?: string;
  /** Line number from 1. */
  line?: number;
  /** Bytes of the decompressed member before unescaping or transcoding. */
  byteOffset?: number;
  byteLength?: number;
  page?: number;
}

/** What of a location names a column: its own name, or a pointer in which all indexes of arrays are 0; neither in text that has none. */
export type ColumnPlace = Pick<Location, 'column' | 'pointer'>;

/** Resolves text offsets of one stream of decoded text. Offsets are asked for in roughly ascending order. */
export interface Locator {
  /** The place of the text bytes [offset, offset + length) of this stream. */
  locate(offset: number, length: number): Location;
  /**
   * The column of the text at `offset`, for less than `locate` costs. Mostly the same object for the same column, so that those who ask may
   * compare that first. Absent where it would cost as much.
   */
  columnAt?(offset: number): ColumnPlace;
  /** Text before `offset` will not be asked for again: what was kept for it may be dropped. */
  release?(offset: number): void;
  /**
   * How many times the stored data repeats the value at `offset` (a dictionary page is scanned once, its entries
   * stand for many rows). 1 when absent. May be asked once per match.
   */
  weight?(offset: number): number;
}

/**
 * A window over one stream of decoded UTF-8 text.
 *
 * ```
 *   bytes   |.... left context ....|======== fresh ========|.... right context ....|
 *           0                    from                     to                     length
 *   stream  base              base+from               base+to
 * ```
 * A trigger is handled in the one window in whose [from, to) it stands; matches may reach into both contexts. `from` is
 * 0 only at the start of the stream and `to` is the length only at its end (`last`). `bytes` is reused after the
 * consumer returns.
 */
export interface Segment {
  bytes: Buffer;
  base: number;
  from: number;
  to: number;
  last: boolean;
  locator: Locator;
}
