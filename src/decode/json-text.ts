import type { Location } from '../model/segment.ts';
import { ForwardCursor } from './forward-cursor.ts';
import { JsonColumns } from './json-columns.ts';
import { JsonMap } from './json-map.ts';
import { JsonPlace, type JsonState } from './json-place.ts';
import { JsonUnescaper, UNESCAPE_SLACK } from './json-unescape.ts';
import { PlaceLocator } from './place-locator.ts';
import { RawSpan } from './raw-span.ts';
import type { TextFormat, TextTarget } from './text-format.ts';

/** Text decoded between two checkpoints: what a question about an offset may cost, and how near it is known without one. */
const PIECE_BYTES = 4 * 1024;

/**
 * JSON text with its escapes undone; keys, quotes and structure stay. `lines`: JSON lines, a record a line; else one
 * document, whose records are the elements of its top-level array.
 */
export function jsonText({ window, start, transcoder, recycle }: TextTarget, lines: boolean): TextFormat {
  const span = new RawSpan(start, recycle);
  const place = new JsonPlace(span, lines);
  const cursor = new ForwardCursor(span, place);
  const room = Math.min(window.capacity, PIECE_BYTES + UNESCAPE_SLACK);
  const map = new JsonMap(room, start);
  const unescaper = new JsonUnescaper();
  let tail: Buffer = Buffer.alloc(0);
  let lastByte = 10;

  function describe(state: JsonState): Location {
    const location: Location = { line: state.line + 1 };
    const row = place.row(state);
    if (row !== undefined) location.row = row;
    if (state.depth > 0) location.pointer = place.pointer(state);
    return location;
  }

  const columns = new JsonColumns({ span, map, place, cursor }, lines);
  window.open(new PlaceLocator(map, cursor, describe, transcoder, columns));
  return {
    feed(chunk) {
      if (chunk.length === 0) return;
      const origin = span.end;
      span.push(chunk);
      let index = 0;
      while (index < chunk.length) {
        window.reserve(room);
        map.mark({
          raw: origin + index,
          text: window.position,
          input: chunk,
          index,
          tail,
          state: unescaper.snapshot(),
        });
        unescaper.decode(chunk, index, window.buffer, window.end, window.end + room - UNESCAPE_SLACK);
        window.commit(unescaper.outputEnd - window.end);
        index = unescaper.inputEnd;
        map.close(origin + index, window.position);
      }
      tail = unescaper.endInput(chunk);
      lastByte = chunk[chunk.length - 1] ?? 0;
    },
    end() {
      window.reserve(Math.min(window.capacity, UNESCAPE_SLACK));
      unescaper.finish(window.buffer, window.end);
      window.commit(unescaper.outputEnd - window.end);
      window.close();
      const records = place.records(cursor.seek(span.end), lastByte);
      span.close();
      return records;
    },
  };
}
