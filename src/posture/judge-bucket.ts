import type { PrefixSensitivity } from '../classify/bucket-places.ts';
import { scopeText } from '../exposure/part.ts';
import type { Exposure } from '../model/exposure.ts';
import type { PrefixPosture, Risk, Sensitivity } from '../model/posture.ts';
import type { BucketParts } from './bucket-parts.ts';
import { joinRisk, RISK_ORDER } from './join-risk.ts';

/** Entries for one bucket: the riskiest are kept. */
const MAX_PREFIXES = 100;
const MAX_SENTENCES = 4;

export interface BucketFacts {
  sensitivity: Sensitivity;
  parts: BucketParts;
  /** What is where, by the number of the part. */
  prefixes: ReadonlyMap<number, PrefixSensitivity>;
  /** What of the bucket was to be scanned. */
  targetPrefixes: readonly string[];
  /** Nobody knows what an empty part would hold. */
  isListed: boolean;
}

interface Part {
  name: string;
  top: PrefixSensitivity;
  exposure: Exposure;
  scope: string[];
  risk: Risk;
}

/**
 * The risk of a bucket is that of its riskiest part: what is in a place counts with who can reach that place. Parts that
 * a grant opens count also when nothing is in them.
 */
export function judgeBucket(facts: BucketFacts): { risk: Risk; prefixes: PrefixPosture[] } {
  const parts = partsOf(facts);
  const [only] = parts;
  if (parts.length < 2) {
    const exposure = only?.exposure ?? facts.parts.whole;
    const prefixes =
      only === undefined || !isMixed(only.top) ? [] : only.top.children.flatMap((one) => below(one, only));
    return { risk: joinRisk(facts.sensitivity, exposure), prefixes: riskiest(prefixes) };
  }
  parts.sort((a, b) => rank(b.risk) - rank(a.risk) || (a.name < b.name ? -1 : 1));
  const [worst] = parts as [Part, ...Part[]];
  const because = parts.slice(0, MAX_SENTENCES).map(({ name, risk }) => `${name}: ${risk.because.join(' ')}`);
  if (parts.length > MAX_SENTENCES) because.push(`${parts.length - MAX_SENTENCES} more parts are at no higher risk.`);
  return {
    risk: { level: worst.risk.level, because },
    prefixes: riskiest(parts.flatMap((part) => below(part.top, part))),
  };
}

function partsOf({ parts, prefixes, targetPrefixes, isListed }: BucketFacts): Part[] {
  const found = [...prefixes].map(([number, top]) => part(parts, number, top));
  const seen = [...prefixes.keys()];
  for (const number of parts.named(targetPrefixes)) {
    // What is in a part that is easier still to reach says more.
    if (seen.some((other) => (other & number) === number)) continue;
    const prefix = parts.scopesOf(number).map(scopeText).join(' and ');
    found.push(part(parts, number, { prefix, objects: 0, sensitivity: emptySensitivity(isListed), children: [] }));
  }
  return found;
}

function part(parts: BucketParts, number: number, top: PrefixSensitivity): Part {
  const scope = parts.scopesOf(number).map(scopeText);
  const exposure = parts.exposure(number);
  const name = scope.length === 0 ? 'Elsewhere' : `In ${scope.join(' and ')}`;
  return { name, top, exposure, scope, risk: joinRisk(top.sensitivity, exposure) };
}

function emptySensitivity(isListed: boolean): Sensitivity {
  return isListed
    ? { level: 'none', score: 0, scoreAtMost: 0, because: ['no objects'] }
    : { level: 'unknown', score: 0, scoreAtMost: 100, because: ['the bucket could not be listed to its end'] };
}

/** A prefix, and what is below it where that differs. */
function below(node: PrefixSensitivity, part: Part): PrefixPosture[] {
  const { prefix, objects, sensitivity } = node;
  const { exposure, scope } = part;
  const own = { prefix, objects, sensitivity, exposure, risk: joinRisk(sensitivity, exposure) };
  const entry: PrefixPosture = scope.length === 0 ? own : { ...own, scope };
  return [entry, ...(isMixed(node) ? node.children.flatMap((child) => below(child, part)) : [])];
}

/** Whether some of it holds other data than the whole. */
function isMixed({ sensitivity, children }: PrefixSensitivity): boolean {
  return children.some((child) => child.sensitivity.level !== sensitivity.level || isMixed(child));
}

function riskiest(prefixes: PrefixPosture[]): PrefixPosture[] {
  return prefixes
    .sort((a, b) => rank(b.risk) - rank(a.risk) || (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0))
    .slice(0, MAX_PREFIXES);
}

function rank({ level }: Risk): number {
  return RISK_ORDER.indexOf(level);
}
