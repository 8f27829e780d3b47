import { randomBytes } from 'node:crypto';

/**
 * Context words compiled for look-up: the words around a value are split once, then every detector's list costs one map
 * look-up a word, however long the list is. Words of scripts without spaces are searched for as they are.
 */
export interface WordList {
  /** Whether texts with these traces have a word of the list (`WordFilter.trace`). */
  known: Map<number, boolean>;
  /** Hashes of the first words: what `WordFilter` compares before any string is made. */
  hashes: ReadonlySet<number>;
  /** First word → the rest of each phrase that begins with it (empty: the word alone). */
  phrases: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** Words with characters beyond ASCII. */
  pieces: readonly string[];
}

/** The words around one value, as `normaliseWords` gives them; `''` marks the gap where the value stands. */
export interface WordsAround {
  words: readonly string[];
  /** The same in one string, only when it holds characters beyond ASCII. */
  text: string | null;
}

export function compileWords(list: readonly string[] | undefined): WordList {
  const phrases = new Map<string, string[][]>();
  const hashes = new Set<number>();
  const pieces: string[] = [];
  for (const entry of list ?? []) {
    const normal = normaliseWords(entry);
    if (!isAscii(normal)) pieces.push(normal);
    const [first = '', ...rest] = normal.split(' ');
    phrases.set(first, [...(phrases.get(first) ?? []), rest]);
    for (const word of rest) note(word, PART);
    hashes.add(hashOf(first));
    note(first, LISTED);
  }
  return { known: new Map(), hashes, phrases, pieces };
}

export function wordsAround(left: string, right: string): WordsAround {
  const before = normaliseWords(left);
  const after = normaliseWords(right);
  const text = isAscii(before) && isAscii(after) ? null : `${before}\0${after}`;
  return { words: [...before.split(' '), '', ...after.split(' ')], text };
}

/** Whether a word or phrase of the list stands in the text; a plural `s` is allowed. */
export function hasAny(around: WordsAround, { phrases, pieces }: WordList): boolean {
  const { words, text } = around;
  if (phrases.size > 0) {
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as string;
      const found = phrases.get(word) ?? (word.endsWith('s') ? phrases.get(word.slice(0, -1)) : undefined);
      if (found?.some((rest) => followedBy(words, i, rest))) return true;
    }
  }
  return text !== null && pieces.some((piece) => text.includes(piece));
}

const MAX_WORDS = 160;
const LISTED_MASK = 2 ** 15 - 1;
/** By the last bits of a hash: what words of lists have them. */
const USES = new Uint8Array(LISTED_MASK + 1);
/** The first of a list's entry, or its only one. */
const LISTED = 1;
/** A further one. */
const PART = 2;

/** By the first two letters, or the only one: 1 when a word of a list begins so. */
const BEGINS = new Uint8Array(128 * 128);

function pairOf(first: number, second: number): number {
  return ((lower(first) & 127) << 7) | (lower(second) & 127);
}

function note(word: string, use: number): void {
  const at = hashOf(word) & LISTED_MASK;
  USES[at] = (USES[at] as number) | use;
  const second = word.length === 1 ? 0 : word.charCodeAt(1);
  BEGINS[pairOf(word.charCodeAt(0), second)] = 1;
  // Or with the `s` of a plural.
  if (word.length === 1) BEGINS[pairOf(word.charCodeAt(0), LETTER_S)] = 1;
}

/**
 * The hashes of the words in a run of bytes that some list may have, each also without a final `s`: most values have none of a list's words
 * around them, and this says so without making a string. Split exactly as `normaliseWords` splits ASCII.
 */
export class WordFilter {
  private readonly seen = new Int32Array(2 * MAX_WORDS);
  private count = 0;
  private isAscii = true;
  private trace0 = 0;
  private trace1 = 0;

  clear(): void {
    this.count = 0;
    this.isAscii = true;
    this.trace0 = 0;
    this.trace1 = 0;
  }

  /** Equal for texts with the same words of lists in the same places; all others are alike. NaN for what is not ASCII. */
  get trace(): number {
    return this.isAscii ? (this.trace0 >>> 0) * 2 ** 20 + (this.trace1 >>> 12) : Number.NaN;
  }

  /** No list has any of them. */
  get isEmpty(): boolean {
    return this.isAscii && this.count === 0;
  }

