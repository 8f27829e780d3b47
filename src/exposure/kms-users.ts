import type { S3Evidence } from '../model/exposure.ts';
import { allowLimits, type ConditionContext } from './conditions.ts';
import { globMatches } from './glob.ts';
import { parsePolicy, type Statement } from './policy.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { principalSubjects } from './principals.ts';
import { compareReach } from './reach.ts';
import { S3_ACTIONS, type S3Action } from './s3-actions.ts';
import { narrow, type Subject } from './subject.ts';
import { type Home, whoIs } from './who.ts';

/** Whoever may do one of these can use a key, at once or by letting themselves. */
const USES: Record<'decrypt' | 'encrypt', readonly string[]> = {
  decrypt: ['kms:decrypt', 'kms:creategrant', 'kms:putkeypolicy'],
  encrypt: ['kms:generatedatakey', 'kms:creategrant', 'kms:putkeypolicy'],
};
export type KeyUse = keyof typeof USES;
const ANY_IDENTITY: Subject = { kind: 'open', isAuthenticated: true };
/** Grants of CloudFront and of replication are those of services, which have a place of their own in key policies. */
const NOT_JUDGED: ReadonlySet<string> = new Set(['cdn', 'replication-out']);

export function isStrangers({ grant, reach }: JudgedGrant): boolean {
  const isOutside = reach === 'public' || reach === 'cross-account';
  return isOutside && grant.state === 'effective' && !NOT_JUDGED.has(grant.path) && grant.principal.class !== 'service';
}

/** What is left of a grant for those who cannot use the keys. */
export type Stop = (judged: JudgedGrant) => JudgedGrant;

/** A grant whose part that takes a key is split by who can use it; what else it gives stays as it is. */
export function underKeys(
  judged: JudgedGrant,
  isPart: (action: S3Action) => boolean,
  users: readonly Subject[],
  stop: Stop,
  home: Home,
): JudgedGrant[] {
  const subjects = judged.subjects ?? (judged.reach === 'public' ? [ANY_IDENTITY] : []);
  const able = new Map(subjects.map((subject) => [subject, narrow([subject], users)]));
  const isAble = (subject: Subject): boolean =>
    (able.get(subject) ?? []).some((one) => compareReach(whoIs(one, home).reach, judged.reach) <= 0);
  const stopped = subjects.filter((subject) => !isAble(subject));
  if (stopped.length === 0) return [judged];
  const rest = withActions(judged, (action) => !isPart(action));
  const part = withActions(judged, isPart);
  const outside = stopped
    .flatMap((subject) => able.get(subject) ?? [])
    .filter((subject) => whoIs(subject, home).reach !== 'private');
  return [
    ...(rest.grant.actions.length > 0 ? [rest] : []),
    ...[subjects.filter(isAble), ...outside.map((subject) => [subject])]
      .filter((some) => some.length > 0)
      .map((some) => ofSubjects(part, some, home)),
    stop(judged.subjects === undefined ? part : ofSubjects(part, stopped, home)),
  ];
}

function withActions(judged: JudgedGrant, isWanted: (action: S3Action) => boolean): JudgedGrant {
  const { grant } = judged;
  const left = S3_ACTIONS.filter((action) => grant.rawActions.includes(action.name) && isWanted(action));
  const rawActions = [...new Set(left.map(({ name }) => name))];
  const actions = grant.actions.filter((kind) => left.some((action) => action.class === kind));
  return { ...judged, grant: { ...grant, actions, rawActions } };
}

function ofSubjects(judged: JudgedGrant, subjects: readonly Subject[], home: Home): JudgedGrant {
  const whos = subjects.map((subject) => whoIs(subject, home));
  const [first] = whos.toSorted((a, b) => compareReach(a.reach, b.reach));
  if (first === undefined) return judged;
  const principal = { class: first.class, ids: [...new Set(whos.map(({ id }) => id))], trusted: first.trusted };
  const foreign = [...new Set(whos.flatMap((who) => (who.foreign === '' ? [] : [who.foreign])))];
  return { ...judged, reach: first.reach, foreign, subjects, grant: { ...judged.grant, principal } };
}

/** Whom the policy and the grants of a key let do this; what its policy denies is not taken off. Null: not known. */
export function usersOf(id: string | null, { keys }: S3Evidence, home: Home, use: KeyUse): Subject[] | null {
  if (isOfService(id))
    return home.account === null ? [] : [{ kind: 'account', account: home.account, text: home.account }];
  const key = keys?.state === 'known' ? keys.value?.find((one) => one.id === id) : undefined;
  if (key?.policy.state !== 'known' || key.grants.state !== 'known') return null;
  const policy = parsePolicy(key.policy.value);
  if (policy === null || policy.problems.length > 0) return null;
  const context = { hasVariables: policy.hasVariables, isAccessPoint: false };
  return [
    ...policy.statements
      .filter((statement) => allows(statement, use))
      .flatMap((statement) => allowed(statement, context)),
    ...(key.grants.value ?? []).flatMap(({ GranteePrincipal: text = '', Operations: operations = [] }) =>
      operations.some((name) => USES[use].includes(`kms:${name.toLowerCase()}`))
        ? principalSubjects({ entries: [{ type: 'AWS', text }], isNot: false }, true)
        : [],
    ),
  ];
}

/** The key that S3 keeps in each account works for that account alone. */
function isOfService(id: string | null): boolean {
  return id === null || /(^|:)alias\/aws\/s3$/.test(id);
}

function allows({ effect, actions: { patterns, isNot } }: Statement, use: KeyUse): boolean {
  if (effect !== 'Allow') return false;
  const isNamed = (action: string) => patterns.some((pattern) => globMatches(pattern.toLowerCase(), action));
  return USES[use].some((action) => isNamed(action) !== isNot);
}

function allowed({ principals, conditions }: Statement, context: ConditionContext): Subject[] {
  if (principals === null) return [];
  const named = principals.isNot ? [ANY_IDENTITY] : principalSubjects(principals, true);
  // The caller's account under the older name that KMS has for it.
  const known = conditions.map((one) =>
    one.key === 'kms:calleraccount' ? { ...one, key: 'aws:principalaccount' } : one,
  );
  let left = narrow(named, [ANY_IDENTITY]);
  for (const limit of allowLimits(known, context)) {
    if (limit.state === 'never') return [];
    if (limit.state === 'limited') left = narrow(left, limit.to);
  }
  return left;
}

export function nameOf(id: string | null): string {
  return isOfService(id) ? "the account's own S3 key" : (id ?? '');
}
