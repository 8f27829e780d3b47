import { foldRanges, invertRanges, LAST_CODE_POINT, POSIX, type Range, SHORT, sortRanges } from './pattern-classes.ts';

/**
 * A pattern in RE2 syntax as a tree, with its flags and short classes resolved: what can be known of its matches without
 * running it (length, fixed text, size of its program) is read from here, and `printPattern` writes it out again.
 */
export type PatternNode =
  /** One character of these code point ranges (sorted, disjoint). */
  | { kind: 'set'; ranges: readonly Range[] }
  /** A Unicode class, kept as it was written. */
  | { kind: 'unicode'; text: string }
  | { kind: 'concat'; items: PatternNode[] }
  | { kind: 'alternate'; items: PatternNode[] }
  | { kind: 'repeat'; item: PatternNode; min: number; max: number; isLazy: boolean }
  | { kind: 'group'; name: string; item: PatternNode };

/** What is wrong and where: `at` counts characters from 1. */
export class PatternError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(`${message}, at character ${at}`);
    this.name = 'PatternError';
    this.at = at;
  }
}

const CONTROL: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };
const MAX_REPETITION = 1000;
/** The reader calls itself for each group. */
const MAX_NESTING = 100;
const ANCHOR = 'where a match may stand is for `edges` to say: no ^, $, \\b, \\B, \\A or \\z';

/** Throws `PatternError` on anything RE2 or a detector does not allow. */
export function parsePattern(pattern: string): PatternNode {
  return new PatternReader(pattern).read();
}

interface Flags {
  ignoresCase: boolean;
  dotIsAll: boolean;
}

class PatternReader {
  private readonly letters: string[];
  private at = 0;
  private depth = 0;
  private readonly names = new Set<string>();

  constructor(pattern: string) {
    this.letters = [...pattern];
  }

  read(): PatternNode {
    const node = this.alternatives({ ignoresCase: false, dotIsAll: false });
    if (this.at < this.letters.length) throw this.error('a ) without its (');
    return node;
  }

  private alternatives(outer: Flags): PatternNode {
    if (++this.depth > MAX_NESTING) throw this.error(`groups are nested deeper than ${MAX_NESTING}`);
    const flags = { ...outer };
    const items = [this.sequence(flags)];
    while (this.take('|')) items.push(this.sequence(flags));
    this.depth--;
    return items.length === 1 ? (items[0] as PatternNode) : { kind: 'alternate', items };
  }

  private sequence(flags: Flags): PatternNode {
    const items: PatternNode[] = [];
    while (this.at < this.letters.length && this.peek() !== '|' && this.peek() !== ')') {
      const item = this.atom(flags);
      if (item !== null) items.push(this.repeated(item));
    }
    return items.length === 1 ? (items[0] as PatternNode) : { kind: 'concat', items };
  }

  private repeated(item: PatternNode): PatternNode {
    const counts = this.counts();
    if (counts === null) return item;
    const [min, max] = counts;
    if (Math.max(min, max === Number.POSITIVE_INFINITY ? 0 : max) > MAX_REPETITION)
      throw this.error(`repeats more than ${MAX_REPETITION} times`);
    if (max < min) throw this.error('repeats at most fewer times than at least');
    const isLazy = this.take('?');
    if (this.counts() !== null) throw this.error('a repetition of a repetition');
    return { kind: 'repeat', item, min, max, isLazy };
  }

