import type { Edge } from '../../detectors/detector.ts';
import { type ByteSet, byteSet } from './automaton.ts';

const WORD = byteSet((b) => (b >= 48 && b <= 57) || (b >= 65 && b <= 90) || b === 95 || (b >= 97 && b <= 122));
const TOKEN = byteSet((b) => WORD[b] === 1 || b === 45);
const BASE64 = byteSet((b) => TOKEN[b] === 1 || b === 43 || b === 47 || b === 61);
const NONE = byteSet(() => false);
const FORBIDDEN: Record<Edge, ByteSet> = {
  word: WORD,
  token: TOKEN,
  base64: BASE64,
  number: WORD,
  none: NONE,
  mailbox: WORD,
};
/** At least the bytes that may stand behind a value. */
export const MAY_FOLLOW = Object.fromEntries(
  Object.entries(FORBIDDEN).map(([edge, forbidden]) => [edge, byteSet((byte) => forbidden[byte] === 0)]),
) as Record<Edge, ByteSet>;
/** What ends the user of a URL. */
const ENDS_USER = byteSet((b) => ' \t\r\n"\'<>/@:'.includes(String.fromCharCode(b)));
const MAX_USER_BYTES = 64;
const SLASH = 47;
const COLON = 58;

/** Letters that follow a backslash in an escape: \n \r \t \b \f \v \0. */
const ESCAPE_LETTERS = byteSet((b) => 'nrtbfv0'.includes(String.fromCharCode(b)));

/** Whether a value may start at `start`. Position 0 is the start of the stream. */
export function isLeftEdge(bytes: Buffer, start: number, edge: Edge): boolean {
  if (start === 0 || edge === 'none') return true;
  const before = bytes[start - 1] as number;
  // Padding ends a base64 text: an `=` on the left is an assignment.
  if (FORBIDDEN[edge][before] === 1 && before !== 61) return endsEscape(bytes, start);
  if (edge === 'number' && isNumberJoint(before)) return start < 2 || !isDigit(bytes[start - 2]);
  if (edge === 'mailbox') return !isInAuthority(bytes, start);
  return true;
}

/** Behind `//` or `//user:` (RFC 3986, 3.2.1). */
function isInAuthority(bytes: Buffer, start: number): boolean {
  let at = start - 1;
  if (bytes[at] === COLON) {
    const limit = at - MAX_USER_BYTES;
    const last = --at;
    while (at >= limit && at >= 0 && ENDS_USER[bytes[at] as number] === 0) at--;
    if (at === last) return false;
  }
  return at > 0 && bytes[at] === SLASH && bytes[at - 1] === SLASH;
}

/** Whether a value may end before `end`. */
export function isRightEdge(bytes: Buffer, end: number, edge: Edge): boolean {
  if (end >= bytes.length || edge === 'none') return true;
  const after = bytes[end] as number;
  if (FORBIDDEN[edge][after] === 1) return false;
  if (edge === 'number' && isNumberJoint(after)) return !isDigit(bytes[end + 1]);
  return true;
}

/** Where the run of bytes of a set begins that `start` stands in or behind, no further left than `floor`. */
export function runStart(bytes: Buffer, start: number, floor: number, run: ByteSet): number {
  let at = start;
  while (at > floor && run[bytes[at - 1] as number] === 1) at--;
  return at;
}

/** Where it ends, no further than `limit`. */
export function runEnd(bytes: Buffer, end: number, limit: number, run: ByteSet): number {
  let at = end;
  while (at < limit && run[bytes[at] as number] === 1) at++;
  return at;
}

/**
 * Whether the bytes before `start` end an escape sequence, so that the word character there belongs to the escape and
 * not to the value: `\n`, `\u0022`, `\x27`, `%3D`, and the `m` of a terminal colour (`ESC[0m`).
 */
function endsEscape(bytes: Buffer, start: number): boolean {
  const before = bytes[start - 1] as number;
  if (start >= 2 && bytes[start - 2] === 92 && ESCAPE_LETTERS[before] === 1) return true;
  if (before === 109) return endsColour(bytes, start - 2);
  if (start < 3 || !isHex(before) || !isHex(bytes[start - 2])) return false;
  const mark = bytes[start - 3];
  if (mark === 37) return true;
  if (mark === 120) return bytes[start - 4] === 92;
  return start >= 6 && isHex(mark) && isHex(bytes[start - 4]) && bytes[start - 5] === 117 && bytes[start - 6] === 92;
}

function endsColour(bytes: Buffer, last: number): boolean {
  let i = last;
  while (i > 0 && last - i < 12 && (isDigit(bytes[i]) || bytes[i] === 59)) i--;
  return i < last && bytes[i] === 91;
}

function isNumberJoint(byte: number): boolean {
  return byte === 46 || byte === 45;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function isHex(byte: number | undefined): boolean {
  return (
    byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102))
  );
}
