import { COMMON_NAMES, type IssuerRow } from '../../detectors/issuers.ts';
import { fixedBeginnings, parseShape, type ShapeNode, shapeLengths, shapePattern } from '../../detectors/shape.ts';
import { byteSet } from './automaton.ts';
import { IssuerWords, type NearWord } from './issuer-words.ts';
import { IS_FAR, IS_LEAD, IS_WORD } from './run-bytes.ts';
import { HINT, TokenRuns } from './token-runs.ts';
import { ValuePattern } from './value-pattern.ts';

/** Bytes that may stand before a run and be part of the same value. */
const MAX_LEAD = 128;
const PREFIX_BYTES = 3;
const ENDS_VALUE = byteSet((byte) => IS_WORD[byte] === 0);

/** A value that a row of the table takes for a credential. */
export interface TableMatch {
  start: number;
  end: number;
  row: IssuerRow;
  /** Where a word of the issuer stands, if one does. */
  place: NearWord['place'] | null;
  /** Length of the beginning that all values of the row share. */
  prefixLength: number;
}

interface CompiledRow {
  row: IssuerRow;
  nodes: ShapeNode[];
  /** Of the shortest of the texts that its values begin with. */
  prefixLength: number;
  longest: number;
  pattern: ValuePattern | null;
}

/**
 * Asks the table about runs of letters and digits. Rows whose values begin alike are looked up by their first three
 * bytes, all others by the words around the value, so a run costs the same however many rows there are.
 */
export class IssuerTable {
  private readonly byPrefix = new Map<number, CompiledRow[]>();
  private readonly byWord = new Map<string, CompiledRow[]>();
  private readonly words: IssuerWords;
  /** Finds the runs to ask the table about. */
  readonly runs: TokenRuns;

  constructor(rows: readonly IssuerRow[]) {
    const all: string[] = [];
    for (const row of rows) {
      const nodes = parseShape(row.shape);
      const beginnings = fixedBeginnings(nodes);
      const prefixLength = Math.min(...beginnings.map(({ length }) => length));
      const compiled: CompiledRow = {
        row,
        nodes,
        prefixLength,
        longest: shapeLengths(nodes).max,
        pattern: null,
      };
      if (prefixLength < PREFIX_BYTES) {
        for (const word of new Set(row.words)) push(this.byWord, word, compiled);
        continue;
      }
      all.push(...beginnings);
      for (const key of new Set(beginnings.map(packed))) push(this.byPrefix, key, compiled);
    }
    const words = rows.flatMap(({ words }) => words);
    this.words = new IssuerWords(words, COMMON_NAMES);
    const isPart = all.some(isNumber) ? () => 0 : (sign: number) => 1 - sign;
    this.runs = new TokenRuns({ parts: IS_LEAD.map(isPart), beginnings: all, ...IssuerWords.traces(words) });
  }

  /** What the table says of the run bytes [start, end), the likeliest first; null when it says nothing. */
  match(bytes: Buffer, start: number, end: number, hint: number = HINT.beginning | HINT.word): TableMatch | null {
    const lead = leadOf(bytes, start, IS_LEAD);
    if (isDigest(bytes, lead)) return null;
    const found = (hint & HINT.beginning) === 0 ? null : this.matchPrefix(bytes, lead, start, end);
    if (found !== null || (hint & HINT.word) === 0 || !mayBeDrawn(bytes, start, end)) return found;
    return this.matchWord(bytes, lead, start, end);
  }

  /** At every place of the value where a name may end: `KEY-pfx_…`. */
  private matchPrefix(bytes: Buffer, lead: number, start: number, end: number): TableMatch | null {
    const last = end - PREFIX_BYTES;
    for (let at = lead; at <= last; at = nextName(bytes, at + 1, start, last)) {
      const key = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      for (const row of this.byPrefix.get(key) ?? []) {
        const behind = this.endOf(row, bytes, at);
        if (behind < 0) continue;
        const place = this.placeOf(row, bytes, at, behind);
        if (row.row.context === 'word' && place === null) continue;
        return { start: at, end: behind, row: row.row, place, prefixLength: row.prefixLength };
      }
    }
    return null;
  }

  private matchWord(bytes: Buffer, lead: number, start: number, end: number): TableMatch | null {
    const far = leadOf(bytes, start, IS_FAR);
    let before = -1;
    for (const at of [far, lead, start]) {
      if (at === before) continue;
      before = at;
      for (const { word, place } of this.words.near(bytes, at, end)) {
        for (const row of this.byWord.get(word) ?? []) {
          const behind = this.endOf(row, bytes, at);
          if (behind > start) return { start: at, end: behind, row: row.row, place, prefixLength: 0 };
        }
      }
    }
    return null;
  }

  /** Where the value of a row ends that starts at `start`, -1 when none does. */
  endOf(row: CompiledRow, bytes: Buffer, start: number): number {
    row.pattern ??= new ValuePattern(shapePattern(row.nodes), false, ENDS_VALUE);
    if (!row.pattern.matchAt(bytes, start, start + row.longest)) return -1;
    const { end } = row.pattern;
    return end < bytes.length && isWordByte(bytes[end] as number) ? -1 : end;
  }

  private placeOf({ row }: CompiledRow, bytes: Buffer, start: number, end: number): NearWord['place'] | null {
    if (row.context === 'prefix') return null;
    return this.words.near(bytes, start, end).find(({ word }) => row.words.includes(word))?.place ?? null;
  }
}

/** Where the next name may begin, from `at` on: behind a sign, or at `start`. Behind `last` when none does. */
function nextName(bytes: Buffer, at: number, start: number, last: number): number {
  let next = at;
  while (next <= last && next !== start && IS_WORD[bytes[next - 1] as number] === 1) next++;
  return next;
}

/** `sha512-…` of a lock file (Subresource Integrity, 3.5): a sum that everybody may know, whoever is named beside it. */
function isDigest(bytes: Buffer, start: number): boolean {
  if (bytes[start] !== 115 || bytes[start + 1] !== 104 || bytes[start + 2] !== 97) return false;
  let at = start + 3;
  while (at < start + 6 && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57) at++;
  return at > start + 3 && bytes[at] === 45;
}

/** Where the value that a run belongs to may start: before what encodings hold beside letters and digits. */
function leadOf(bytes: Buffer, start: number, goesOn: Uint8Array): number {
  let at = start;
  const stop = Math.max(0, start - MAX_LEAD);
  while (at > stop && goesOn[bytes[at - 1] as number] === 1) at--;
  // A sign alone is no beginning.
  while (at < start && !isWordByte(bytes[at] as number)) at++;
  return at;
}

/** Two digits, and letters of which some stand apart from their kind: most names in programs have neither. */
function mayBeDrawn(bytes: Buffer, start: number, end: number): boolean {
  let digits = 0;
  let changes = 0;
  let before = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    const kind = byte < 58 ? (byte < 48 ? 4 : 1) : byte < 91 ? 2 : byte === 95 ? 4 : 3;
    if (kind === 1) digits++;
    if (kind !== before) changes++;
    before = kind;
  }
  return digits >= 2 && changes * 6 > end - start;
}

function isNumber(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

function isWordByte(byte: number): boolean {
  return IS_WORD[byte] === 1;
}

function packed(prefix: string): number {
  return (prefix.charCodeAt(0) << 16) | (prefix.charCodeAt(1) << 8) | prefix.charCodeAt(2);
}

function push<K>(map: Map<K, CompiledRow[]>, key: K, row: CompiledRow): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, [row]);
  else rows.push(row);
}
