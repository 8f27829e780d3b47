import { ForwardCursor, type Machine } from './forward-cursor.ts';
import { countNewlines } from './newlines.ts';
import { copiedFrom, PlaceLocator } from './place-locator.ts';
import { RawSpan } from './raw-span.ts';
import type { TextFormat, TextTarget } from './text-format.ts';

interface LineState {
  line: number;
}

const lineCounter: Machine<LineState> = {
  start: () => ({ line: 0 }),
  clone: ({ line }) => ({ line }),
  read: (state, bytes, from, to) => {
    state.line += countNewlines(bytes, from, to);
  },
};

const NO_COLUMN = {};
const NO_COLUMNS = { at: () => NO_COLUMN };

/** Plain text and code, as it is. Records are lines. */
export function plainText({ window, start, transcoder, recycle }: TextTarget): TextFormat {
  const span = new RawSpan(start, recycle);
  const cursor = new ForwardCursor(span, lineCounter);
  window.open(new PlaceLocator(copiedFrom(start), cursor, ({ line }) => ({ line: line + 1 }), transcoder, NO_COLUMNS));
  let lastByte = 10;
  return {
    feed(chunk) {
      if (chunk.length === 0) return;
      span.push(chunk);
      window.write(chunk);
      lastByte = chunk[chunk.length - 1] ?? 0;
    },
    end() {
      window.close();
      const { line } = cursor.seek(span.end);
      span.close();
      return line + (lastByte === 10 ? 0 : 1);
    },
  };
}
