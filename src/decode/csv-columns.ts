import type { CsvState } from './csv-place.ts';
import type { ForwardCursor } from './forward-cursor.ts';
import type { RawSpan } from './raw-span.ts';

/** So far a column is followed from the last one asked for. */
const NEAR_BYTES = 1024;
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

/** Numbers of columns in a table, mostly asked for from left to right: then only the bytes between are read. */
export class CsvColumns {
  private readonly span: RawSpan;
  private readonly cursor: ForwardCursor<CsvState>;
  private readonly delimiter: number;
  /** The chunk that holds the last byte asked for, and where it is in its stream. */
  private bytes: Buffer | null = null;
  private origin = 0;
  /** As `CsvState`, before the byte at `position`. */
  private position = 0;
  private column = 0;
  private quoted = false;
  private afterQuote = false;
  private atStart = true;

  constructor(span: RawSpan, cursor: ForwardCursor<CsvState>, delimiter: number) {
    this.span = span;
    this.cursor = cursor;
    this.delimiter = delimiter;
  }

  /** The column of the byte at `raw`. */
  at(raw: number): number {
    const { bytes, origin, position } = this;
    if (bytes === null || raw < position || raw - position > NEAR_BYTES || raw - origin > bytes.length) this.seek(raw);
    else this.follow(bytes, position - origin, raw - origin);
    this.position = raw;
    return this.column;
  }

  private follow(bytes: Buffer, from: number, to: number): void {
    const { delimiter } = this;
    let { column, quoted, afterQuote, atStart } = this;
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (quoted) {
        afterQuote = byte === QUOTE;
        quoted = !afterQuote;
      } else if (byte === QUOTE) {
        quoted = atStart || afterQuote;
        atStart = afterQuote = false;
      } else if (byte !== RETURN) {
        afterQuote = false;
        atStart = byte === delimiter || byte === NEWLINE;
        if (atStart) column = byte === NEWLINE ? 0 : column + 1;
      }
    }
    this.column = column;
    this.quoted = quoted;
    this.afterQuote = afterQuote;
    this.atStart = atStart;
  }

  private seek(raw: number): void {
    const { column, quoted, afterQuote, atStart } = this.cursor.seek(raw);
    const chunk = this.span.chunkAt(raw);
    this.bytes = chunk === null ? null : chunk.bytes;
    this.origin = chunk === null ? 0 : chunk.at;
    this.column = column;
    this.quoted = quoted;
    this.afterQuote = afterQuote;
    this.atStart = atStart;
  }
}
