/**
 * Context words compiled for look-up: the words around a value are split once, then every detector's list costs one map
 * look-up a word, however long the list is. Words of scripts without spaces are searched for as they are.
 */
export interface WordList {
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
    const hash = hashOf(first);
    hashes.add(hash);
    isListed[hash & LISTED_MASK] = 1;
  }
  return { hashes, phrases, pieces };
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
/** By the last bits of a hash: 1 when a word of any list has them. */
const isListed = new Uint8Array(LISTED_MASK + 1);

/**
 * The hashes of the words in a run of bytes that some list may have, each also without a final `s`: most values have none of a list's words
 * around them, and this says so without making a string. Split exactly as `normaliseWords` splits ASCII.
 */
export class WordFilter {
  private readonly seen = new Int32Array(2 * MAX_WORDS);
  private count = 0;
  private isAscii = true;

  clear(): void {
    this.count = 0;
    this.isAscii = true;
  }

  /** No list has any of them. */
  get isEmpty(): boolean {
    return this.isAscii && this.count === 0;
  }

  /** Takes the words of bytes [from, to): those of lists compiled before. */
  add(bytes: Buffer, from: number, to: number): void {
    let hash = FNV_START;
    let before = FNV_START;
    let length = 0;
    let last = APART;
    for (let i = from; i < to; i++) {
      const c = bytes[i] as number;
      const kind = KINDS[c] as number;
      if (kind !== LOWER) {
        if (kind === BEYOND) this.isAscii = false;
        if (kind >= APART || (kind === UPPER && last === LOWER)) {
          if (length > 0) this.push(hash, before);
          hash = FNV_START;
          length = 0;
        }
      }
      last = kind;
      if (kind >= APART) continue;
      before = hash;
      hash = step(hash, kind === UPPER ? c + 32 : c);
      length++;
    }
    if (length > 0) this.push(hash, before);
  }

  /** False only when no word of the list is there; true may be a collision, or a text that is not ASCII. */
  mayHave({ hashes }: WordList): boolean {
    if (hashes.size === 0) return false;
    if (!this.isAscii) return true;
    for (let k = 0; k < this.count; k++) if (hashes.has(this.seen[k] as number)) return true;
    return false;
  }

  private push(hash: number, withoutLast: number): void {
    if (this.count + 2 > this.seen.length) return;
    if (isListed[hash & LISTED_MASK] === 1) this.seen[this.count++] = hash;
    if (isListed[withoutLast & LISTED_MASK] === 1) this.seen[this.count++] = withoutLast;
  }
}

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

const FNV_START = 0x811c9dc5 | 0;

function step(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
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
