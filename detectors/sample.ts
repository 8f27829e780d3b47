import type { Example, Random } from './detector.ts';

const DIGIT = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Alphabets that shapes and `Random.chars` know by name. */
export const ALPHABETS = {
  digit: DIGIT,
  hex: `${DIGIT}abcdef`,
  HEX: `${DIGIT}ABCDEF`,
  xhex: `${DIGIT}abcdefABCDEF`,
  lower: LOWER,
  upper: UPPER,
  alpha: UPPER + LOWER,
  alnum: DIGIT + UPPER + LOWER,
  lalnum: DIGIT + LOWER,
  ualnum: DIGIT + UPPER,
  base62: DIGIT + UPPER + LOWER,
  base64: `${UPPER}${LOWER}${DIGIT}+/`,
  base64url: `${UPPER}${LOWER}${DIGIT}-_`,
  base64any: `${UPPER}${LOWER}${DIGIT}-_+/=`,
  dotted: `${UPPER}${LOWER}${DIGIT}-_.=`,
  base32: `${UPPER}234567`,
  lbase32: `${LOWER}234567`,
  b58: '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
  word: `${DIGIT}${UPPER}${LOWER}_`,
} as const satisfies Record<string, string>;

export type AlphabetName = keyof typeof ALPHABETS;

/** The same seed gives the same sequence on every machine. */
export function createRandom(seed: number | string): Random {
  let state = typeof seed === 'number' ? seed >>> 0 : hashSeed(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const int = (n: number): number => Math.floor((next() / 2 ** 32) * n);
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('pick: nothing to pick from');
    return items[int(items.length)] as T;
  };
  const chars = (alphabet: string, count: number): string => {
    const letters: string = isAlphabetName(alphabet) ? ALPHABETS[alphabet] : alphabet;
    if (letters.length === 0) throw new RangeError('chars: empty alphabet');
    let text = '';
    for (let i = 0; i < count; i++) text += letters.charAt(int(letters.length));
    return text;
  };
  return { int, pick, chars };
}

/** A part of a shape: fixed text, or a run of `min` to `max` characters of `letters`. */
export type ShapePart = { literal: string } | { letters: string; min: number; max: number };

/**
 * Reads a shape, parts separated by spaces and standing one after the other:
 *
 * - `'text'` stands for itself; inside, `\n` `\t` `\r` `\'` `\\` are escapes
 * - `hex:32`, `alnum:20-40` is a run of an alphabet (see `ALPHABETS`)
 * - `[abc-]:8` is a run of an alphabet of its own (no ranges)
 * - `uuid` is 8-4-4-4-12 lower-case hex digits
 *
 * Throws `SyntaxError` on anything else.
 */
export function parseShape(shape: string): ShapePart[] {
  const part = /\s*(?:'((?:[^'\\]|\\.)*)'|([A-Za-z0-9]+|\[[^\]]+\]):(\d+)(?:-(\d+))?|(uuid))(?=\s|$)/y;
  const parts: ShapePart[] = [];
  while (part.lastIndex < shape.trimEnd().length) {
    const at = part.lastIndex;
    const match = part.exec(shape);
    if (match === null) throw new SyntaxError(`shape: cannot read "${shape.slice(at)}"`);
    const [, literal, alphabet, min, max] = match;
    if (literal !== undefined) parts.push({ literal: unescapeLiteral(literal) });
    else if (alphabet !== undefined) {
      parts.push({ letters: lettersOf(alphabet), min: Number(min), max: Number(max ?? min) });
    } else {
      for (const [index, count] of [8, 4, 4, 4, 12].entries()) {
        if (index > 0) parts.push({ literal: '-' });
        parts.push({ letters: ALPHABETS.hex, min: count, max: count });
      }
    }
  }
  return parts;
}

/** A text of the shape. */
export function expand(shape: string, seed: number | string | Random): string {
  const random = typeof seed === 'object' ? seed : createRandom(seed);
  let text = '';
  for (const part of parseShape(shape)) {
    if ('literal' in part) text += part.literal;
    else text += random.chars(part.letters, part.min + random.int(part.max - part.min + 1));
  }
  return text;
}

/** The whole text of an example or counter-example. */
export function expandExample(example: Example, seed: number | string): string {
  return typeof example === 'string' ? expand(example, seed) : example(createRandom(seed));
}

function lettersOf(alphabet: string): string {
  if (alphabet.startsWith('[')) return alphabet.slice(1, -1);
  if (!isAlphabetName(alphabet)) throw new SyntaxError(`shape: no alphabet is called "${alphabet}"`);
  return ALPHABETS[alphabet];
}

function unescapeLiteral(literal: string): string {
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
  return literal.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}

function isAlphabetName(name: string): name is AlphabetName {
  return Object.hasOwn(ALPHABETS, name);
}

/** FNV-1a, 32 bits. */
function hashSeed(seed: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
