import type { Machine } from './forward-cursor.ts';
import { openKernel } from './kernel.ts';

export interface CsvState {
  line: number;
  /** Records that have ended, the header included; blank lines are none. */
  row: number;
  column: number;
  quoted: boolean;
  /** The last byte was a quote that ended a cell or is half of a doubled one. */
  afterQuote: boolean;
  /** No byte of the cell has come yet. */
  atStart: boolean;
}

const TAB = 9;
const COMMA = 44;
const INPUT = 64;
const INPUT_BYTES = 64 * 1024;
const SLACK = 16;

const { memory, call } = openKernel(new URL('csv-cells.wasm', import.meta.url), INPUT + INPUT_BYTES + SLACK);
const words = new Int32Array(memory, 0, 6);
const input = Buffer.from(memory, INPUT, INPUT_BYTES);

/** Follows rows and columns of a delimited table (RFC 4180): a quote opens a cell only at its start. */
export class CsvPlace implements Machine<CsvState> {
  private readonly delimiter: number;

  constructor(delimiter: number) {
    this.delimiter = delimiter;
  }

  start(): CsvState {
    return { line: 0, row: 0, column: 0, quoted: false, afterQuote: false, atStart: true };
  }

  clone(state: CsvState): CsvState {
    return { ...state };
  }

  read(state: CsvState, bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += INPUT_BYTES) this.follow(state, bytes, at, Math.min(to, at + INPUT_BYTES));
  }

  /** As `read` of at most 64 KiB, and copies them to `out`, a tab for each comma between cells. */
  separate(state: CsvState, bytes: Buffer, from: number, to: number, out: Buffer, outFrom: number): void {
    this.follow(state, bytes, from, to);
    input.copy(out, outFrom, 0, to - from);
  }

  isInRecord(state: CsvState): boolean {
    return state.quoted || state.column > 0 || !state.atStart;
  }

  private follow(state: CsvState, bytes: Buffer, from: number, to: number): void {
    const { delimiter } = this;
    bytes.copy(input, 0, from, to);
    // Counted from 0 each time: a table may have more lines than 32 bits can say.
    words[0] = 0;
    words[1] = 0;
    words[2] = state.column;
    words[3] = Number(state.quoted);
    words[4] = Number(state.afterQuote);
    words[5] = Number(state.atStart);
    const separator = delimiter === COMMA ? TAB : delimiter;
    call.cells?.(INPUT, INPUT + to - from, delimiter, separator, delimiter < 0 ? 0 : -1);
    state.line += words[0];
    state.row += words[1];
    state.column = words[2];
    state.quoted = words[3] !== 0;
    state.afterQuote = words[4] !== 0;
    state.atStart = words[5] !== 0;
  }
}
