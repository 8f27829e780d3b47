import type { FoundMatch, MatchAt } from '../detector.ts';
import { blanks, copyText, run, skip, spaces, text, textsOf, wideLetter, wideUnit, wordAt } from './assignment-text.ts';
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

class AssignmentMatcher {
  private readonly rules: AssignmentRules;
  private readonly isSign: Uint8Array;
  private readonly isValue: Uint8Array;
  private readonly behindBracket: Uint8Array | null;
  private readonly ends: Int32Array;
  private quoteStart = 0;
  private valueStart = 0;
  private valueEnd = 0;
  private op: string | undefined;
  private tie: string | undefined;
  private verb: string | undefined;

  constructor(rules: AssignmentRules) {
    this.rules = rules;
    this.isSign = bytesOf(new RegExp(`[${rules.signs}]`));
    this.isValue = bytesOf(rules.value);
    this.behindBracket = rules.behindBracket === null ? null : bytesOf(rules.behindBracket);
    this.ends = new Int32Array(rules.maxWords + 1);
  }

  match(bytes: Buffer, start: number, limit: number, found: FoundMatch): boolean {
    copyText(bytes, start, limit);
    const words = this.readName();
    for (let k = 0; k < words; k++) {
      const end = this.ends[this.rules.prefers === 'shortest' ? k : words - 1 - k] as number;
      if (BEGINS_OPERATOR[text[end] as number] === 0 || !this.isAssigned(end)) continue;
      this.tell(start, end, found);
      return true;
    }
    return false;
  }

  private tell(start: number, nameEnd: number, found: FoundMatch): void {
    const { quoteStart, valueStart, valueEnd, op, tie, verb } = this;
    found.start = start;
    found.valueStart = start + valueStart;
    found.valueEnd = start + valueEnd;
    found.end = found.valueEnd;
    const name = text.toString('utf8', 0, nameEnd);
    const quote = quoteStart === valueStart ? '' : text.toString('latin1', quoteStart, valueStart);
    if (!this.rules.takesCall) {
      found.groups = { name, op, tie, verb, quote };
      return;
    }
    const isCall = text[valueEnd] === OPENING;
    if (isCall) found.end++;
    found.groups = { name, op, tie, verb, quote, more: isCall ? '(' : '' };
  }

  /** Sets `ends` to where names may end, and says how many there are. */
  private readName(): number {
    const { ends } = this;
    const { isWide, maxWords } = this.rules;
    const first = this.isSign[text[0] as number] as number;
    let at = first;
    for (let size = 1; size > 0; at += size) {
      size = IS_LETTER[text[at] as number] === 1 ? 1 : isWide ? wideLetter(at) : 0;
    }
    if (at === first) return 0;
    let words = 0;
    for (ends[words++] = at; words <= maxWords; ends[words++] = at) {
      const word = IS_JOINT[text[at] as number] === 1 ? at + 1 : at;
      at = word;
      while (IS_WORD[text[at] as number] === 1) at++;
      if (at === word) break;
    }
    return words;
  }

  /** Whether an operator and a value stand at `at`, tried in the order of the pattern. */
  private isAssigned(at: number): boolean {
    this.op = this.tie = this.verb = undefined;
    return (
      this.isTyped(at) ||
      this.isTied(at) ||
      this.isOperated(at) ||
      this.isSaid(at) ||
      (spaces(at, 4) > 0 && this.isValued(skip(at, 4)))
    );
  }

  /** `: string = `. */
  private isTyped(start: number): boolean {
    let count = spaces(start, 4);
    let at = start + count;
    if (text[at] === COLON && count <= 2) {
      count = spaces(at + 1, 2);
      at += 1 + count;
    }
    if (count === 0) return false;
    const type = wordAt(TYPES, text[at] === AMPERSAND ? at + 1 : at);
    if (type === null) return false;
    at = skip(text[at] === AMPERSAND ? at + 1 + type.bytes.length : at + type.bytes.length, 2);
    return text[at] === EQUALS && this.isValued(skip(at + 1, 2));
  }

