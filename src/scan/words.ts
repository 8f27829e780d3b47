/**
 * Context words compiled for look-up: the words around a value are split once, then every detector's list costs one map
 * look-up a word, however long the list is. Words of scripts without spaces are searched for as they are.
 */
export interface WordList {
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
  const pieces: string[] = [];
  for (const entry of list ?? []) {
    const normal = normaliseWords(entry);
    if (!isAscii(normal)) pieces.push(normal);
    const [first = '', ...rest] = normal.split(' ');
    phrases.set(first, [...(phrases.get(first) ?? []), rest]);
  }
  return { phrases, pieces };
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
