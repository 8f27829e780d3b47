/** Where a word of the table was found near a value. */
export interface NearWord {
  word: string;
  /** `name`: in the name that the value is given to. `text`: elsewhere near it, with a word or sign of a credential. */
  place: 'name' | 'text';
}

const SLOTS = 2 ** 18;
interface Found extends NearWord {
  distance: number;
}

/** Bytes looked at before and behind a value. */
const BEFORE = 96;
const BEHIND = 64;
const MAX_WORD = 24;
const DOT = 46;
const NONE: readonly never[] = [];
const JOINER = 1;
const DIGIT = 2;
const LOWER = 3;
const UPPER = 4;
/** What a byte is in a name; 0 for what ends it. */
const KIND = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const letter = String.fromCharCode(byte);
  if (/[a-z]/.test(letter)) KIND[byte] = LOWER;
  else if (/[A-Z]/.test(letter)) KIND[byte] = UPPER;
  else if (/[0-9]/.test(letter)) KIND[byte] = DIGIT;
  else if (/[_.\x20-]/.test(letter)) KIND[byte] = JOINER;
}
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
/** What a name ends with that holds no secret. */
const OTHER_ENDS =
  /(?:id|ids|url|uri|host|name|email|version|hash|sha|commit|digest|checksum|etag|path|file|endpoint|region|bucket)$/;
const SAYS_CREDENTIAL = /key|token|secret|auth|bearer|credential|passw|pwd/;

/**
 * The words of the table in the text around values. Words are compared by their letters and digits: `New-York-Times`,
 * `new_york_times` and `newYorkTimes` are one. A hash of three letters decides for most places that no word begins there.
 */
export class IssuerWords {
  /** By hash of four letters, the last of which is 0 for a word of three: 1 when a word begins with them. */
  private readonly filter = new Uint8Array(SLOTS);
  /** Words by their first letters as `filter` takes them, the longest first. */
  private readonly words = new Map<number, string[]>();
  private readonly common: ReadonlySet<string>;
  private readonly letters = new Uint8Array(BEFORE + BEHIND);
  /** Place in the buffer of each letter. */
  private readonly places = new Int32Array(BEFORE + BEHIND);
  /** 1: a word may begin here. 2: none goes on across. */
  private readonly breaks = new Uint8Array(BEFORE + BEHIND);

  constructor(words: Iterable<string>, common: ReadonlySet<string>) {
    this.common = common;
    for (const word of [...new Set(words)].sort((a, b) => b.length - a.length)) {
      if (word.length < 3) throw new RangeError(`table of issuers: the word ${word} is too short`);
      const [a, b, c, d] = [0, 1, 2, 3].map((index) => word.charCodeAt(index) || 0) as [number, number, number, number];
      this.filter[slot(a, b, c, d)] = 1;
      const key = keyOf(a, b, c, d);
      this.words.set(key, [...(this.words.get(key) ?? []), word]);
    }
  }

