import type { ActionClass, Grant, S3Evidence, S3ObjectEncryption } from '../model/exposure.ts';
import { allowLimits, type ConditionContext } from './conditions.ts';
import { globMatches } from './glob.ts';
import { parsePolicy, type Statement } from './policy.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { principalSubjects } from './principals.ts';
import { compareReach } from './reach.ts';
import { S3_ACTIONS } from './s3-actions.ts';
import { type Findings, unknownOf } from './s3-findings.ts';
import { narrow, type Subject } from './subject.ts';
import { type Home, whoIs } from './who.ts';

/** Whoever may do one of these can decrypt, at once or by letting themselves. */
const DECRYPTING = ['kms:decrypt', 'kms:creategrant', 'kms:putkeypolicy'];
const ANY_IDENTITY: Subject = { kind: 'open', isAuthenticated: true };
/** Grants of CloudFront and of replication are those of services, which have a place of their own in key policies. */
const NOT_JUDGED: ReadonlySet<string> = new Set(['cdn', 'replication-out']);

/**
 * Objects under a KMS key are read only by who may also decrypt with it, and never without an identity. The key of the
 * default says nothing of single objects: only those that were looked at decide, and for all only when they are all.
 */
export function judgeKeys(evidence: S3Evidence, home: Home, found: Findings): void {
  const strangers = found.grants.filter(isStrangers);
  const reads = strangers.filter(({ grant }) => grant.actions.includes('read'));
  tellDefault(evidence, reads, strangers, home, found);
  const sample = evidence.objectEncryption?.state === 'known' ? evidence.objectEncryption.value : null;
  if (reads.length === 0 || sample === null) return;
  const users: Subject[] = [];
  for (const { ServerSideEncryption: algorithm, SSEKMSKeyId: id = null } of sample.keys) {
    const able = isKms(algorithm) ? usersOf(id, evidence, home) : null;
    // One object that is open, or may be, is what the grant is about.
    if (able === null) return;
    users.push(...able);
  }
  const names = [...new Set(sample.keys.map(({ SSEKMSKeyId: id = null }) => nameOf(id)))];
  if (names.length === 0) return;
  const stop = stopper(names.join(' and '), sample);
  found.grants = found.grants.flatMap((one) => (reads.includes(one) ? underKeys(one, users, stop, home) : [one]));
  const isOpen = sample.isPartial && found.grants.some(({ reach, grant }) => reach === 'unknown' && isRead(grant));
  if (isOpen) found.unknowns.push({ call: 's3:HeadObject', reason: 'sampled', permission: 's3:GetObject' });
}

function isStrangers({ grant, reach }: JudgedGrant): boolean {
  const isOutside = reach === 'public' || reach === 'cross-account';
  return isOutside && grant.state === 'effective' && !NOT_JUDGED.has(grant.path) && grant.principal.class !== 'service';
}

function isRead({ actions }: Grant): boolean {
  return actions.includes('read');
}

function isKms(algorithm: string | undefined): boolean {
  return algorithm?.startsWith('aws:kms') === true;
}

type Stop = (judged: JudgedGrant) => JudgedGrant;

/** What a grant to read is for those who cannot use the keys. */
function stopper(names: string, { isPartial, objects }: S3ObjectEncryption): Stop {
  if (!isPartial) {
    const blockedBy = [`the key of every object, ${names}`];
    return (judged) => ({ ...judged, grant: { ...judged.grant, state: 'blocked', blockedBy } });
  }
  const note = `the ${objects} objects that were looked at are encrypted with ${names}, which it cannot use; the others were not looked at`;
  return (judged) => ({ ...judged, reach: 'unknown', notes: [...judged.notes, note] });
}

/** A grant to read, split by who can use the keys of the objects; what else it gives stays as it is. */
function underKeys(judged: JudgedGrant, users: readonly Subject[], stop: Stop, home: Home): JudgedGrant[] {
  const subjects = judged.subjects ?? (judged.reach === 'public' ? [ANY_IDENTITY] : []);
  const able = new Map(subjects.map((subject) => [subject, narrow([subject], users)]));
  const isAble = (subject: Subject): boolean =>
    (able.get(subject) ?? []).some((one) => compareReach(whoIs(one, home).reach, judged.reach) <= 0);
  const stopped = subjects.filter((subject) => !isAble(subject));
  if (stopped.length === 0) return [judged];
  const rest = withActions(judged, (kind) => kind !== 'read');
  const read = withActions(judged, (kind) => kind === 'read');
  const outside = stopped
    .flatMap((subject) => able.get(subject) ?? [])
    .filter((subject) => whoIs(subject, home).reach !== 'private');
  return [
    ...(rest.grant.actions.length > 0 ? [rest] : []),
    ...[subjects.filter(isAble), ...outside.map((subject) => [subject])]
      .filter((some) => some.length > 0)
      .map((some) => ofSubjects(read, some, home)),
    stop(judged.subjects === undefined ? read : ofSubjects(read, stopped, home)),
  ];
}

