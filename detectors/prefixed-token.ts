import type { Context, Detector, Edge, Example, Nearby, Trigger } from './detector.ts';
import { expand, parseShape, type ShapePart } from './sample.ts';
import { randomBody } from './validators/random-body.ts';

/** The facts about a credential that a fixed prefix gives away. */
export interface PrefixedToken {
  id: string;
  name: string;
  issuer: string;
  severity: Detector['severity'];
  /** One or more shapes (see `sample.ts`), each beginning with a literal of three or more characters; longer ones first. */
  shapes: [string, ...string[]];
  fix?: string;
  source?: string;
  bits?: number;
  edges?: Detector['edges'];
  context?: Context;
  validate?: Detector['validate'];
  /** Beside those made from the shapes. */
  examples?: Example[];
  /** A builder of valid tokens, when a random body of the shape is not one. */
  build?: Example;
  counterExamples?: Record<string, Example>;
}

/**
 * A detector for tokens of the form prefix + random body: triggers, pattern, examples and the counter-examples every
 * such token has (placeholder body, one character short, inside a longer word) come from the shapes.
 */
export function prefixedToken(token: PrefixedToken): Detector {
  const shapes = token.shapes.map(parseShape);
  const prefixes = shapes.map((parts) => prefixOf(parts));
  const { build } = token;
  const make = (index: number): Example =>
    build !== undefined && index === 0 ? build : (random) => expand(token.shapes[index] as string, random);
  return {
    id: token.id,
    name: token.name,
    issuer: token.issuer,
    category: 'secret',
    severity: token.severity,
    level: 'restricted',
    fix: token.fix ?? `Revoke the ${token.name} and issue a new one; it can be used by anyone who read it.`,
    ...(token.source === undefined ? {} : { source: token.source }),
    triggers: triggersOf(shapes),
    pattern: shapes.map(patternOf).join('|'),
    maxLength: Math.max(...shapes.map((parts) => parts.reduce((sum, part) => sum + longest(part), 0))),
    edges: token.edges ?? { left: 'word', right: rightEdge(shapes) },
    validate: token.validate ?? ((value) => randomBody(value, prefixLength(value, prefixes))),
    bits: token.bits ?? 6,
    ...(token.context === undefined ? {} : { context: token.context }),
    examples: [
      ...token.shapes.flatMap((_, index) => [make(index), inside('API_KEY="', make(index), '"\n')]),
      ...(token.examples ?? []),
    ],
    counterExamples: {
      'the body is one character over and over': fill(shapes[0] as ShapePart[]),
      'one character short': shorten(shapes[shapes.length - 1] as ShapePart[]),
      'part of a longer word': inside('a', make(0), ''),
      ...token.counterExamples,
    },
  };
}

/** An example with text before and after it. */
export function inside(before: string, example: Example, after: string): Example {
  return (random) => before + (typeof example === 'string' ? expand(example, random) : example(random)) + after;
}

/** One trigger a prefix; shapes that share one are told apart by the pattern, so only what they have in common is asked. */
function triggersOf(shapes: ShapePart[][]): Trigger[] {
  const nearby = new Map<string, Nearby>();
  for (const parts of shapes) {
    const literal = prefixOf(parts);
    nearby.set(literal, nearby.has(literal) ? {} : nearbyOf(parts));
  }
  return [...nearby].map(([literal, near]) => ({ literal, ...near }));
}

/** What the shape says of the bytes after its prefix: one of the first run, and further on the next fixed character. */
function nearbyOf([, run, next]: ShapePart[]): Nearby {
  if (run === undefined || !('letters' in run) || run.min === 0) return {};
  const after = rangesOf(run.letters);
  if (next === undefined || !('literal' in next)) return { after };
  return { after, ahead: { through: after, meets: rangesOf(next.literal.charAt(0)), within: run.max + 1 } };
}

function prefixOf(parts: ShapePart[]): string {
  const first = parts[0];
  if (first === undefined || !('literal' in first) || first.literal.length < 3) {
    throw new Error('prefixed token: a shape must begin with a literal of three or more characters');
  }
  return first.literal;
}

function prefixLength(value: string, prefixes: string[]): number {
  let length = 0;
  for (const prefix of prefixes) if (value.startsWith(prefix)) length = Math.max(length, prefix.length);
  return length;
}

function longest(part: ShapePart): number {
  return 'literal' in part ? part.literal.length : part.max;
}

function patternOf(parts: ShapePart[]): string {
  return parts.map((part) => ('literal' in part ? quotePattern(part.literal) : classOf(part))).join('');
}

function classOf({ letters, min, max }: { letters: string; min: number; max: number }): string {
  return `[${rangesOf(letters)}]{${min === max ? min : `${min},${max}`}}`;
}

/** What stands between the brackets of a class. */
function rangesOf(letters: string): string {
  const ranges = [
    ['0123456789', '0-9'],
    ['abcdefghijklmnopqrstuvwxyz', 'a-z'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'A-Z'],
  ] as const;
  let rest = letters;
  let set = '';
  for (const [whole, range] of ranges) {
    if (!rest.includes(whole)) continue;
    rest = rest.replace(whole, '');
    set += range;
  }
  for (const letter of rest) set += '\\]^-'.includes(letter) ? `\\${letter}` : letter;
  return set;
}

function quotePattern(literal: string): string {
  return literal.replace(/[.*+?^$|()[\]{}\\]/g, '\\$&');
}

/** A `-` after a body that may hold one is more of the same. */
function rightEdge(shapes: ShapePart[][]): Edge {
  return shapes.some((parts) => parts.some((part) => 'letters' in part && part.letters.includes('-')))
    ? 'token'
    : 'word';
}

function fill(parts: ShapePart[]): Example {
  return () =>
    parts
      .map((part) =>
        'literal' in part ? part.literal : (part.letters.includes('x') ? 'x' : part.letters.charAt(0)).repeat(part.min),
      )
      .join('');
}

/** The last run, one character under its minimum. */
function shorten(parts: ShapePart[]): Example {
  const last = parts.findLastIndex((part) => 'letters' in part);
  return (random) =>
    parts
      .map((part, index) =>
        'literal' in part ? part.literal : random.chars(part.letters, index === last ? part.min - 1 : part.min),
      )
      .join('');
}
