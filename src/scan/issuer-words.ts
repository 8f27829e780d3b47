import { JOINER, LOWER, NAME_KIND, UPPER } from './run-bytes.ts';
import type { RunFilter } from './token-runs.ts';

/** Where a word of the table was found near a value. */
export interface NearWord {
  word: string;
  /** `name`: in the name that the value is given to. `text`: elsewhere near it, with a word or sign of a credential. */
  place: 'name' | 'text';
}

interface Found extends NearWord {
  distance: number;
}

/** Bytes looked at before and behind a value. */
const BEFORE = 96;
const BEHIND = 64;
const MAX_WORD = 24;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const NONE: readonly never[] = [];
/** What stands between the name of an issuer and a value in the name of a credential, longest first. */
const CREDENTIAL_WORDS =
  `authorization authentication subscription integration application credentials credential management production
  personal developer password constant endpoint security sandbox private staging service account project license
  webhook default refresh session signing master bearer header secret secrets passwd access client server string
  tokens token value basic oauth2 oauth admin write const value final public static export trial paid live test prod
  user auth apikey keys pass rest json name read main bot dev env key pat api app sdk str let var val cli new the
  set get pwd jwt org raw my is of to v1 v2 v3 v4 x`
    .split(/\s+/)
    .sort((a, b) => b.length - a.length);
const WORDS_BY_LETTER = Map.groupBy(CREDENTIAL_WORDS, (word) => word.charCodeAt(0));
/** What a name ends with that holds no secret. */
const OTHER_ENDS =
  /(?:id|ids|url|uri|host|name|email|version|hash|sha|commit|digest|checksum|etag|path|file|endpoint|region|bucket)$/;
const SAYS = ['key', 'token', 'secret', 'auth', 'bearer', 'credential', 'passw', 'pwd'];
const SAYS_CREDENTIAL = new RegExp(SAYS.join('|'));

/**
 * The words of the table in the text around values. Words are compared by their letters and digits: `New-York-Times`,
 * `new_york_times` and `newYorkTimes` are one.
 */
export class IssuerWords {
  /** Words by their first three letters, the longest first. */
  private readonly words = new Map<number, string[]>();
  private readonly common: ReadonlySet<string>;
  private readonly letters = Buffer.alloc(BEFORE + BEHIND);
  /** Place in the buffer of each letter. */
  private readonly places = new Int32Array(BEFORE + BEHIND);
  /** 1: a word may begin here. 2: none goes on across. */
  private readonly breaks = new Uint8Array(BEFORE + BEHIND);