function withActions(judged: JudgedGrant, isWanted: (kind: ActionClass) => boolean): JudgedGrant {
  const { grant } = judged;
  const classOf = (name: string) => S3_ACTIONS.find((action) => action.name === name)?.class ?? null;
  const rawActions = grant.rawActions.filter((name) => isWanted(classOf(name) ?? 'config-read'));
  return { ...judged, grant: { ...grant, actions: grant.actions.filter(isWanted), rawActions } };
}

function ofSubjects(judged: JudgedGrant, subjects: readonly Subject[], home: Home): JudgedGrant {
  const whos = subjects.map((subject) => whoIs(subject, home));
  const [first] = whos.toSorted((a, b) => compareReach(a.reach, b.reach));
  if (first === undefined) return judged;
  const principal = { class: first.class, ids: [...new Set(whos.map(({ id }) => id))], trusted: first.trusted };
  const foreign = [...new Set(whos.flatMap((who) => (who.foreign === '' ? [] : [who.foreign])))];
  return { ...judged, reach: first.reach, foreign, subjects, grant: { ...judged.grant, principal } };
}

/** Whom the policy and the grants of a key let decrypt; what its policy denies is not taken off. Null: not known. */
function usersOf(id: string | null, { keys }: S3Evidence, home: Home): Subject[] | null {
  if (isOfService(id))
    return home.account === null ? [] : [{ kind: 'account', account: home.account, text: home.account }];
  const key = keys?.state === 'known' ? keys.value?.find((one) => one.id === id) : undefined;
  if (key?.policy.state !== 'known' || key.grants.state !== 'known') return null;
  const policy = parsePolicy(key.policy.value);
  if (policy === null || policy.problems.length > 0) return null;
  const context = { hasVariables: policy.hasVariables, isAccessPoint: false };
  return [
    ...policy.statements.filter(isDecrypting).flatMap((statement) => allowed(statement, context)),
    ...(key.grants.value ?? []).flatMap(({ GranteePrincipal: text = '', Operations: operations = [] }) =>
      operations.some((name) => DECRYPTING.includes(`kms:${name.toLowerCase()}`))
        ? principalSubjects({ entries: [{ type: 'AWS', text }], isNot: false }, true)
        : [],
    ),
  ];
}

/** The key that S3 keeps in each account works for that account alone. */
function isOfService(id: string | null): boolean {
  return id === null || /(^|:)alias\/aws\/s3$/.test(id);
}

function isDecrypting({ effect, actions: { patterns, isNot } }: Statement): boolean {
  if (effect !== 'Allow') return false;
  const isNamed = (action: string) => patterns.some((pattern) => globMatches(pattern.toLowerCase(), action));
  return DECRYPTING.some((action) => isNamed(action) !== isNot);
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

function nameOf(id: string | null): string {
  return isOfService(id) ? "the account's own S3 key" : (id ?? '');
}

/** What the default encryption means for strangers, and what of its key is not known. */
function tellDefault(
  evidence: S3Evidence,
  reads: readonly JudgedGrant[],
  strangers: readonly JudgedGrant[],
  home: Home,
  found: Findings,
): void {
  const { encryption, keys, objectEncryption } = evidence;
  const byDefault = encryption?.state === 'known' ? encryption.value : null;
  if (!isKms(byDefault?.SSEAlgorithm)) return;
  const id = byDefault?.KMSMasterKeyID ?? null;
  const name = nameOf(id);
  if (strangers.some(({ grant }) => grant.actions.includes('write'))) {
    found.because.push(
      `Uploads that name no encryption need ${name}; those that name another one do not, so that it stops nobody from writing.`,
    );
  }
  if (reads.length === 0) return;
  const users = usersOf(id, evidence, home);
  const names = (users ?? []).map((subject) => whoIs(subject, home)).filter(({ reach }) => reach !== 'private');
  const others =
    users === null
      ? 'other accounts only when its key policy lets them in'
      : names.length === 0
        ? 'and it lets no other account decrypt'
        : `and of others it lets ${[...new Set(names.map((who) => who.id))].join(', ')} decrypt`;
  found.because.push(
    `New objects are encrypted with ${name}: requests without identity cannot read those, ${others}. Objects from before may be open.`,
  );
  if (objectEncryption?.state === 'refused') found.unknowns.push(unknownOf(objectEncryption));
  if (users !== null || !reads.some(({ reach }) => reach === 'cross-account')) return;
  const key = keys?.state === 'known' ? keys.value?.find((one) => one.id === id) : undefined;
  const facts = keys?.state === 'refused' ? [keys] : key === undefined ? [] : [key.policy, key.grants];
  const refused = facts.flatMap((fact) => (fact.state === 'refused' ? [unknownOf(fact)] : []));
  const call = 'kms:GetKeyPolicy';
  found.unknowns.push(...(refused.length > 0 ? refused : [{ call, reason: 'not asked', permission: call }]));
}
