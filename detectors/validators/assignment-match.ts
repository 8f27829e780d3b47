import type { MatchAt } from '../detector.ts';
import { bytesOf } from './byte-set.ts';

/** What the two patterns of assignments do not share. */
export interface AssignmentRules {
  /** Signs that a name may begin with. */
  signs: string;
  /** Whether its first word may hold letters of other scripts: U+00C0 to U+04FF, U+3040 to U+9FFF. */
  isWide: boolean;
  /** Further words of a name; the value belongs to the shortest name that has one, or to the longest. */
  maxWords: number;
  prefers: 'shortest' | 'longest';
  /** Bytes of a value. */
  value: RegExp;
  /** A value may also hold characters beyond ASCII, and `)` or `>` with one of these behind it. */
  behindBracket: RegExp | null;
  min: number;
  max: number;
  /** Whether the group `more` takes a `(` behind the value. */
  takesCall: boolean;
}

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const BANG = 33;
const QUOTE = 34;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const CLOSING = 41;
const OPENING = 40;
const STAR = 42;
const COMMA = 44;
const DOT = 46;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const BACKSLASH = 92;
const GRAVE = 96;
const BRACE = 123;
const IS_LETTER = bytesOf(/[A-Za-z]/);
const IS_WORD = bytesOf(/[0-9A-Za-z]/);
const IS_JOINT = bytesOf(/[ _-]/);
const CLOSES_NAME = bytesOf(/["'\]\\`)]/);
const BEGINS_OPERATOR = bytesOf(/[ \t\r\n"'`,{\]\\):=!?.>]/);
/** Where one begins with another, the longer is first. */
const TYPES = textsOf('string', 'String', 'str');
const TIES = textsOf('value', 'Value', 'default');
const VERBS = textsOf('ist', 'is', 'est', 'es', 'é');
const WIDE_COLON = textsOf('：');
BEGINS_OPERATOR[0xef] = 1;

/**
 * Does what the patterns of generic-assignment.ts do: a name, what a language puts between it and its value, a quote, the
 * value. RE2 takes 8 µs to tell their groups apart, and code is full of them. A name ends where a word ends, and an operator leaves one
 * way to go on but for its last signs, which the value may begin with. A test holds it to the patterns.
 */
export function assignmentMatcher(rules: AssignmentRules): MatchAt {
  const { isWide, maxWords, min, max, takesCall } = rules;
  const isSign = bytesOf(new RegExp(`[${rules.signs}]`));
  const isValue = bytesOf(rules.value);
  const behindBracket = rules.behindBracket === null ? null : bytesOf(rules.behindBracket);
  const ends = new Int32Array(maxWords + 1);
  let bytes: Buffer = Buffer.alloc(0);
  let limit = 0;
  let quoteStart = 0;
  let valueStart = 0;
  let valueEnd = 0;
  let op: string | undefined;
  let tie: string | undefined;
  let verb: string | undefined;

  return (text, start, to, found) => {
    bytes = text;
    limit = Math.min(to, text.length);
    const words = readName(start);
    for (let k = 0; k < words; k++) {
      const end = ends[rules.prefers === 'shortest' ? k : words - 1 - k] as number;
      if (end >= limit || BEGINS_OPERATOR[bytes[end] as number] === 0 || !isAssigned(end)) continue;
      found.start = start;
      found.end = valueEnd;
      found.valueStart = valueStart;
      found.valueEnd = valueEnd;
      const name = bytes.toString('utf8', start, end);
      const quote = quoteStart === valueStart ? '' : bytes.toString('latin1', quoteStart, valueStart);
      found.groups = { name, op, tie, verb, quote };
      if (takesCall) {
        const isCall = valueEnd < limit && bytes[valueEnd] === OPENING;
        if (isCall) found.end++;
        found.groups = { ...found.groups, more: isCall ? '(' : '' };
      }
      return true;
    }
    return false;
  };

  /** Sets `ends` to where names may end that begin at `start`, and says how many there are. */
  function readName(start: number): number {
    let at = start < limit && isSign[bytes[start] as number] === 1 ? start + 1 : start;
    const first = at;
    for (let size = 1; size > 0 && at < limit; at += size) {
      size = IS_LETTER[bytes[at] as number] === 1 ? 1 : isWide ? wideLetter(at) : 0;
    }
    if (at === first) return 0;
    let words = 0;
    for (ends[words++] = at; words <= maxWords; ends[words++] = at) {
      const word = IS_JOINT[byteAt(at)] === 1 ? at + 1 : at;
      at = word;
      while (at < limit && IS_WORD[bytes[at] as number] === 1) at++;
      if (at === word) break;
    }
    return words;
  }

  /** Bytes of the letter at `at`, 0 when there is none of those that `isWide` names. */
  function wideLetter(at: number): number {
    const lead = bytes[at] as number;
    if (lead >= 0xc3 && lead <= 0xd3) return isTail(at + 1) ? 2 : 0;
    if (lead < 0xe3 || lead > 0xe9 || !isTail(at + 1) || !isTail(at + 2)) return 0;
    return lead === 0xe3 && bytes[at + 1] === 0x80 ? 0 : 3;
  }

  function isTail(at: number): boolean {
    return at < limit && ((bytes[at] as number) & 0xc0) === 0x80;
  }

  /** Whether an operator and a value stand at `at`, tried in the order of the pattern. */
  function isAssigned(at: number): boolean {
    op = tie = verb = undefined;
    return isTyped(at) || isTied(at) || isOperated(at) || isSaid(at) || (spaces(at, 4) > 0 && isValued(skip(at, 4)));
  }

  /** `: string = `. */
  function isTyped(start: number): boolean {
    let count = spaces(start, 4);
    let at = start + count;
    if (byteAt(at) === COLON && count <= 2) {
      count = spaces(at + 1, 2);
      at += 1 + count;
    }
    if (count === 0) return false;
    const type = wordAt(TYPES, byteAt(at) === AMPERSAND ? at + 1 : at);
    if (type === null) return false;
    at = skip(byteAt(at) === AMPERSAND ? at + 1 + type.bytes.length : at + type.bytes.length, 2);
    return byteAt(at) === EQUALS && isValued(skip(at + 1, 2));
  }

  /** `", "value": `, ` {\n default = `. */
  function isTied(start: number): boolean {
    let at = isQuote(byteAt(start)) ? start + 1 : start;
    if (byteAt(at) === COMMA) at++;
    if (byteAt(at) === BRACE) at++;
    else if (byteAt(at) === SPACE && byteAt(at + 1) === BRACE) at += 2;
    for (const last = at + 24; at < last && isSpace(byteAt(at)); ) at++;
    if (isQuote(byteAt(at))) at++;
    const word = wordAt(TIES, at);
    if (word === null) return false;
    at += word.bytes.length;
    at = blanks(isQuote(byteAt(at)) ? at + 1 : at, 3);
    if (byteAt(at) !== COLON && byteAt(at) !== EQUALS) return false;
    if (!isValued(blanks(at + 1, 3))) return false;
    tie = word.text;
    return true;
  }

  /** ` = `, `" => `, `: **`. */
  function isOperated(start: number): boolean {
    let at = start;
    while (at < start + 4 && CLOSES_NAME[byteAt(at)] === 1) at++;
    at = blanks(at, 8);
    switch (byteAt(at)) {
      case COLON: {
        const colons = run(at, COLON, 3);
        return (byteAt(at + colons) === EQUALS && isOperator(at, colons + 1)) || isOperator(at, 1);
      }
      case EQUALS: {
        if (byteAt(at + 1) === GREATER && isOperator(at, 2)) return true;
        for (let size = run(at, EQUALS, 3); size > 0; size--) if (isOperator(at, size)) return true;
        return false;
      }
      case BANG:
        if (byteAt(at + 1) !== EQUALS) return false;
        return (byteAt(at + 2) === EQUALS && isOperator(at, 3)) || isOperator(at, 2);
      case QUESTION:
      case DOT:
        return byteAt(at + 1) === EQUALS && isOperator(at, 2);
      case GREATER:
      case COMMA:
        return isOperator(at, 1);
      default:
        return wordAt(WIDE_COLON, at) !== null && isOperator(at, 3);
    }
  }

  /** Whether stars, blanks and a value stand behind an operator of `size` bytes at `at`. */
  function isOperator(at: number, size: number): boolean {
    for (let stars = run(at + size, STAR, 2); stars >= 0; stars--) {
      if (!isValued(blanks(at + size + stars, 8))) continue;
      op = bytes.toString('utf8', at, at + size);
      return true;
    }
    return false;
  }

  /** ` is `. */
  function isSaid(start: number): boolean {
    const count = spaces(start, 2);
    const word = count === 0 ? null : wordAt(VERBS, start + count);
    if (word === null) return false;
    let at = start + count + word.bytes.length;
    if (byteAt(at) === COLON) at++;
    const behind = skip(at, 2);
    if (behind === at || !isValued(behind)) return false;
    verb = word.text;
    return true;
  }

  /** Whether a value stands at `at`, behind a quote or its escape if there is one. */
  function isValued(at: number): boolean {
    quoteStart = at;
    const quote = byteAt(at) === BACKSLASH ? at + 1 : at;
    if (readValue(isQuote(byteAt(quote)) || byteAt(quote) === GRAVE ? quote + 1 : quote)) return true;
    return quote > at && readValue(at);
  }

  function readValue(start: number): boolean {
    let at = start;
    let count = 0;
    for (let size = 1; count < max && at < limit; count++, at += size) {
      size = isValue[bytes[at] as number] === 1 ? 1 : behindBracket === null ? 0 : wideUnit(at, behindBracket);
      if (size === 0) break;
    }
    valueStart = start;
    valueEnd = at;
    return count >= min;
  }

  /** Bytes of a character beyond ASCII, as wide as RE2 takes it, or of a bracket and what stands behind it; 0 for none. */
  function wideUnit(at: number, behind: Uint8Array): number {
    const lead = bytes[at] as number;
    if (lead === CLOSING || lead === GREATER) return behind[byteAt(at + 1)] === 1 ? 2 : 0;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (let k = 1; k < size; k++) if (!isTail(at + k)) return 0;
    return size;
  }

  /** 0, which stands in no operator and no value, behind the end. */
  function byteAt(at: number): number {
    return at < limit ? (bytes[at] as number) : 0;
  }

  function run(at: number, byte: number, most: number): number {
    let count = 0;
    while (count < most && byteAt(at + count) === byte) count++;
    return count;
  }

  function spaces(at: number, most: number): number {
    return run(at, SPACE, most);
  }

  function skip(at: number, most: number): number {
    return at + run(at, SPACE, most);
  }

  function blanks(at: number, most: number): number {
    let end = at;
    while (end < at + most && (byteAt(end) === SPACE || byteAt(end) === TAB)) end++;
    return end;
  }

  function wordAt(words: readonly Word[], at: number): Word | null {
    for (const word of words) {
      let k = 0;
      while (k < word.bytes.length && byteAt(at + k) === word.bytes[k]) k++;
      if (k === word.bytes.length) return word;
    }
    return null;
  }
}

interface Word {
  text: string;
  bytes: Uint8Array;
}

function isQuote(byte: number): boolean {
  return byte === QUOTE || byte === APOSTROPHE;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN || byte === LINE_FEED;
}

function textsOf(...texts: string[]): Word[] {
  return texts.map((text) => ({ text, bytes: Buffer.from(text) }));
}
