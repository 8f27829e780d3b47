import type { Exposure, Grant } from '../model/exposure.ts';
import { globCovers, globMatches, globsOverlap, hasWildcard } from './glob.ts';
import { compareReach, effectiveReach, widest } from './reach.ts';

export type Scope = Grant['scope'];

/** More differing scopes than these are taken to hold for every key: the parts of a bucket stay few, and never too private. */
const MAX_SCOPES = 8;

/** The scopes that make one key of a bucket easier to reach than another, the widest reach first. */
export function differingScopes({ grants, open }: Exposure): Scope[] {
  if (open === undefined || grants.some(({ reach }) => reach === undefined)) return [];
  const scopes = new Map<string, { scope: Scope; reach: Grant['reach'] }>();
  for (const { scope, reach = 'private' } of grants) {
    if (reach === 'private' || isEverything(scope)) continue;
    const id = JSON.stringify(scope);
    const known = scopes.get(id)?.reach;
    if (known === undefined || compareReach(reach, known) < 0) scopes.set(id, { scope, reach });
  }
  return [...scopes]
    .sort(
      ([a, left], [b, right]) => compareReach(left.reach ?? 'private', right.reach ?? 'private') || (a < b ? -1 : 1),
    )
    .slice(0, MAX_SCOPES)
    .map(([, { scope }]) => scope);
}

/** The exposure of those keys to which exactly these of the differing scopes apply. */
export function exposureOfPart(whole: Exposure, differing: readonly Scope[], applying: readonly Scope[]): Exposure {
  const ids = (scopes: readonly Scope[]) => new Set(scopes.map((scope) => JSON.stringify(scope)));
  const [told, here] = [ids(differing), ids(applying)];
  const applies = ({ scope }: Grant): boolean => !told.has(JSON.stringify(scope)) || here.has(JSON.stringify(scope));
  const grants = whole.grants.filter(applies);
  if (grants.length === whole.grants.length) return whole;
  const effective = effectiveReach(
    grants.map(({ actions, reach = 'private' }) => ({ actions, reach })),
    new Set(whole.open),
  );
  const isForeign = grants.some(({ reach }) => reach === 'cross-account');
  const left = whole.grants.length - grants.length;
  return {
    ...whole,
    verdict: widest([effective.list, effective.read]),
    effective,
    crossAccount: isForeign ? whole.crossAccount : [],
    grants,
    because: [`${left} of ${whole.grants.length} grants of the bucket ${left === 1 ? 'does' : 'do'} not apply here.`],
    fix: [],
  };
}

/** Whether a scope holds for a key: a quick look where it is nothing but a prefix. */
export function scopeMatcher({ prefixes, except }: Scope): (key: string) => boolean {
  const within = prefixes.map(globMatcher);
  const without = except.map(globMatcher);
  return (key) => within.some((matches) => matches(key)) && !without.some((matches) => matches(key));
}

/** Whether every key of the scope is one of the other. */
export function isWithin(inner: Scope, outer: Scope): boolean {
  if (outer.except.some((hole) => inner.prefixes.some((glob) => globsOverlap(hole, glob)))) return false;
  return inner.prefixes.every((glob) => outer.prefixes.some((other) => globCovers(other, glob)));
}

/** Whether a key with this prefix can be in the scope. */
export function meetsPrefix({ prefixes }: Scope, prefix: string): boolean {
  return prefixes.some((glob) => globsOverlap(glob, `${literal(prefix)}*`));
}

/** `public/*` as `public/`; other globs as they are. */
export function scopeText({ prefixes, except }: Scope): string {
  const words = prefixes.map((glob) => (glob === '*' ? 'everything' : (prefixOf(glob) ?? glob))).join(', ');
  return except.length === 0 ? words : `${words} except ${except.map((glob) => prefixOf(glob) ?? glob).join(', ')}`;
}

function isEverything({ prefixes, except }: Scope): boolean {
  return prefixes.includes('*') && except.length === 0;
}

function globMatcher(glob: string): (key: string) => boolean {
  const prefix = prefixOf(glob);
  return prefix === null ? (key) => globMatches(glob, key) : (key) => key.startsWith(prefix);
}

function prefixOf(glob: string): string | null {
  const prefix = glob.slice(0, -1);
  return glob.endsWith('*') && !hasWildcard(prefix) ? prefix : null;
}

/** A wildcard in a prefix stands for itself, which the wider `?` covers. */
function literal(prefix: string): string {
  return prefix.replaceAll('*', '?');
}
