import type { Trigger } from '../../detectors/detector.ts';
import * as bytes from './byte-class.ts';
import type { PatternNode } from './pattern-parse.ts';

/** A fixed text below this many bits (measured byte frequencies) stands on every page: `the` has 14, `key` 18, `EMP-` 32. */
const MIN_BITS = 18;
const MIN_BYTES = 3;
const MAX_LITERAL_BYTES = 64;
/** Ways through a pattern that are followed; where there are more, the alternatives are taken for unknown text. */
const MAX_WAYS = 32;
const MAX_LETTERS = 4;
const MAX_COPIES = 64;
/** A trigger at the start of a match saves the search for where it begins. */
const START_BONUS = 6;

/** One character of a way through the pattern; null stands for text of any kind or length. */
type Place = (PatternNode & { kind: 'set' }) | null;

export type DerivedTriggers = { triggers: Trigger[] } | { missing: string };

/**
 * The rarest fixed text on each way through a pattern: what has to be there before the pattern is worth a try. Where
 * one way has none, the answer is what its author may add.
 */
export function deriveTriggers(pattern: PatternNode): DerivedTriggers {
  const ways = waysThrough(pattern);
  const found = new Map<string, Trigger>();
  for (const way of ways) {
    const trigger = bestLiteral(way);
    if (trigger === null) return { missing: suggestion(way) };
    found.set(JSON.stringify(trigger), trigger);
  }
  return { triggers: [...found.values()] };
}

/** Whether a fixed text is rare enough to look for; null when it is, else why not. */
export function literalProblem(literal: string, isFolded: boolean): string | null {
  const text = Buffer.from(literal);
  if (text.length < MIN_BYTES && /^[A-Za-z0-9\s]*$/.test(literal)) return `is shorter than ${MIN_BYTES} bytes`;
  if (text.length > 1 && text.every((byte) => byte === text[0])) return 'is one byte over and over';
  return bitsOf(text, isFolded) < (text.length < MIN_BYTES ? 0 : MIN_BITS)
    ? 'stands in nearly every text; take a longer or rarer one'
    : null;
}

function bitsOf(text: Buffer, isFolded: boolean): number {
  let bits = 0;
  for (const byte of text) bits += bytes.rarity(isFolded ? bytes.foldedByte(byte) : bytes.singleByte(byte));
  return bits;
}

function waysThrough(node: PatternNode): Place[][] {
  switch (node.kind) {
    case 'set':
      return fewLetters(node).map((one) => [one]);
    case 'unicode':
      return [[null]];
    case 'group':
      return waysThrough(node.item);
    case 'alternate': {
      const ways = node.items.flatMap(waysThrough);
      return ways.length > MAX_WAYS ? [[null]] : ways;
    }
    case 'concat':
      return node.items.reduce<Place[][]>((before, item) => join(before, waysThrough(item)), [[]]);
    case 'repeat': {
      const once = waysThrough(node.item);
      const copies = Math.min(node.min, MAX_COPIES);
      let ways: Place[][] = [[]];
      for (let copy = 0; copy < copies; copy++) {
        ways = join(ways, once);
        if ((ways[0]?.length ?? 0) > MAX_LITERAL_BYTES) return ways.map((way) => [...way, null]);
      }
      return node.max > copies ? ways.map((way) => [...way, null]) : ways;
    }
  }
}

/** A class of a few letters is as many ways, unless it is one letter in both cases. */
function fewLetters(node: NonNullable<Place>): NonNullable<Place>[] {
  const size = node.ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (size > MAX_LETTERS || letterOf(node) !== null) return [node];
  return node.ranges.flatMap(([from, to]) =>
    Array.from(
      { length: to - from + 1 },
      (_, i): NonNullable<Place> => ({ kind: 'set', ranges: [[from + i, from + i]] }),
    ),
  );
}

function join(before: Place[][], after: Place[][]): Place[][] {
  if (before.length * after.length > MAX_WAYS) return before.map((way) => [...way, null]);
  return before.flatMap((way) => after.map((more) => [...way, ...more]));
}

function bestLiteral(way: Place[]): Trigger | null {
  let best: Trigger | null = null;
  let most = 0;
  const consider = (from: number, to: number): void => {
    const run = (way.slice(from, to) as NonNullable<Place>[]).map(letterOf);
    const literal = run.map((letter) => letter?.text ?? '').join('');
    if (literal === '' || Buffer.byteLength(literal) < MIN_BYTES) return;
    const fold = run.some((letter) => letter?.isFolded === true);
    if (literalProblem(literal, fold) !== null) return;
    const bits = bitsOf(Buffer.from(literal), fold) + (from === 0 ? START_BONUS : 0);
    if (bits <= most) return;
    most = bits;
    best = { literal, ...(fold ? { fold } : {}), ...(from === 0 ? {} : { at: 'inside' as const }) };
  };
  for (let from = 0; from < way.length; ) {
    let to = from;
    while (to < way.length && to - from < MAX_LITERAL_BYTES && letterOf(way[to] ?? null) !== null) to++;
    if (to > from) consider(from, to);
    from = Math.max(to, from + 1);
  }
  return best;
}

/** The one character that a place stands for, in both cases or in this one alone. */
function letterOf(place: Place): { text: string; isFolded: boolean } | null {
  if (place === null) return null;
  const [first, second] = place.ranges;
  if (first === undefined || first[0] !== first[1]) return null;
  const text = String.fromCodePoint(first[0]);
  if (second === undefined) return { text, isFolded: false };
  const isPair =
    place.ranges.length === 2 && second[0] === second[1] && second[0] === first[0] + 32 && /[A-Z]/.test(text);
  return isPair ? { text: text.toLowerCase(), isFolded: true } : null;
}

const HOW = 'has no fixed text of 3 or more rare bytes in every match; add triggers, such as';

function suggestion(way: Place[]): string {
  const shape = way.map(shapeOf);
  const isFixed = !shape.includes(null);
  const text = shape.join('');
  if (isFixed && /^[9 ./-]+$/.test(text) && /9/.test(text)) {
    return `${HOW} "- digits: ['${text}']" (then without a pattern)`;
  }
  const runs = shape
    .map((letter) => letter ?? '\0')
    .join('')
    .split('\0');
  const [first = ''] = runs;
  if (first.length >= 3) return `${HOW} "- sequence: '${first.slice(0, 12)}'"`;
  return `${HOW} "- { literal: 'acme_', at: inside }", or name a word before the value in the pattern`;
}

/** In the notation of `sequence` triggers. */
function shapeOf(place: Place): string | null {
  if (place === null) return null;
  const text = place.ranges.map(([from, to]) => `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`).join('');
  if (text === '0-9') return '9';
  if (text === 'A-Z') return 'A';
  if (text === 'a-z') return 'a';
  if (text === '0-9A-Fa-f' || text === '0-9a-f') return 'h';
  const letter = letterOf(place);
  return letter === null || letter.isFolded || /[9hAa]/.test(letter.text) ? null : letter.text;
}
