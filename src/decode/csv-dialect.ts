export interface CsvDialect {
  /** Byte between cells; -1 for a single column. */
  delimiter: number;
  /** Column names, or null when the first record is data. */
  header: string[] | null;
}

const QUOTE = 34;
const NEWLINE = 10;
const RETURN = 13;
const MAX_RECORDS = 40;
const MAX_NAME = 64;
/** Fewer agreeing records do not make text a table. */
const MIN_RECORDS = 4;

/**
 * The dialect of the table that begins with `head`, or null when it is not one. `named`: the name says that it is a
 * table, so that one column or few records will do.
 */
export function csvDialect(head: Buffer, complete: boolean, named: boolean): CsvDialect | null {
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  let best: { delimiter: number; records: string[][]; width: number } | null = null;
  for (const delimiter of [9, 44, 59, 124]) {
    if (!head.includes(delimiter)) continue;
    const records = readRecords(head, start, delimiter, complete);
    const width = records[0]?.length ?? 0;
    const agreeing = records.filter((record) => record.length === width).length;
    const isTable = width >= 2 && (named ? agreeing * 10 >= records.length * 8 : agreeing === records.length);
    if (isTable && (named || records.length >= MIN_RECORDS) && width > (best?.width ?? 1)) {
      best = { delimiter, records, width };
    }
  }
  if (best !== null) return { delimiter: best.delimiter, header: headerOf(best.records) };
  if (!named) return null;
  return { delimiter: -1, header: headerOf(readRecords(head, start, -1, complete)) };
}

function readRecords(head: Buffer, start: number, delimiter: number, complete: boolean): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let from = start;
  let quoted = false;
  const cell = (to: number): void => {
    const end = to > from && head[to - 1] === RETURN ? to - 1 : to;
    const isQuoted = head[from] === QUOTE && end - from >= 2 && head[end - 1] === QUOTE;
    const text = head.toString('utf8', isQuoted ? from + 1 : from, isQuoted ? end - 1 : end);
    cells.push(isQuoted ? text.replaceAll('""', '"') : text.trim());
    from = to + 1;
  };
  const record = (): void => {
    if (cells.length > 1 || cells[0] !== '') records.push(cells);
    cells = [];
  };
  for (let i = start; i < head.length && records.length < MAX_RECORDS; i++) {
    const byte = head[i];
    if (byte === QUOTE) quoted = quoted ? false : i === from || head[i - 1] === QUOTE;
    else if (quoted) continue;
    else if (byte === delimiter) cell(i);
    else if (byte === NEWLINE) {
      cell(i);
      record();
    }
  }
  if (complete && records.length < MAX_RECORDS && (from < head.length || cells.length > 0)) {
    cell(head.length);
    record();
  }
  return records;
}

/**
 * The first record when it names columns. Without evidence it is data: a name taken from a person's row would put the
 * person into every location, and its cells would not count as a row.
 */
function headerOf(records: string[][]): string[] | null {
  const [first, ...rest] = records;
  if (first === undefined || !first.every(couldBeName)) return null;
  if (new Set(first.map((name) => name.toLowerCase())).size < first.length) return null;
  const wordy = first.filter(isIdentifier).length * 2 > first.length;
  const differs = first.some((name, column) => {
    const below = rest.map((record) => record[column] ?? '').filter((cell) => cell !== '');
    return !isDataLike(name) && below.length > 0 && below.filter(isDataLike).length * 10 >= below.length * 8;
  });
  return wordy || differs ? first : null;
}

function couldBeName(cell: string): boolean {
  if (cell.length === 0 || cell.length > MAX_NAME) return false;
  if (cell.includes('@') || cell.includes('\n') || cell.includes('://')) return false;
  return digitsIn(cell) < 5 && digitsIn(cell) * 2 <= cell.length && !isDate(cell);
}

function isDataLike(cell: string): boolean {
  return digitsIn(cell) >= 3 || digitsIn(cell) * 2 >= cell.length || cell.includes('@') || cell.length > MAX_NAME;
}

/** `2024-01-31`, `31.1.24` and the like: mostly digits. */
function isDate(cell: string): boolean {
  return digitsIn(cell) >= 3 && digitsIn(cell) + 2 >= cell.length;
}

/** `first_name`, `firstName`, or a word that heads many tables. */
function isIdentifier(name: string): boolean {
  const lower = name.toLowerCase();
  if (COMMON_NAMES.has(lower)) return true;
  if (lower.includes(' ')) return false;
  const words = lower.split('_');
  if (words.length > 1 && words.every((word) => word.length > 0)) return true;
  const head = name.charAt(0);
  const hump = [...name.slice(1)].some((letter) => letter !== letter.toLowerCase());
  return head === head.toLowerCase() && head !== head.toUpperCase() && hump;
}

const COMMON_NAMES = new Set(
  (
    'id name email e-mail mail phone telephone mobile address street city state zip country date time timestamp age sex gender ssn ' +
    'iban card account amount price currency total status type category label class target text content body title subject url ' +
    'link prompt completion response question answer instruction input output source language lang user username password ' +
    'token key secret value score count note notes comment comments description message messages birthdate birthday dob ' +
    'company organization department role job salary customer order product quantity ip host path file row index'
  ).split(' '),
);

function digitsIn(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) count++;
  }
  return count;
}
