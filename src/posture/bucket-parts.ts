import { differingScopes, exposureOfPart, isWithin, meetsPrefix, type Scope, scopeMatcher } from '../exposure/part.ts';
import type { Exposure } from '../model/exposure.ts';

/**
 * The parts of a bucket that differ in who can reach them, numbered by the scopes that apply to their keys (a bit each).
 * Most buckets have one.
 */
export class BucketParts {
  readonly whole: Exposure;
  private readonly scopes: readonly Scope[];
  private readonly matchers: ((key: string) => boolean)[];

  constructor(whole: Exposure) {
    this.whole = whole;
    this.scopes = differingScopes(whole);
    this.matchers = this.scopes.map(scopeMatcher);
  }

  of(key: string): number {
    let part = 0;
    for (let at = 0; at < this.matchers.length; at++) if (this.matchers[at]?.(key)) part |= 1 << at;
    return part;
  }

  exposure(part: number): Exposure {
    return exposureOfPart(this.whole, this.scopes, this.scopesOf(part));
  }

  scopesOf(part: number): Scope[] {
    return this.scopes.filter((_scope, at) => (part & (1 << at)) !== 0);
  }

  /** Parts that grants name and that keys with one of these prefixes may be in, whether there are such keys or not. */
  named(prefixes: readonly string[]): number[] {
    const parts = this.scopes
      .filter((scope) => prefixes.some((prefix) => meetsPrefix(scope, prefix)))
      .map((scope) => this.scopes.reduce((part, other, at) => (isWithin(scope, other) ? part | (1 << at) : part), 0));
    return [...new Set(parts)];
  }
}
