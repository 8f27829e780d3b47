import { createRequire } from 'node:module';
import type RE2Type from 're2';
import type { FoundMatch, MatchAt } from '../../detectors/detector.ts';
import type { ByteSet } from './automaton.ts';
import { type CapturePlan, loosened, planCaptures } from './capture-plan.ts';
import { MAY_FOLLOW } from './edges.ts';
import { type FirstBytes, firstBytes, mayBegin } from './first-bytes.ts';

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
  private readonly takesGroups: boolean;
  private readonly matcher: MatchAt | undefined;
  private readonly behind: ByteSet;
  private first: FirstBytes | null = null;
  private search: Search | null = null;
  private free: RE2Type | null = null;
  private strictFree: RE2Type | null = null;

  /**
   * `takesGroups`: the validator looks at the named groups. `behind`: only matches with one of these bytes behind the value are
   * wanted. `matcher`: does what `matchAt` would ask of RE2.
   */
  constructor(pattern: string, takesGroups: boolean, behind: ByteSet = MAY_FOLLOW.none, matcher?: MatchAt) {
    this.source = pattern;
    this.takesGroups = takesGroups;
    this.matcher = matcher;
    this.hasValueGroup = VALUE_GROUP.test(pattern);
    this.behind = this.hasValueGroup ? MAY_FOLLOW.none : behind;
  }

  /** Whether a match starts at `start` and ends at or before `limit`. */
  matchAt(bytes: Buffer, start: number, limit: number): boolean {
    const { matcher } = this;
    if (matcher !== undefined) return matcher(bytes, start, limit, this);
    this.first ??= firstBytes(this.source, this.behind);
    return mayBegin(this.first, bytes, start) && this.matchIn(bytes.subarray(start, limit), start, 0);
  }

  /** Whether there is a match in bytes [from, limit): the first. */
  find(bytes: Buffer, from: number, limit: number): boolean {
    this.free ??= new RE2(loosened(this.source).pattern, 'u');
    const slice = bytes.subarray(from, limit);
    const at = this.free.search(slice);
    if (at < 0) return false;
    if (this.matchIn(slice, from, at)) return true;
    // Only a match that is too long for the bounds is none.
    this.strictFree ??= new RE2(this.source, 'u');
    const behind = this.strictFree.search(slice);
    return behind >= 0 && this.matchIn(slice, from, behind);
  }

  private matchIn(slice: Buffer, origin: number, at: number): boolean {
    this.search ??= prepare(this.source, this.takesGroups);
    const { search } = this;
    const { plan } = search;
    let { sticky } = search;
    sticky.lastIndex = at;
    // To see that there is none costs a tenth of what the groups cost.
    if (!sticky.test(slice)) return false;
    if (sticky.lastIndex - at > search.longest) {
      search.strict ??= new RE2(plan.pattern, flagsOf(plan));
      sticky = search.strict;
      sticky.lastIndex = at;
      if (!sticky.test(slice)) return false;
    }
    if (plan.names.length === 0) {
      this.start = this.valueStart = origin + at;
      this.end = this.valueEnd = origin + sticky.lastIndex;
      return true;
    }
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

const VALUE_GROUP = /\(\?P?<value>/;
const BEFORE_VALUE = 1;

/** What is compiled when the pattern is asked about for the first time. */
interface Search {
  plan: CapturePlan;
  /** Without the upper bounds of long repetitions. */
  sticky: RE2Type;
  /** The longest match that those bounds say nothing against. */
  longest: number;
  strict: RE2Type | null;
}

function prepare(source: string, takesGroups: boolean): Search {
  const plan = planCaptures(source, takesGroups);
  const { pattern, longest } = loosened(plan.pattern);
  return { plan, sticky: new RE2(pattern, flagsOf(plan)), longest, strict: null };
}

function flagsOf({ needsPlaces }: CapturePlan): string {
  return needsPlaces ? 'uyd' : 'uy';
}

interface Found {
  readonly [group: number]: Buffer | undefined;
  readonly indices?: readonly ([number, number] | undefined)[];
}

function named(names: readonly string[], found: Found): Record<string, string | undefined> {
  const groups: Record<string, string | undefined> = {};
  names.forEach((name, index) => {
    if (name !== '') groups[name] = found[index + 1]?.toString('utf8');
  });
  return groups;
}
