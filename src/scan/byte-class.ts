import { type ByteSet, byteSet } from './automaton.ts';

export const DIGIT = byteSet((b) => b >= 48 && b <= 57);
export const NOT_DIGIT = byteSet((b) => b < 48 || b > 57);
export const HEX = byteSet((b) => DIGIT[b] === 1 || (b >= 65 && b <= 70) || (b >= 97 && b <= 102));
export const UPPER = byteSet((b) => b >= 65 && b <= 90);
export const LOWER = byteSet((b) => b >= 97 && b <= 122);
export const SEPARATOR = byteSet((b) => b === 32 || b === 45 || b === 46);

const single: ByteSet[] = Array.from({ length: 256 }, (_, byte) => byteSet((b) => b === byte));
const folded: ByteSet[] = Array.from({ length: 256 }, (_, byte) => byteSet((b) => fold(b) === fold(byte)));

export function singleByte(byte: number): ByteSet {
  return single[byte] as ByteSet;
}

/** The byte in either ASCII case. */
export function foldedByte(byte: number): ByteSet {
  return folded[byte] as ByteSet;
}

/** A class as between brackets in a pattern: `A-Za-z0-9_`, `^ "'`, `\x00-\x20`. Bytes above 127 belong to negated classes. Throws on a reversed range. */
export function byteClass(text: string): ByteSet {
  const isNegated = text.startsWith('^');
  const letters = [...text.slice(isNegated ? 1 : 0).matchAll(/\\x([0-9A-Fa-f]{2})|\\(.)|([^\\])/gs)].map(
    ([, hex, escaped, plain]) => ({
      code: hex === undefined ? (escaped ?? plain ?? '').charCodeAt(0) : Number.parseInt(hex, 16),
      isDash: plain === '-',
    }),
  );
  const set = new Uint8Array(256);
  for (let i = 0; i < letters.length; i++) {
    const from = letters[i]?.code ?? 0;
    const to = letters[i + 1]?.isDash && i + 2 < letters.length ? (letters[i + 2]?.code ?? 0) : from;
    if (to < from) throw new Error(`byte class ${text}: reversed range`);
    for (let byte = from; byte <= to; byte++) set[byte] = 1;
    if (to !== from || (letters[i + 1]?.isDash && i + 2 < letters.length)) i += 2;
  }
  return isNegated ? byteSet((byte) => set[byte] === 0) : set;
}

/**
 * -log2 of how often each ASCII byte stands in JSONL, code, prose, numbers and base64 taken together (measured), as
 * letters: `a` is 0 bits, `z` 25.
 */
const BITS =
  'zzzzzzzzzzmzzzzzzzzzzzzzzzzzzzzzdlhlkpkjhhhihjhhhhhiiiiiiihhjhjkkhihihiiihiiiiiiiiihhiiiiiijfjoijfhggeghgfihggefgiffeghhhhiikipz';

/** How rare a byte of the set is, in bits. */
export function rarity(set: ByteSet): number {
  let share = 0;
  for (let byte = 0; byte < 256; byte++)
    if (set[byte] === 1) share += 2 ** -(byte < 128 ? BITS.charCodeAt(byte) - 97 : 12);
  return -Math.log2(Math.min(1, share));
}

function fold(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
