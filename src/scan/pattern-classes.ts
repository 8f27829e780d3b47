/** First and last code point. */
export type Range = readonly [number, number];

export const LAST_CODE_POINT = 0x10ffff;
const DIGIT: Range[] = [[48, 57]];
const WORD: Range[] = [...DIGIT, [65, 90], [95, 95], [97, 122]];
const SPACE: Range[] = [
  [9, 10],
  [12, 13],
  [32, 32],
];
/** `\\d`, `\\w`, `\\s`. */
export const SHORT: Readonly<Record<string, Range[]>> = { d: DIGIT, w: WORD, s: SPACE };
export const POSIX: Readonly<Record<string, Range[]>> = {
  alnum: [...DIGIT, [65, 90], [97, 122]],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  digit: DIGIT,
  lower: [[97, 122]],
  upper: [[65, 90]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  word: WORD,
  xdigit: [...DIGIT, [65, 70], [97, 102]],
};

/** In ascending order, without overlaps. */
export function sortRanges(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function invertRanges(ranges: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let from = 0;
  for (const [first, last] of sortRanges(ranges)) {
    if (first > from) rest.push([from, first - 1]);
    from = last + 1;
  }
  if (from <= LAST_CODE_POINT) rest.push([from, LAST_CODE_POINT]);
  return rest;
}

/** ASCII letters in both cases; others as they are, since their other case may be of another length. */
export function foldRanges(ranges: readonly Range[]): Range[] {
  const both: Range[] = [...ranges];
  for (const [from, to] of ranges) {
    if (from <= 90 && to >= 65) both.push([Math.max(from, 65) + 32, Math.min(to, 90) + 32]);
    if (from <= 122 && to >= 97) both.push([Math.max(from, 97) - 32, Math.min(to, 122) - 32]);
  }
  return sortRanges(both);
}