  /** `", "value": `, ` {\n default = `. */
  private isTied(start: number): boolean {
    let at = isQuote(text[start]) ? start + 1 : start;
    if (text[at] === COMMA) at++;
    if (text[at] === BRACE) at++;
    else if (text[at] === SPACE && text[at + 1] === BRACE) at += 2;
    for (const last = at + 24; at < last && isSpace(text[at]); ) at++;
    if (isQuote(text[at])) at++;
    const word = wordAt(TIES, at);
    if (word === null) return false;
    at += word.bytes.length;
    at = blanks(isQuote(text[at]) ? at + 1 : at, 3);
    if (text[at] !== COLON && text[at] !== EQUALS) return false;
    if (!this.isValued(blanks(at + 1, 3))) return false;
    this.tie = word.text;
    return true;
  }

  /** ` = `, `" => `, `: **`. */
  private isOperated(start: number): boolean {
    let at = start;
    while (at < start + 4 && CLOSES_NAME[text[at] as number] === 1) at++;
    at = blanks(at, 8);
    switch (text[at]) {
      case COLON: {
        const colons = run(at, COLON, 3);
        return (text[at + colons] === EQUALS && this.isOperator(at, colons + 1)) || this.isOperator(at, 1);
      }
      case EQUALS: {
        if (text[at + 1] === GREATER && this.isOperator(at, 2)) return true;
        for (let size = run(at, EQUALS, 3); size > 0; size--) if (this.isOperator(at, size)) return true;
        return false;
      }
      case BANG:
        if (text[at + 1] !== EQUALS) return false;
        return (text[at + 2] === EQUALS && this.isOperator(at, 3)) || this.isOperator(at, 2);
      case QUESTION:
      case DOT:
        return text[at + 1] === EQUALS && this.isOperator(at, 2);
      case GREATER:
      case COMMA:
        return this.isOperator(at, 1);
      default:
        return wordAt(WIDE_COLON, at) !== null && this.isOperator(at, 3);
    }
  }

  /** Whether stars, blanks and a value stand behind an operator of `size` bytes at `at`. */
  private isOperator(at: number, size: number): boolean {
    for (let stars = run(at + size, STAR, 2); stars >= 0; stars--) {
      if (!this.isValued(blanks(at + size + stars, 8))) continue;
      this.op = text.toString('utf8', at, at + size);
      return true;
    }
    return false;
  }

  /** ` is `. */
  private isSaid(start: number): boolean {
    const count = spaces(start, 2);
    const word = count === 0 ? null : wordAt(VERBS, start + count);
    if (word === null) return false;
    let at = start + count + word.bytes.length;
    if (text[at] === COLON) at++;
    const behind = skip(at, 2);
    if (behind === at || !this.isValued(behind)) return false;
    this.verb = word.text;
    return true;
  }

  /** Whether a value stands at `at`, behind a quote or its escape if there is one. */
  private isValued(at: number): boolean {
    this.quoteStart = at;
    const quote = text[at] === BACKSLASH ? at + 1 : at;
    if (this.readValue(isQuote(text[quote]) || text[quote] === GRAVE ? quote + 1 : quote)) return true;
    return quote > at && this.readValue(at);
  }

  private readValue(start: number): boolean {
    const { isValue, behindBracket } = this;
    const { min, max } = this.rules;
    let at = start;
    let count = 0;
    for (let size = 1; count < max; count++, at += size) {
      size = isValue[text[at] as number] === 1 ? 1 : behindBracket === null ? 0 : wideUnit(at, behindBracket);
      if (size === 0) break;
    }
    this.valueStart = start;
    this.valueEnd = at;
    return count >= min;
  }
}

/**
 * Does what the patterns of generic-assignment.ts do: a name, what a language puts between it and its value, a quote, the
 * value. RE2 takes 8 µs to tell their groups apart, and code is full of them. A name ends where a word ends, and an operator leaves one
 * way to go on but for its last signs, which the value may begin with. A test holds it to the patterns.
 */
export function assignmentMatcher(rules: AssignmentRules): MatchAt {
  const matcher = new AssignmentMatcher(rules);
  return (bytes, start, limit, found) => matcher.match(bytes, start, limit, found);
}

function isQuote(byte: number | undefined): boolean {
  return byte === QUOTE || byte === APOSTROPHE;
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN || byte === LINE_FEED;
}
