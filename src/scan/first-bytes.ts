import type { ByteSet } from './automaton.ts';
import type { Range } from './pattern-classes.ts';
import { type PatternNode, parsePattern } from './pattern-parse.ts';

const PLACES = 32;
/** S and K, in both cases. */
const FOLDED = [
  [83, 115],
  [75, 107],
] as const;

/** What can be known of the first bytes of all matches. */
export interface FirstBytes {
  /** By byte, a bit for each of the first 32 places where it may stand, in a match or behind it. */
  places: Int32Array;
  /** How many places say something. */
  count: number;
  /** Bytes of the shortest match; 32 for more. */
  shortest: number;
}

/** Of a pattern in RE2 syntax. `behind`: at least the bytes that may stand behind a match. @throws PatternError */
export function firstBytes(pattern: string, behind: ByteSet): FirstBytes {
  const places = new Int32Array(256);
  const ends = allow(parsePattern(pattern), 1, places);
  const shortest = ends === 0 ? PLACES : 31 - Math.clz32(ends & -ends);
  if (shortest === PLACES) return { places, count: PLACES, shortest };
  for (let byte = 0; byte < 256; byte++) if (behind[byte] === 1) (places[byte] as number) |= 1 << shortest;
  return { places, count: shortest + 1, shortest };
}

/** Whether a match may begin at `start`; false says that none does. */
export function mayBegin({ places, count, shortest }: FirstBytes, bytes: Uint8Array, start: number): boolean {
  for (let place = 0; place < count; place++) {
    const byte = bytes[start + place];
    if (byte === undefined) return place >= shortest;
    if (((places[byte] as number) & (1 << place)) === 0) return false;
    // Places behind a character of several bytes are unknown.
    if (byte > 127) return true;
  }
  return true;
}

/** Notes the bytes of matches of a node that begin at the places `from`, a bit each; answers where they may end. */
function allow(node: PatternNode, from: number, places: Int32Array): number {
  switch (node.kind) {
    case 'set':
      return allowRun(node.ranges, 1, 1, from, places);
    case 'unicode':
      return allowRun([[0, 255]], 1, 1, from, places);
    case 'group':
      return allow(node.item, from, places);
    case 'concat':
      return node.items.reduce((at, item) => (at === 0 ? 0 : allow(item, at, places)), from);
    case 'alternate':
      return node.items.reduce((ends, item) => ends | allow(item, from, places), 0);
    case 'repeat': {
      const { item, min, max } = node;
      if (item.kind === 'set') return allowRun(item.ranges, min, max, from, places);
      let ends = 0;
      for (let count = 0, at = from; at !== 0 && count <= Math.min(max, PLACES); count++) {
        // What may be empty has been everywhere by then.
        if (count >= Math.min(min, PLACES)) ends |= at;
        if (count < max) at = allow(item, at, places);
      }
      return ends;
    }
  }
}

function allowRun(ranges: readonly Range[], min: number, max: number, from: number, places: Int32Array): number {
  let inside = 0;
  let ends = 0;
  for (let count = 0, at = from; at !== 0 && count <= max; count++, at <<= 1) {
    if (count < max) inside |= at;
    if (count >= min) ends |= at;
  }
  for (const [first, last] of ranges) {
    for (let byte = first; byte <= Math.min(last, 127); byte++) (places[byte] as number) |= inside;
    if (last > 127) allowHigh(inside, places);
  }
  // Without regard to case RE2 takes U+017F for an s and U+212A for a k.
  for (const [upper, lower] of FOLDED) {
    if ([upper, lower].every((letter) => ranges.some(([first, last]) => first <= letter && letter <= last))) {
      allowHigh(inside, places);
    }
  }
  return ends;
}

function allowHigh(inside: number, places: Int32Array): void {
  for (let byte = 128; byte < 256; byte++) (places[byte] as number) |= inside;
}