  /** Words near the value bytes [start, end), the nearest first. */
  near(bytes: Buffer, start: number, end: number): NearWord[] {
    const found: Found[] = [];
    const count = this.read(bytes, Math.max(0, start - BEFORE), start);
    const { breaks } = this;
    let text: string | null = null;
    for (let at = 0; at < count; at++) {
      if (breaks[at] === 0 || !this.mayBegin(at, count)) continue;
      text ??= Buffer.from(this.letters.buffer, 0, count).toString('latin1');
      for (const word of this.wordsAt(text, at, count)) {
        const behind = at + word.length;
        const isHost = this.isHost(bytes, at, behind, count);
        const place = this.placeOf(bytes, text, behind, count, start, word);
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
    const address = bytes.subarray(end, limit).indexOf('://');
    if (address < 0) return;
    if (!SAYS_CREDENTIAL.test(bytes.toString('latin1', Math.max(0, start - 32), start).toLowerCase())) return;
    const count = this.read(bytes, end, limit);
    const text = Buffer.from(this.letters.buffer, 0, count).toString('latin1');
    for (let at = 0; at < count; at++) {
      if (this.breaks[at] === 0 || !this.mayBegin(at, count)) continue;
      for (const word of this.wordsAt(text, at, count)) {
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
      const kind = KIND[byte] as number;
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

  private mayBegin(at: number, count: number): boolean {
    const { letters, filter } = this;
    if (at + 2 >= count) return false;
    const a = letters[at] as number;
    const b = letters[at + 1] as number;
    const c = letters[at + 2] as number;
    const d = at + 3 < count ? (letters[at + 3] as number) : 0;
    return filter[slot(a, b, c, d)] === 1 || (filter[slot(a, b, c, 0)] === 1 && (d === 0 || this.breaks[at + 3] !== 0));
  }

  /** Words that begin at a letter and end where a name may end, the longest first. */
  private wordsAt(text: string, at: number, count: number): readonly string[] {
    const { letters } = this;
    const key = keyOf(letters[at] as number, letters[at + 1] as number, letters[at + 2] as number, 0);
    const longer = at + 3 < count ? this.words.get(key + (letters[at + 3] as number)) : undefined;
    const short = this.words.get(key);
    if (longer === undefined && short === undefined) return NONE;
    let limit = at + 1;
    while (limit < count && limit - at < MAX_WORD && this.breaks[limit] !== 2) limit++;
    const found: string[] = [];
    for (const words of [longer, short]) {
      for (const word of words ?? []) {
        const end = at + word.length;
        if (end > limit || !text.startsWith(word, at)) continue;
        const isWhole = end === count || this.breaks[end] !== 0;
        // Short names stand alone; longer ones may have the word of a credential glued on: `openweatherapikey`.
        if (
          isWhole ||
          (word.length >= 5 && CREDENTIAL_WORDS.some((next) => next.length > 2 && text.startsWith(next, end)))
        )
          found.push(word);
      }
    }
    return found;
  }

  /** The word holds a dot, or another label of a host follows. */
  private isHost(bytes: Buffer, at: number, behind: number, count: number): boolean {
    const { places, letters } = this;
    const last = places[behind - 1] as number;
    if (bytes.subarray(places[at], last).includes(DOT)) return true;
    return bytes[last + 1] === DOT && behind < count && (letters[behind] as number) >= 97;
  }

  private placeOf(
    bytes: Buffer,
    text: string,
    behind: number,
    count: number,
    start: number,
    word: string,
  ): NearWord['place'] | null {
    const last = this.places[behind - 1] as number;
    const gap = bytes.toString('latin1', last + 1, start);
    const rest = text.slice(behind, count);
    if (OTHER_ENDS.test(rest)) return null;
    const isName = gap.length <= 64 && isMadeOfWords(rest);
    if (isName && (rest !== '' || SAYS_CREDENTIAL.test(word))) return gap.includes('\n') ? 'text' : 'name';
    // The name alone: `{"issuer": "value"}`, `issuer = value`.
    if (isName) return /[=:>,(]/.test(gap) ? 'name' : word.length >= 4 && gap.length <= 2 ? 'text' : null;
    return SAYS_CREDENTIAL.test(rest.slice(-40)) ? 'text' : null;
  }
}

/** As a number, since a look-up of one makes no string. */
function keyOf(a: number, b: number, c: number, d: number): number {
  return ((a * 256 + b) * 256 + c) * 256 + d;
}

function slot(a: number, b: number, c: number, d: number): number {
  return (((a & 63) << 12) ^ ((b & 63) << 8) ^ ((c & 63) << 4) ^ (d & 63) ^ ((d & 63) << 11)) & (SLOTS - 1);
}

function isMadeOfWords(rest: string): boolean {
  let at = 0;
  while (at < rest.length) {
    const word = CREDENTIAL_WORDS.find((candidate) => rest.startsWith(candidate, at));
    if (word === undefined) return false;
    at += word.length;
  }
  return true;
}
