import type { Context } from '../../detectors/detector.ts';
import type { ColumnPlace } from '../model/segment.ts';
import {
  compileWords,
  hasAny,
  normaliseWords,
  WordFilter,
  type WordList,
  type WordsAround,
  wordsAround,
} from './words.ts';

/** Surroundings remembered for a list of words. */
const MAX_KNOWN = 1024;
const STRONG_BITS = 7;
const WEAK_BITS = 3;
const AGAINST_BITS = -7;
const COLUMN_BITS = 10;
const COLUMN_PART_BITS = 5;
const COLUMN_AGAINST_BITS = -10;
/** Bytes looked at on either side of a value: 50 characters, most of them ASCII. */
const REACH = 64;
const NEWLINE = 10;
const OPEN_BRACE = 123;

/** The text around one value, read once for all detectors that ask. */
export class Surroundings {
  private bytes: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private column: ColumnPlace = {};
  /** What is looked at: bytes [from, start) and [end, to). */
  private from = 0;
  private to = 0;
  private readonly filter = new WordFilter();
  private isFiltered = false;
  private around: WordsAround | null = null;
  private letters: boolean | null = null;

  set(bytes: Buffer, start: number, end: number, column: ColumnPlace): void {
    if (this.bytes === bytes && this.start === start && this.end === end) return;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.column = column;
    this.around = null;
    this.letters = null;
    this.isFiltered = false;
  }

  /** Bits that words and names around the value add; null when the context is required and there is none. */
  bits(context: CompiledContext | null): number | null {
    if (context === null) return 0;
    let bits = 0;
    let found = false;
    const column = bitsOfColumn(context, this.column);
    if (column !== 0) {
      bits += column;
      found = column > 0;
    }
    if (context.hasWords && this.hasLetters()) {
      if (this.has(context.strong)) {
        bits += STRONG_BITS;
        found = true;
      } else if (this.has(context.weak)) {
        bits += WEAK_BITS;
        found = true;
      }
      if (context.required && !found) return null;
      if (this.has(context.against)) bits += AGAINST_BITS;
    }
    return context.required && !found ? null : bits;
  }

  /** Tables of numbers have no words: a look at the bytes saves the splitting. */
  private hasLetters(): boolean {
    if (this.letters === null) {
      const { bytes, start, end } = this;
      this.letters = anyLetter(bytes, start - REACH, start) || anyLetter(bytes, end, end + REACH);
    }
    return this.letters;
  }

  /** False only when no word of these lists stands around the value. */
  mayHaveWords(contexts: readonly CompiledContext[]): boolean {
    this.fillFilter();
    const { filter } = this;
    if (filter.isEmpty) return false;
    for (let k = 0; k < contexts.length; k++) {
      const { strong, weak, against } = contexts[k] as CompiledContext;
      if (filter.mayHave(strong) || filter.mayHave(weak) || filter.mayHave(against)) return true;
    }
    return false;
  }

  private fillFilter(): void {
    if (this.isFiltered) return;
    this.bound();
    this.filter.clear();
    this.filter.add(this.bytes, this.from, this.start);
    this.filter.add(this.bytes, this.end, this.to);
    this.isFiltered = true;
  }

  private has(list: WordList): boolean {
    this.fillFilter();
    const { filter } = this;
    if (!filter.mayHave(list)) return false;
    const { known } = list;
    const { trace } = filter;
    let has = known.get(trace);
    if (has === undefined) {
      const { bytes, from, start, end, to } = this;
      this.around ??= wordsAround(bytes.toString('utf8', from, start), bytes.toString('utf8', end, to));
      has = hasAny(this.around, list);
      // Records of one kind have the same words around their values.
      if (known.size >= MAX_KNOWN) known.clear();
      if (!Number.isNaN(trace)) known.set(trace, has);
    }
    return has;
  }

