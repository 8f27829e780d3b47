import type { PatternNode } from './pattern-parse.ts';

/** Lengths in bytes of UTF-8; `longest` may be infinite. `program` is about the number of RE2's instructions. */
export interface PatternSize {
  shortest: number;
  longest: number;
  program: number;
}

/** The widest Unicode classes have some 700 ranges, most of them of several bytes. */
const UNICODE_CLASS = 2000;

export function measurePattern(node: PatternNode): PatternSize {
  switch (node.kind) {
    case 'set': {
      const first = node.ranges[0]?.[0] ?? 0;
      const last = node.ranges.at(-1)?.[1] ?? 0;
      const program = node.ranges.reduce(
        (sum, [from, to]) => sum + 1 + utf8Bytes(to) * (to > 127 ? 2 : 0) + (from > 127 ? 1 : 0),
        0,
      );
      return { shortest: utf8Bytes(first), longest: utf8Bytes(last), program };
    }
    case 'unicode':
      return { shortest: 1, longest: 4, program: UNICODE_CLASS };
    case 'group': {
      const inner = measurePattern(node.item);
      return { ...inner, program: inner.program + 2 };
    }
    case 'repeat': {
      const { shortest, longest, program } = measurePattern(node.item);
      const copies = node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max;
      return {
        shortest: shortest * node.min,
        longest: longest === 0 ? 0 : longest * node.max,
        program: (program + 1) * Math.max(copies, 1),
      };
    }
    case 'concat':
      return node.items.map(measurePattern).reduce(
        (sum, size) => ({
          shortest: sum.shortest + size.shortest,
          longest: sum.longest + size.longest,
          program: sum.program + size.program,
        }),
        { shortest: 0, longest: 0, program: 0 },
      );
    case 'alternate':
      return node.items.map(measurePattern).reduce((sum, size) => ({
        shortest: Math.min(sum.shortest, size.shortest),
        longest: Math.max(sum.longest, size.longest),
        program: sum.program + size.program + 1,
      }));
  }
}

function utf8Bytes(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** Names of the pattern's groups. */
export function groupNames(node: PatternNode): string[] {
  switch (node.kind) {
    case 'group':
      return [node.name, ...groupNames(node.item)];
    case 'repeat':
      return groupNames(node.item);
    case 'concat':
    case 'alternate':
      return node.items.flatMap(groupNames);
    default:
      return [];
  }
}

/** The pattern as RE2 reads it: flags and short classes written out. */
export function printPattern(node: PatternNode): string {
  switch (node.kind) {
    case 'set':
      return printSet(node.ranges);
    case 'unicode':
      return node.text;
    case 'group':
      return `(?P<${node.name}>${printPattern(node.item)})`;
    case 'concat':
      return node.items
        .map((item) => (item.kind === 'alternate' ? `(?:${printPattern(item)})` : printPattern(item)))
        .join('');
    case 'alternate':
      return node.items.map(printPattern).join('|');
    case 'repeat': {
      const inner = printPattern(node.item);
      const isOne = node.item.kind === 'set' || node.item.kind === 'unicode' || node.item.kind === 'group';
      return `${isOne ? inner : `(?:${inner})`}${printCounts(node.min, node.max)}${node.isLazy ? '?' : ''}`;
    }
  }
}

function printCounts(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function printSet(ranges: readonly (readonly [number, number])[]): string {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined && only[0] === only[1]) return printLetter(only[0]);
  return `[${ranges.map(([from, to]) => (from === to ? printLetter(from) : `${printLetter(from)}-${printLetter(to)}`)).join('')}]`;
}

/** Escaped, so that it stands for itself inside and outside of a class. */
function printLetter(code: number): string {
  const letter = String.fromCodePoint(code);
  if (code < 32 || (code >= 127 && code < 160)) return `\\x{${code.toString(16).padStart(2, '0')}}`;
  return code >= 160 || /[0-9A-Za-z_ :/"',;=@#%&~<>!`]/.test(letter) ? letter : `\\${letter}`;
}