  /** Takes the words of bytes [from, to): those of lists compiled before. */
  add(bytes: Buffer, from: number, to: number): void {
    let { trace0, trace1 } = this;
    let i = from;
    while (i < to) {
      let kind = KINDS[bytes[i] as number] as number;
      if (kind >= APART) {
        if (kind === BEYOND) this.isAscii = false;
        i++;
        continue;
      }
      const begin = i;
      let last = kind;
      while (++i < to) {
        kind = KINDS[bytes[i] as number] as number;
        if (kind >= APART || (kind === UPPER && last === LOWER)) break;
        last = kind;
      }
      const second = i - begin === 1 ? 0 : (bytes[begin + 1] as number);
      const word = BEGINS[pairOf(bytes[begin] as number, second)] === 1 ? this.read(bytes, begin, i) : OTHER_WORD;
      trace0 = Math.imul(trace0 ^ word, 0x01000193);
      trace1 = Math.imul(trace1 + word, 0x9e3779b1) ^ (trace1 >>> 15);
    }
    // What follows belongs to other words.
    this.trace0 = Math.imul(trace0 ^ GAP, 0x01000193);
    this.trace1 = Math.imul(trace1 + GAP, 0x9e3779b1);
  }

  /** Takes one word; answers what it is in a trace. */
  private read(bytes: Buffer, from: number, to: number): number {
    let hash = FNV_START;
    let before = FNV_START;
    for (let i = from; i < to; i++) {
      before = hash;
      hash = step(hash, lower(bytes[i] as number));
    }
    const use = USES[hash & LISTED_MASK] as number;
    const useBefore = USES[before & LISTED_MASK] as number;
    if ((use | useBefore) === 0) return OTHER_WORD;
    if ((use & LISTED) !== 0) this.see(hash);
    if ((useBefore & LISTED) !== 0) this.see(before);
    return hash;
  }

  /** False only when no word of the list is there; true may be a collision, or a text that is not ASCII. */
  mayHave({ hashes }: WordList): boolean {
    if (hashes.size === 0) return false;
    if (!this.isAscii) return true;
    for (let k = 0; k < this.count; k++) if (hashes.has(this.seen[k] as number)) return true;
    return false;
  }

  private see(hash: number): void {
    if (this.count < this.seen.length) this.seen[this.count++] = hash;
  }
}

const LETTER_S = 115;
const GAP = 1;
const OTHER_WORD = 2;

const LOWER = 0;
const UPPER = 1;
const HASH_SIGN = 2;
const APART = 3;
const BEYOND = 4;
/** By byte, as `normaliseWords` has it: digits count as lower case. */
const KINDS = Uint8Array.from({ length: 256 }, (_, c) => {
  if (c > 127) return BEYOND;
  if ((c >= 97 && c <= 122) || (c >= 48 && c <= 57)) return LOWER;
  if (c >= 65 && c <= 90) return UPPER;
  return c === 35 ? HASH_SIGN : APART;
});

/** Another one in each process: nobody can write a text whose words are taken for others. */
const FNV_START = randomBytes(4).readInt32LE();

function step(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

function hashOf(word: string): number {
  let hash = FNV_START;
  for (let i = 0; i < word.length; i++) hash = step(hash, word.charCodeAt(i));
  return hash;
}

function followedBy(words: readonly string[], at: number, rest: readonly string[]): boolean {
  for (let k = 0; k < rest.length; k++) {
    const word = words[at + 1 + k];
    if (word !== rest[k] && (word === undefined || k < rest.length - 1 || word !== `${rest[k]}s`)) return false;
  }
  return true;
}

/** Lower case, `_`, `-`, `.`, quotes and runs of space become one space, camelCase is split. */
export function normaliseWords(text: string): string {
  let out = '';
  let lastLower = false;
  let space = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const isUpper = c >= 65 && c <= 90;
    const isLower = (c >= 97 && c <= 122) || (c >= 48 && c <= 57);
    if (isUpper || isLower || c > 127) {
      if (space || (isUpper && lastLower)) out += ' ';
      out += isUpper ? String.fromCharCode(c + 32) : text[i];
      space = false;
    } else if (c === 35) {
      out += space ? ' #' : '#';
      space = false;
    } else {
      space = out !== '';
    }
    lastLower = isLower;
  }
  return isAscii(out) ? out : out.toLowerCase();
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
