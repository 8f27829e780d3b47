import type { ColumnPlace, Location } from '../model/segment.ts';
import { CsvColumns } from './csv-columns.ts';
import type { CsvDialect } from './csv-dialect.ts';
import { CsvPlace, type CsvState } from './csv-place.ts';
import { ForwardCursor } from './forward-cursor.ts';
import { copiedFrom, PlaceLocator } from './place-locator.ts';
import { RawSpan } from './raw-span.ts';
import type { TextFormat, TextTarget } from './text-format.ts';

const PIECE_BYTES = 64 * 1024;

/**
 * Delimited tables, as they are, except that commas between cells become tabs: between two numbers a comma would join
 * them for the scanner. Records are data rows.
 */
export function csv({ window, start, transcoder, recycle }: TextTarget, dialect: CsvDialect): TextFormat {
  const { header, delimiter } = dialect;
  const headerRows = header === null ? 0 : 1;
  const span = new RawSpan(start, recycle);
  const place = new CsvPlace(delimiter);
  const cursor = new ForwardCursor(span, place);
  const state = place.start();
  const room = Math.min(window.capacity, PIECE_BYTES);

  const places: ColumnPlace[] = [];
  function placeOf(column: number): ColumnPlace {
    let found = places[column];
    if (found === undefined) {
      found = { column: header?.[column] ?? `#${column}` };
      places[column] = found;
    }
    return found;
  }

  function describe(state: CsvState): Location {
    const { line, row, column } = state;
    const location: Location = { line: line + 1, ...placeOf(column) };
    if (row >= headerRows) location.row = row - headerRows;
    return location;
  }

  const map = copiedFrom(start);
  const only = placeOf(0);
  const columns = new CsvColumns(span, cursor, delimiter);
  const at = delimiter < 0 ? () => only : (offset: number) => placeOf(columns.at(map.rawOffset(offset)));
  window.open(new PlaceLocator(map, cursor, describe, transcoder, { at }));
  return {
    feed(chunk) {
      const origin = span.end;
      span.push(chunk);
      for (let at = 0; at < chunk.length; at += room) {
        const count = Math.min(room, chunk.length - at);
        window.reserve(count);
        place.separate(state, chunk, at, at + count, window.buffer, window.end);
        window.commit(count);
        cursor.note(origin + at + count, place.clone(state));
      }
    },
    end() {
      window.close();
      span.close();
      return Math.max(0, state.row + (place.isInRecord(state) ? 1 : 0) - headerRows);
    },
  };
}