  private counts(): [number, number] | null {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    if (this.peek() !== '{') return null;
    const [whole, min = '', comma, max] =
      /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.letters.slice(this.at, this.at + 24).join('')) ?? [];
    // Anything else in braces is text, as in RE2.
    if (whole === undefined) return null;
    this.at += whole.length;
    if (comma === undefined) return [Number(min), Number(min)];
    return [Number(min), max === '' ? Number.POSITIVE_INFINITY : Number(max)];
  }

  /** Null for what matches nothing by itself: a group of flags. */
  private atom(flags: Flags): PatternNode | null {
    const letter = this.next();
    switch (letter) {
      case '(':
        return this.group(flags);
      case '[':
        return this.set(flags);
      case '.':
        return set(flags.dotIsAll ? [[0, LAST_CODE_POINT]] : invertRanges([[10, 10]]));
      case '^':
      case '$':
        throw this.error(ANCHOR, 0);
      case '*':
      case '+':
      case '?':
        throw this.error(`nothing to repeat before ${letter}`, 0);
      case '\\':
        return this.escape(flags);
      default:
        return set(foldCase([single(letter)], flags));
    }
  }

  private group(flags: Flags): PatternNode | null {
    if (!this.take('?')) return this.closed(flags);
    if (this.take(':')) return this.closed(flags);
    const rest = this.letters.slice(this.at, this.at + 80).join('');
    if (/^(?:=|!|<=|<!)/.test(rest)) throw this.error('RE2 has no look-ahead and no look-behind');
    const named = /^P?<([A-Za-z_][A-Za-z0-9_]{0,31})>/.exec(rest);
    if (named !== null) {
      const [whole, name = ''] = named;
      if (this.names.has(name)) throw this.error(`two groups are called ${name}`);
      this.names.add(name);
      this.at += whole.length;
      return { kind: 'group', name, item: this.closed(flags) };
    }
    const [whole, letters = '', end] = /^([a-zA-Z-]+)([:)])/.exec(rest) ?? [];
    if (whole === undefined) throw this.error('a group RE2 does not know');
    if (!/^[is]+$/.test(letters)) throw this.error('of the flags only i (ignore case) and s (. is any byte) are there');
    this.at += whole.length;
    const inner = end === ':' ? { ...flags } : flags;
    if (letters.includes('i')) inner.ignoresCase = true;
    if (letters.includes('s')) inner.dotIsAll = true;
    return end === ':' ? this.closed(inner) : null;
  }

  private closed(flags: Flags): PatternNode {
    const node = this.alternatives(flags);
    if (!this.take(')')) throw this.error('a ( without its )');
    return node;
  }

  private escape(flags: Flags): PatternNode {
    const letter = this.next();
    const ranges = SHORT[letter.toLowerCase()];
    if (ranges !== undefined) return set(letter === letter.toLowerCase() ? ranges : invertRanges(ranges));
    if ('bBAzZ'.includes(letter)) throw this.error(ANCHOR, 0);
    if (letter === 'p' || letter === 'P') return this.unicodeNode(this.unicode(letter), flags);
    if (letter >= '1' && letter <= '9') throw this.error('RE2 has no reference back to a group', 0);
    return set(foldCase([this.character(letter)], flags));
  }

  /** One character after a backslash. */
  private character(letter: string): Range {
    const control = CONTROL[letter];
    if (control !== undefined) return [control, control];
    if (letter === 'x') {
      const [whole, short, long] =
        /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.letters.slice(this.at, this.at + 8).join('')) ?? [];
      const code = Number.parseInt(short ?? long ?? '', 16);
      const isSurrogate = code >= 0xd800 && code < 0xe000;
      if (whole === undefined || code > LAST_CODE_POINT || isSurrogate)
        throw this.error('\\x needs two hex digits, or those of a character in braces');
      this.at += whole.length;
      return [code, code];
    }
    if (/[0-9A-Za-z]/.test(letter)) throw this.error(`RE2 or a detector has no \\${letter}`, 0);
    return single(letter);
  }

  private unicodeNode(text: string, { ignoresCase }: Flags): PatternNode {
    if (ignoresCase) throw this.error('a Unicode class cannot ignore case; name both cases', 0);
    return { kind: 'unicode', text };
  }

  private unicode(letter: string): string {
    const [whole] = /^(?:[A-Z]|\{\^?[A-Za-z_]{1,40}\})/.exec(this.letters.slice(this.at, this.at + 44).join('')) ?? [];
    if (whole === undefined) throw this.error(`\\${letter} names no class`);
    this.at += whole.length;
    return `\\${letter}${whole}`;
  }

  private set(flags: Flags): PatternNode {
    const opened = this.at;
    const isNegated = this.take('^');
    const ranges: Range[] = [];
    let hasUnicode = false;
    for (let isFirst = true; isFirst || this.peek() !== ']'; isFirst = false) {
      const member = this.member();
      if (member === null) hasUnicode = true;
      else ranges.push(...member);
    }
    this.at++;
    if (hasUnicode) return this.unicodeNode(`[${this.letters.slice(opened, this.at).join('')}`, flags);
    const folded = foldCase(ranges, flags);
    const given = isNegated ? invertRanges(folded) : sortRanges(folded);
    if (given.length === 0) throw this.error('a class without a character');
    return set(given);
  }

  /** Null: a Unicode class. */
  private member(): Range[] | null {
    const letter = this.next('a [ without its ]');
    if (letter === '[' && this.peek() === ':') {
      const [whole, negation, name = ''] =
        /^:(\^?)([a-z]+):\]/.exec(this.letters.slice(this.at, this.at + 16).join('')) ?? [];
      const ranges = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
      if (whole === undefined || ranges === undefined) throw this.error('[: names no class');
      this.at += whole.length;
      return negation === '^' ? invertRanges(ranges) : ranges;
    }
    if (letter === '\\') {
      const escaped = this.next();
      const ranges = SHORT[escaped.toLowerCase()];
      if (ranges !== undefined) return escaped === escaped.toLowerCase() ? ranges : invertRanges(ranges);
      if (escaped === 'p' || escaped === 'P') {
        this.unicode(escaped);
        return null;
      }
      return this.rangeFrom(this.character(escaped));
    }
    return this.rangeFrom(single(letter));
  }

  private rangeFrom([from]: Range): Range[] {
    if (this.peek() !== '-' || this.letters[this.at + 1] === ']' || this.letters[this.at + 1] === undefined)
      return [[from, from]];
    this.at++;
    const letter = this.next();
    const [to] = letter === '\\' ? this.character(this.next()) : single(letter);
    if (to < from) throw this.error('a range that ends before it begins');
    return [[from, to]];
  }

  private peek(): string | undefined {
    return this.letters[this.at];
  }

  private take(letter: string): boolean {
    if (this.letters[this.at] !== letter) return false;
    this.at++;
    return true;
  }

  private next(missing = 'ends in the middle'): string {
    const letter = this.letters[this.at];
    if (letter === undefined) throw this.error(missing);
    this.at++;
    return letter;
  }

  /** `ahead` 1: at the character to come; 0: at the one just read. */
  private error(message: string, ahead = 1): PatternError {
    return new PatternError(Math.min(this.at + ahead, this.letters.length), message);
  }
}

function set(ranges: readonly Range[]): PatternNode {
  return { kind: 'set', ranges };
}

function single(letter: string): Range {
  const code = letter.codePointAt(0) as number;
  return [code, code];
}

function foldCase(ranges: readonly Range[], { ignoresCase }: Flags): readonly Range[] {
  return ignoresCase ? foldRanges(ranges) : ranges;
}
