import type { S3Evidence } from '../model/exposure.ts';
import { parseOperator } from './conditions.ts';
import { globCovers, globsOverlap, hasWildcard } from './glob.ts';
import { isStrangers, nameOf, underKeys, usersOf } from './kms-users.ts';
import type { Policy, Statement } from './policy.ts';
import type { JudgedGrant, PolicyContext } from './policy-grants.ts';
import { reachable } from './resources.ts';
import { namesAction, S3_ACTIONS, type S3Action } from './s3-actions.ts';
import type { Findings } from './s3-findings.ts';

const KEY_OF_UPLOAD = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const PUT = S3_ACTIONS.find(({ name }) => name === 's3:PutObject') as S3Action;
/** Operators that hold, as every negated one, for a request that names no key at all. */
const UNLESS = new Set(['stringnotequals', 'stringnotlike', 'arnnotequals', 'arnnotlike']);

/**
 * Uploads where a Deny refuses every key but some: only who may use those can make one. Without such a Deny a key stops no
 * upload, since the request may name another encryption than the default.
 */
export function judgeUploads(
  evidence: S3Evidence,
  policy: Policy | null,
  context: PolicyContext,
  found: Findings,
): void {
  for (const statement of policy?.statements ?? []) {
    const keys = keysAsked(statement, context);
    const users = keys.map((key) => usersOf(key, evidence, context.home, 'encrypt'));
    if (keys.length === 0 || users.includes(null)) continue;
    const able = users.flatMap((some) => some ?? []);
    const names = keys.map(nameOf).join(' and ');
    const blockedBy = [`statement ${statement.index} (Deny), which asks uploads for the key ${names}`];
    const stop = (one: JudgedGrant): JudgedGrant => ({ ...one, grant: { ...one.grant, state: 'blocked', blockedBy } });
    found.grants = found.grants.flatMap((one) =>
      isAsked(one, statement, context) ? underKeys(one, isPut, able, stop, context.home) : [one],
    );
  }
}

function isPut({ name }: S3Action): boolean {
  return name === PUT.name;
}

/** The keys that a Deny for everyone leaves to uploads; empty when it is none of this kind. */
function keysAsked({ effect, principals, actions, conditions }: Statement, { hasVariables }: PolicyContext): string[] {
  const [only, ...others] = conditions;
  const isForAll =
    principals?.isNot === false && principals.entries.some(({ type, text }) => type === 'AWS' && text === '*');
  if (effect !== 'Deny' || !isForAll || only === undefined || others.length > 0) return [];
  const { set, base } = parseOperator(only.operator);
  if (only.key !== KEY_OF_UPLOAD || set !== null || !UNLESS.has(base)) return [];
  if (!namesAction(actions.patterns, actions.isNot, PUT)) return [];
  const isFixed = (value: string) => !hasWildcard(value) && !(hasVariables && value.includes('${'));
  return only.values.every(isFixed) ? only.values : [];
}

/** The grant lets strangers upload, and the Deny is about all the keys of its objects. */
function isAsked(judged: JudgedGrant, statement: Statement, context: PolicyContext): boolean {
  const { rawActions, scope } = judged.grant;
  if (!isStrangers(judged) || !rawActions.includes(PUT.name)) return false;
  const { keys, except } = reachable(statement, context);
  return scope.prefixes.every(
    (glob) => keys.some((key) => globCovers(key, glob)) && !except.some((hole) => globsOverlap(hole, glob)),
  );
}
