import { createRequire } from 'node:module';
import type RE2Type from 're2';
import type { FoundMatch, MatchAt } from '../../detectors/detector.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;
const NO_GROUPS: Readonly<Record<string, string | undefined>> = Object.freeze({});

/**
 * A detector's pattern, compiled when first needed. RE2 answers whether and where a match ends in a tenth of a
 * microsecond, but each captured group costs a third of one and named groups with their places three: what nobody asks
 * for is not captured, and where the value starts is told by the length of what stands before it.
 */
export class ValuePattern implements FoundMatch {
  /** Of the last match found, offsets in the buffer that was searched. */
  start = 0;
  end = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Named groups of the last match but `value`; empty when the validator takes none. */
  groups = NO_GROUPS;
  /** Whether the pattern has text around the value: then the match starts elsewhere than the value. */
  readonly hasValueGroup: boolean;
  private readonly source: string;
  private readonly plan: CapturePlan;
  private readonly matcher: MatchAt | undefined;
  private sticky: RE2Type | null = null;
  private free: RE2Type | null = null;

  /** `takesGroups`: the validator looks at the named groups. `matcher`: does what `matchAt` would ask of RE2. */
  constructor(pattern: string, takesGroups: boolean, matcher?: MatchAt) {
    this.source = pattern;
    this.matcher = matcher;
    this.plan = planCaptures(pattern, takesGroups);
    this.hasValueGroup = this.plan.value >= 0;
  }

  /** Whether a match starts at `start` and ends at or before `limit`. */
  matchAt(bytes: Buffer, start: number, limit: number): boolean {
    const { matcher } = this;
    return matcher === undefined
      ? this.matchIn(bytes.subarray(start, limit), start, 0)
      : matcher(bytes, start, limit, this);
  }

  /** Whether there is a match in bytes [from, limit): the first. */
  find(bytes: Buffer, from: number, limit: number): boolean {
    this.free ??= new RE2(this.source, 'u');
    const slice = bytes.subarray(from, limit);
    const at = this.free.search(slice);
    return at >= 0 && this.matchIn(slice, from, at);
  }

  private matchIn(slice: Buffer, origin: number, at: number): boolean {
    const { plan } = this;
    this.sticky ??= new RE2(plan.pattern, plan.needsPlaces ? 'uyd' : 'uy');
    const { sticky } = this;
    sticky.lastIndex = at;
    if (plan.names.length === 0) {
      if (!sticky.test(slice)) return false;
      this.start = this.valueStart = origin + at;
      this.end = this.valueEnd = origin + sticky.lastIndex;
      return true;
    }
    // To see that there is none costs a tenth of what the groups cost.
    if (!sticky.test(slice)) return false;
    // Nothing behind the match can change what its groups are.
    const matched = slice.subarray(0, sticky.lastIndex);
    sticky.lastIndex = at;
    const found = sticky.exec(matched) as Found | null;
    if (found === null) return false;
    this.start = this.valueStart = origin + at;
    this.end = this.valueEnd = this.start + (found[0] as Buffer).length;
    if (plan.needsPlaces) {
      const [from, to] = found.indices?.[plan.value] ?? [0, 0];
      this.valueStart = origin + from;
      this.valueEnd = origin + to;
    } else if (plan.value >= 0) {
      this.valueStart = this.start + (found[BEFORE_VALUE] as Buffer).length;
      this.valueEnd = this.valueStart + (found[plan.value] as Buffer).length;
    }
    this.groups = plan.takesGroups ? named(plan.names, found) : NO_GROUPS;
    return true;
  }
}

const BEFORE_VALUE = 1;

interface Found {
  readonly [group: number]: Buffer | undefined;
  readonly indices?: readonly ([number, number] | undefined)[];
}

interface CapturePlan {
  /** The pattern with numbered groups for what is needed and the rest not captured. */
  pattern: string;
  /** Names of the groups, the first being number 1; `''` for what stands before the value. */
  names: string[];
  /** Number of the value's group, -1 when the whole match is the value. */
  value: number;
  /** The value stands inside another group or beside an alternative: only RE2 can tell where it starts. */
  needsPlaces: boolean;
  takesGroups: boolean;
}

/** Rewrites the groups of a pattern so that only what is needed is captured. */
export function planCaptures(pattern: string, takesGroups: boolean): CapturePlan {
  const names: string[] = [];
  let out = '';
  let depth = 0;
  let value = -1;
  let beforeValue = -1;
  let isOneSequence = true;
  for (let at = 0; at < pattern.length; ) {
    const { text, kind, name } = nextToken(pattern, at);
    at += text.length;
    if (kind === 'open') {
      const isCaptured = name !== undefined && (name === 'value' || takesGroups);
      if (isCaptured) names.push(name);
      if (name === 'value') {
        value = names.length;
        if (depth === 0) beforeValue = out.length;
      }
      out += isCaptured ? '(' : text.startsWith('(?') && name === undefined ? text : '(?:';
      depth++;
    } else {
      if (kind === 'close') depth--;
      // Flags that are set for what follows would end with the group around what stands before the value.
      else if (text.startsWith('(?') || (text === '|' && depth === 0)) isOneSequence = false;
      out += text;
    }
  }
  if (beforeValue < 0 || !isOneSequence) {
    return { pattern: out, names, value, needsPlaces: value >= 0, takesGroups };
  }
  return {
    pattern: `(${out.slice(0, beforeValue)})${out.slice(beforeValue)}`,
    names: ['', ...names],
    value: value + 1,
    needsPlaces: false,
    takesGroups,
  };
}

const NAMED = /^\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>/;
const FLAGS = /^\(\?[A-Za-z-]*[:)]/;

/** The next unit of a pattern: an escape, a class, the start of a group with its name, or one character. */
function nextToken(pattern: string, at: number): { text: string; kind: 'open' | 'close' | 'text'; name?: string } {
  const first = pattern.charAt(at);
  if (first === '\\') return { text: pattern.slice(at, at + 2), kind: 'text' };
  if (first === '[') return { text: pattern.slice(at, endOfClass(pattern, at)), kind: 'text' };
  if (first === ')') return { text: ')', kind: 'close' };
  if (first !== '(') return { text: first, kind: 'text' };
  const start = NAMED.exec(pattern.slice(at));
  if (start !== null) return { text: start[0], kind: 'open', name: start[1] as string };
  const flags = FLAGS.exec(pattern.slice(at))?.[0] ?? '(';
  return { text: flags, kind: flags.endsWith(')') ? 'text' : 'open' };
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern.charAt(at) === '^') at++;
  if (pattern.charAt(at) === ']') at++;
  while (at < pattern.length && pattern.charAt(at) !== ']') {
    if (pattern.startsWith('[:', at)) at = pattern.indexOf(':]', at) + 2;
    else at += pattern.charAt(at) === '\\' ? 2 : 1;
  }
  return at + 1;
}

function named(names: readonly string[], found: Found): Record<string, string | undefined> {
  const groups: Record<string, string | undefined> = {};
  names.forEach((name, index) => {
    if (name !== '') groups[name] = found[index + 1]?.toString('utf8');
  });
  return groups;
}
