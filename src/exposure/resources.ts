import { globMatches, globResiduals, minimalGlobs } from './glob.ts';
import type { Statement } from './policy.ts';

/** What of one bucket a statement speaks of: the bucket itself, and keys as globs (minus the `except` ones). */
export interface Reachable {
  bucket: boolean;
  keys: string[];
  except: string[];
}

export interface ResourceContext {
  /** Null: every bucket that is named is this one. */
  bucket: string | null;
  isAccessPoint: boolean;
  hasVariables: boolean;
}

/** Reads `Resource` or `NotResource` against one bucket. */
export function reachable(statement: Statement, context: ResourceContext): Reachable {
  const { patterns, isNot } = statement.resources;
  // AWS refuses such a statement; met in a file, the wider reading is the safe one.
  if (!isNot && !patterns.some(isS3Resource)) return { bucket: true, keys: ['*'], except: [] };
  const named = patterns.map((pattern) => reach(withoutVariables(pattern, context), context));
  const bucket = named.some((one) => one.bucket);
  const keys = minimalGlobs(named.flatMap((one) => one.keys));
  // Without a name nothing can be told to be of another bucket.
  if (!isNot && context.bucket === null && !bucket && keys.length === 0)
    return { bucket: true, keys: ['*'], except: [] };
  if (!isNot) return { bucket, keys, except: [] };
  if (patterns.length === 0) return { bucket: false, keys: [], except: [] };
  return { bucket: !bucket, keys: keys.includes('*') ? [] : ['*'], except: keys };
}

function reach(pattern: string, context: ResourceContext): { bucket: boolean; keys: string[] } {
  if (pattern === '*') return { bucket: true, keys: ['*'] };
  if (context.isAccessPoint || context.bucket === null) {
    const point = /^arn:[^:]*:s3:[^:]*:[^:]*:accesspoint\/[^/]+(?:\/object\/(.+))?$/.exec(pattern);
    if (point) return point[1] === undefined ? { bucket: true, keys: [] } : { bucket: false, keys: [point[1]] };
    if (context.isAccessPoint) return { bucket: false, keys: [] };
  }
  // A directory bucket has an ARN with region and account.
  const plain = pattern
    .replace(/^arn:aws[\w-]*:/, 'arn:aws:')
    .replace(/^arn:aws:s3express:[^:]*:[^:]*:bucket\//, 'arn:aws:s3:::');
  const name = context.bucket ?? firstName(plain);
  if (name === null) return { bucket: false, keys: [] };
  const arn = `arn:aws:s3:::${name}`;
  if (plain === arn) return { bucket: true, keys: [] };
  if (plain.startsWith(`${arn}/`) && plain.length > arn.length + 1)
    return { bucket: false, keys: [plain.slice(arn.length + 1)] };
  return { bucket: globMatches(plain, arn), keys: globResiduals(plain, `${arn}/`) };
}

function isS3Resource(pattern: string): boolean {
  return pattern === '*' || /^arn:[^:]*:(s3|\*)/.test(pattern) || /^arn:?\*/.test(pattern);
}

/** The bucket a pattern names, with wildcards as letters: they match themselves. */
function firstName(pattern: string): string | null {
  return /^arn:aws:s3:::([^/]+)/.exec(pattern)?.[1] ?? null;
}

/** A policy variable stands for whatever the caller brings. */
function withoutVariables(pattern: string, context: ResourceContext): string {
  return context.hasVariables ? pattern.replace(/\$\{[^}]*\}/g, '*') : pattern;
}