  /** Records stand on lines: a word of the neighbouring record says nothing about this one. */
  private bound(): void {
    const { bytes, start, end, column } = this;
    this.from = Math.max(0, start - REACH);
    this.to = Math.min(bytes.length, end + REACH);
    const isCell = column.column !== undefined;
    if (!isCell && column.pointer === undefined) return;
    // By hand: making a slice and searching it costs more than so few bytes.
    const last = isCell ? 0 : 1;
    const isMark = (at: number): boolean => bytes[at] === NEWLINE && (isCell || bytes[at + 1] === OPEN_BRACE);
    for (let at = start - 1 - last; at >= this.from; at--) {
      if (!isMark(at)) continue;
      this.from = at;
      break;
    }
    for (let at = end; at < this.to - last; at++) {
      if (!isMark(at)) continue;
      this.to = at;
      break;
    }
  }
}

function anyLetter(bytes: Buffer, from: number, to: number): boolean {
  for (let i = Math.max(0, from); i < to && i < bytes.length; i++) if ((bytes[i] as number) >= 65) return true;
  return false;
}

export interface CompiledContext {
  strong: WordList;
  weak: WordList;
  against: WordList;
  columns: ReadonlySet<string>;
  columnParts: string[];
  columnsAgainst: ReadonlySet<string>;
  hasWords: boolean;
  required: boolean;
  cache: Map<string, number>;
}

export function compileContext(context: Context | undefined): CompiledContext | null {
  if (context === undefined) return null;
  const columns = (context.columns ?? []).map(columnName);
  const strong = compileWords(context.strong);
  const weak = compileWords(context.weak);
  const against = compileWords(context.against);
  return {
    strong,
    weak,
    against,
    columns: new Set(columns),
    columnParts: columns,
    columnsAgainst: new Set((context.columnsAgainst ?? []).map(columnName)),
    hasWords: strong.phrases.size + weak.phrases.size + against.phrases.size > 0,
    required: context.required === true,
    cache: new Map(),
  };
}

const MAX_CACHED_NAMES = 4096;

/** The least and the most that words around a value add. */
export function bitsOfWords({ strong, weak, against }: CompiledContext): { least: number; most: number } {
  const most = strong.phrases.size > 0 ? STRONG_BITS : weak.phrases.size > 0 ? WEAK_BITS : 0;
  return { least: against.phrases.size > 0 ? AGAINST_BITS : 0, most };
}

/** Bits that the name of a column or key adds. */
export function bitsOfColumn(context: CompiledContext, { column, pointer }: ColumnPlace): number {
  const raw = column ?? pointer;
  if (raw === undefined || (context.columns.size === 0 && context.columnsAgainst.size === 0)) return 0;
  let bits = context.cache.get(raw);
  if (bits === undefined) {
    bits = nameBits(context, column === undefined ? pointerNames(raw) : [columnName(raw)]);
    if (context.cache.size >= MAX_CACHED_NAMES) context.cache.clear();
    context.cache.set(raw, bits);
  }
  return bits;
}

function nameBits(context: CompiledContext, names: string[]): number {
  if (names.some((name) => context.columnsAgainst.has(name))) return COLUMN_AGAINST_BITS;
  if (names.some((name) => context.columns.has(name))) return COLUMN_BITS;
  return names.some((name) => context.columnParts.some((part) => `_${name}_`.includes(`_${part}_`)))
    ? COLUMN_PART_BITS
    : 0;
}

/** The last key of a pointer, and the last two joined (`/card/number` says `card_number`). */
function pointerNames(pointer: string): string[] {
  const keys = pointer.split('/').filter((key) => key !== '' && !isIndex(key));
  const last = keys.at(-1);
  if (last === undefined) return [];
  const before = keys.at(-2);
  const name = columnName(last);
  return before === undefined ? [name] : [name, `${columnName(before)}_${name}`];
}

function isIndex(key: string): boolean {
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) < 48 || key.charCodeAt(i) > 57) return false;
  return true;
}

/** `customerEmail`, `Customer E-Mail`, `customer.e_mail` → words joined by `_`. */
export function columnName(raw: string): string {
  return normaliseWords(raw).trim().replaceAll(' ', '_');
}