  constructor(words: Iterable<string>, common: ReadonlySet<string>) {
    this.common = common;
    for (const word of [...new Set(words)].sort((a, b) => b.length - a.length)) {
      if (word.length < 3) throw new RangeError(`table of issuers: the word ${word} is too short`);
      const key = keyOf(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2));
      const alike = this.words.get(key);
      if (alike === undefined) this.words.set(key, [word]);
      else alike.push(word);
    }
  }

  /** What must stand near a value for `near` to find a word, as far as bytes can tell. */
  static traces(words: readonly string[]): Pick<RunFilter, 'words' | 'between' | 'says'> {
    return { words, between: CREDENTIAL_WORDS, says: SAYS };
  }

  /** Words near the value bytes [start, end), the nearest first. */
  near(bytes: Buffer, start: number, end: number): NearWord[] {
    const found: Found[] = [];
    const count = this.read(bytes, Math.max(0, start - BEFORE), start);
    const { breaks } = this;
    for (let at = 0; at < count; at++) {
      if (breaks[at] === 0) continue;
      for (const word of this.wordsAt(at, count)) {
        const behind = at + word.length;
        const isHost = this.isHost(bytes, at, behind, count);
        const place = this.placeOf(bytes, behind, count, start, word);
        if (place === null || (place === 'text' && this.isCommon(word) && !isHost)) continue;
        found.push({ word, place, distance: start - (this.places[behind - 1] as number) });
      }
    }
    if (found.length === 0) this.hosts(bytes, start, end, found);
    return found.sort((a, b) => a.distance - b.distance || b.word.length - a.word.length);
  }

  private isCommon(word: string): boolean {
    return word.length < 4 || this.common.has(word);
  }

  /** Behind a value only a host speaks of it: `-H "Authorization: …" https://api.host.test/`. */
  private hosts(bytes: Buffer, start: number, end: number, found: Found[]): void {
    const limit = Math.min(bytes.length, end + BEHIND);
    if (!holdsAddress(bytes, end, limit)) return;
    if (!SAYS_CREDENTIAL.test(bytes.toString('latin1', Math.max(0, start - 32), start).toLowerCase())) return;
    const count = this.read(bytes, end, limit);
    for (let at = 0; at < count; at++) {
      if (this.breaks[at] === 0) continue;
      for (const word of this.wordsAt(at, count)) {
        if (this.isHost(bytes, at, at + word.length, count)) {
          found.push({ word, place: 'text', distance: (this.places[at] as number) - start });
        }
      }
    }
  }

  /** Letters and digits of bytes [from, to) in lower case, with where words may begin and where none goes on. */
  private read(bytes: Buffer, from: number, to: number): number {
    const { letters, places, breaks } = this;
    let count = 0;
    let between = 2;
    let before = 0;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number;
      const kind = NAME_KIND[byte] as number;
      if (kind <= JOINER) {
        // One sign joins the parts of a name; two, or another, end it.
        between = between === 0 && kind === JOINER ? 1 : 2;
        continue;
      }
      letters[count] = kind === UPPER ? byte | 32 : byte;
      places[count] = at;
      breaks[count] = between > 0 ? between : kind === UPPER && before === LOWER ? 1 : 0;
      between = 0;
      before = kind;
      count++;
    }
    return count;
  }

  /** Words that begin at a letter and end where a name may end, the longest first. */
  private wordsAt(at: number, count: number): readonly string[] {
    const { letters } = this;
    if (at + 2 >= count) return NONE;
    const alike = this.words.get(keyOf(letters[at] as number, letters[at + 1] as number, letters[at + 2] as number));
    if (alike === undefined) return NONE;
    let limit = at + 1;
    while (limit < count && limit - at < MAX_WORD && this.breaks[limit] !== 2) limit++;
    return alike.filter((word) => {
      const end = at + word.length;
      if (end > limit || !this.has(word, at, count)) return false;
      // Short names stand alone; longer ones may have the word of a credential glued on: `openweatherapikey`.
      if (end === count || this.breaks[end] !== 0) return true;
      return word.length >= 5 && CREDENTIAL_WORDS.some((next) => next.length > 2 && this.has(next, end, count));
    });
  }

  /** Whether a word stands at a letter. */
  private has(word: string, at: number, count: number): boolean {
    if (at + word.length > count) return false;
    for (let index = 0; index < word.length; index++) {
      if (this.letters[at + index] !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  /** The word holds a dot, or another label of a host follows. */
  private isHost(bytes: Buffer, at: number, behind: number, count: number): boolean {
    const { places, letters } = this;
    const last = places[behind - 1] as number;
    if (bytes.subarray(places[at], last).includes(DOT)) return true;
    return bytes[last + 1] === DOT && behind < count && (letters[behind] as number) >= 97;
  }

  private placeOf(bytes: Buffer, behind: number, count: number, start: number, word: string): NearWord['place'] | null {
    const last = this.places[behind - 1] as number;
    const size = start - last - 1;
    const rest = this.letters.toString('latin1', behind, count);
    const isName = size <= 64 && isMadeOfWords(rest);
    const says = SAYS_CREDENTIAL.test(rest.slice(-40));
    if ((!isName && !says) || OTHER_ENDS.test(rest)) return null;
    if (!isName) return 'text';
    const gap = bytes.toString('latin1', last + 1, start);
    if (rest !== '' || SAYS_CREDENTIAL.test(word)) return gap.includes('\n') ? 'text' : 'name';
    // The name alone: `{"issuer": "value"}`, `issuer = value`.
    return /[=:>,(]/.test(gap) ? 'name' : word.length >= 4 && size <= 2 ? 'text' : null;
  }
}

/** As a number, since a look-up of one makes no string. */
function keyOf(a: number, b: number, c: number): number {
  return (a << 16) | (b << 8) | c;
}

function holdsAddress(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at + 2 < to; at++) {
    if (bytes[at] === COLON && bytes[at + 1] === SLASH && bytes[at + 2] === SLASH) return true;
  }
  return false;
}

function isMadeOfWords(rest: string): boolean {
  let at = 0;
  while (at < rest.length) {
    const word = WORDS_BY_LETTER.get(rest.charCodeAt(at))?.find((candidate) => rest.startsWith(candidate, at));
    if (word === undefined) return false;
    at += word.length;
  }
  return true;
}
