import type { Machine } from './forward-cursor.ts';

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
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const COMMA = 44;

/** Follows rows and columns of a delimited table (RFC 4180): a quote opens a cell only at its start. */
export class CsvPlace implements Machine<CsvState> {
  private readonly delimiter: number;
  /** 1 for the bytes that mean something outside quotes. */
  private readonly special = new Uint8Array(256);

  constructor(delimiter: number) {
    this.delimiter = delimiter;
    for (const byte of [NEWLINE, RETURN, QUOTE]) this.special[byte] = 1;
    if (delimiter >= 0) this.special[delimiter] = 1;
  }

  start(): CsvState {
    return { line: 0, row: 0, column: 0, quoted: false, afterQuote: false, atStart: true };
  }

  clone(state: CsvState): CsvState {
    return { ...state };
  }

  read(state: CsvState, bytes: Buffer, from: number, to: number): void {
    this.follow(state, bytes, from, to, this.delimiter);
  }

  /** As `read`, and turns the commas between cells into tabs. */
  separate(state: CsvState, bytes: Buffer, from: number, to: number): void {
    this.follow(state, bytes, from, to, this.delimiter === COMMA ? TAB : this.delimiter);
  }

  isInRecord(state: CsvState): boolean {
    return state.quoted || state.column > 0 || !state.atStart;
  }

  private follow(state: CsvState, bytes: Buffer, from: number, to: number, separator: number): void {
    const { special, delimiter } = this;
    let { line, row, column, quoted, afterQuote, atStart } = state;
    let i = from;
    while (i < to) {
      if (quoted) {
        while (i < to) {
          const byte = bytes[i] as number;
          if (byte === QUOTE) break;
          if (byte === NEWLINE) line++;
          i++;
        }
        if (i >= to) break;
        quoted = false;
        afterQuote = true;
        i++;
        continue;
      }
      const byte = bytes[i] as number;
      if (special[byte] === 0) {
        atStart = afterQuote = false;
        i++;
        while (i < to && special[bytes[i] as number] === 0) i++;
        continue;
      }
      if (byte === QUOTE) {
        quoted = atStart || afterQuote;
        atStart = afterQuote = false;
      } else if (byte === delimiter) {
        if (separator !== delimiter) bytes[i] = separator;
        column++;
        atStart = true;
        afterQuote = false;
      } else if (byte === NEWLINE) {
        line++;
        if (column > 0 || !atStart) row++;
        column = 0;
        atStart = true;
        afterQuote = false;
      }
      i++;
    }
    state.line = line;
    state.row = row;
    state.column = column;
    state.quoted = quoted;
    state.afterQuote = afterQuote;
    state.atStart = atStart;
  }
}
