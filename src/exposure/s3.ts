import type { ActionClass, Exposure, Fact, Reach, S3Evidence } from '../model/exposure.ts';
import { aclGrants } from './acl.ts';
import { grantSentence, inOrder } from './because.ts';
import { grantFix, s3Fixes } from './fix.ts';
import { type Guard, guards } from './guards.ts';
import { isVendorPublic } from './is-public.ts';
import { parsePolicy } from './policy.ts';
import { type JudgedGrant, type PolicyContext, policyGrants } from './policy-grants.ts';
import { effectiveReach, widest } from './reach.ts';
import type { Home } from './who.ts';

const EVERY_CLASS: ActionClass[] = ['list', 'read', 'write', 'delete', 'change-permissions', 'config-read'];
/** Access a public policy keeps under RestrictPublicBuckets: services of AWS and the owner's own account. */
const KEPT = new Set(['service', 'same-account']);

type Unknown = Exposure['unknowns'][number];

/** What the judgement of one bucket collects on its way. */
interface Findings {
  grants: JudgedGrant[];
  unknowns: Unknown[];
  /** Action classes that a missing fact leaves open. */
  open: Set<ActionClass>;
  because: string[];
  vendorPublic: boolean | 'unknown';
}

/** Judges the facts of one bucket in AWS's order: switches, ownership, ACL, policy, Deny (S3 user guide). */
export function evaluateS3(evidence: S3Evidence, home: Home, collectedAt: string): Exposure {
  const found: Findings = { grants: [], unknowns: [], open: new Set(), because: [], vendorPublic: 'unknown' };
  const { restrict, ignoreAcls } = guards(evidence);
  judgePolicy(evidence, home, restrict, found);
  judgeAcl(evidence, home, ignoreAcls, found);
  judgeSwitches(evidence, [restrict, ignoreAcls], found);

  const reached = found.grants.map((judged) => ({ ...judged, reach: currentReach(judged) }));
  const effective = effectiveReach(
    reached.map(({ grant, reach }) => ({ actions: grant.actions, reach })),
    found.open,
  );
  if (
    evidence.endpoint === null &&
    Object.values(effective).some((reach) => reach === 'public' || reach === 'cross-account')
  ) {
    guardsAbove(found);
  }
  const counted = reached.filter(({ reach }) => reach !== 'private');
  for (const judged of found.grants) judged.grant.fix = grantFix(judged, evidence);
  return {
    verdict: widest([effective.list, effective.read]),
    effective,
    vendorPublic: found.vendorPublic,
    crossAccount: [
      ...new Set(counted.flatMap(({ foreign, grant }) => (grant.principal.trusted ? [] : foreign))),
    ].sort(),
    grants: found.grants.map(({ grant }) => grant),
    unknowns: found.unknowns,
    collectedAt,
    because: [...inOrder(reached).flatMap(grantSentence), ...found.because],
    fix: s3Fixes(counted, found.unknowns, evidence),
  };
}

function currentReach({ grant, reach }: JudgedGrant): Reach {
  return grant.state === 'effective' ? reach : 'private';
}

function judgePolicy(evidence: S3Evidence, home: Home, restrict: Guard, found: Findings): void {
  const stated = evidence.policyStatusIsPublic.state === 'known' ? evidence.policyStatusIsPublic.value : null;
  if (stated !== null) found.vendorPublic = stated;
  const document = needed(evidence.policy, EVERY_CLASS, 'bucket policy', found);
  if (document === MISSING) return;
  if (document === null) {
    found.vendorPublic = stated ?? false;
    return;
  }
  const policy = parsePolicy(document);
  if (!policy || policy.problems.length > 0) {
    const what = policy ? policy.problems.join(', ') : 'it is no policy document';
    leaveOpen(found, EVERY_CLASS, { call: 's3:GetBucketPolicy', reason: what, permission: '' });
    found.because.push(`The bucket policy is not understood: ${what}.`);
  }
  if (!policy) return;
  const isVendorAws = evidence.endpoint === null;
  const isAccessPoint = evidence.resource === 'access-point' || evidence.resource === 'multi-region-access-point';
  const context: PolicyContext = {
    home,
    isVendorAws,
    isAccessPoint,
    bucket: evidence.bucket,
    hasVariables: policy.hasVariables,
    ignoreLimits: false,
  };
  const own = isVendorPublic(policy, context);
  found.vendorPublic = stated ?? own;
  if (stated !== null && stated !== own) {
    found.because.push(
      `The store calls this policy ${stated ? 'public' : 'not public'}, these rules call it ${own ? 'public' : 'not public'}: the more open of the two counts.`,
    );
  }
  const judged = policyGrants(policy, { ...context, ignoreLimits: stated === true && !own });
  found.grants.push(...judged.map((one) => restricted(one, restrict, found.vendorPublic === true)));
  if (judged.length < policy.statements.filter((statement) => statement.effect === 'Allow').length) {
    found.because.push(...idleStatements(policy.statements, judged));
  }
}

function idleStatements(
  statements: readonly { index: number; sid: string | null; effect: string }[],
  judged: readonly JudgedGrant[],
) {
  const active = new Set(judged.map(({ grant }) => grant.cause.statementIndex));
  return statements
    .filter(({ index, effect }) => effect === 'Allow' && !active.has(index))
    .map(({ index, sid }) => {
      const name = sid === null ? '' : ` "${sid}"`;
      return `Statement ${index}${name} of the bucket policy grants nothing here: nobody meets it, or its actions do not apply to its resources.`;
    });
}

function restricted(judged: JudgedGrant, restrict: Guard, isPolicyPublic: boolean): JudgedGrant {
  const { grant } = judged;
  if (!isPolicyPublic || grant.state !== 'effective' || KEPT.has(grant.principal.class)) return judged;
  if (restrict.state === 'unknown') {
    return {
      ...judged,
      reach: 'unknown',
      notes: [...judged.notes, 'unless RestrictPublicBuckets is on, which is not known'],
    };
  }
  return restrict.state === 'on'
    ? { ...judged, grant: { ...grant, state: 'dormant', blockedBy: restrict.by } }
    : judged;
}

function judgeAcl(evidence: S3Evidence, home: Home, ignoreAcls: Guard, found: Findings): void {
  const ownership = evidence.objectOwnership;
  const isVoid = ownership.state === 'known' && ownership.value === 'BucketOwnerEnforced';
  if (isVoid && evidence.acl.state !== 'known') return;
  const isVendorAws = evidence.endpoint === null;
  // Stores without object ACLs may let a bucket ACL open the objects as well.
  const touched: ActionClass[] = ['list', 'write', 'change-permissions', ...(isVendorAws ? [] : (['read'] as const))];
  const acl = needed(evidence.acl, touched, 'bucket ACL', found);
  if (acl !== MISSING && acl !== null) {
    for (const judged of aclGrants(acl, { home, isVoid, ignoreAcls })) {
      const isGroup = judged.reach === 'public' && judged.grant.state === 'effective';
      const isUndecided = isGroup && ignoreAcls.state === 'unknown';
      found.grants.push(
        isUndecided
          ? { ...judged, reach: 'unknown', notes: ['unless IgnorePublicAcls is on, which is not known'] }
          : judged,
      );
      if (isGroup && !isVendorAws && judged.grant.actions.includes('list')) found.open.add('read');
    }
  }
  if (!isVoid && isVendorAws && ignoreAcls.state !== 'on') objectAcls(evidence, found);
}

/** Objects can carry ACLs of their own wherever ownership is not enforced; they are not read. */
function objectAcls(evidence: S3Evidence, found: Findings): void {
  const { objectOwnership: ownership } = evidence;
  if (ownership.state === 'unsupported') return;
  if (ownership.state === 'refused') found.unknowns.push(unknownOf(ownership));
  found.unknowns.push({ call: 's3:GetObjectAcl', reason: 'not asked', permission: 's3:GetObjectAcl' });
  found.because.push(
    'ACLs are not switched off (object ownership is not BucketOwnerEnforced): single objects can be public by ACLs of their own, which were not read.',
  );
}

function judgeSwitches(evidence: S3Evidence, decisive: readonly Guard[], found: Findings): void {
  const levels = [
    { name: 'of the bucket', fact: evidence.publicAccessBlock },
    { name: 'of the account', fact: evidence.accountPublicAccessBlock },
  ];
  const isDecided = decisive.every((guard) => guard.state === 'on');
  for (const { name, fact } of levels) {
    if (isDecided && fact.state === 'refused') found.unknowns.push(unknownOf(fact));
    else needed(fact, EVERY_CLASS, `Block Public Access ${name}`, found);
  }
  const isReached = found.grants.some((judged) => judged.reach === 'public' && judged.grant.state === 'effective');
  if (isReached && levels.every(({ fact }) => fact.state === 'known')) {
    found.because.push('No switch of Block Public Access stops it, neither on the bucket nor on the account.');
  }
}

/** Policies of the organisation can only take away; they are not read, and never assumed. */
function guardsAbove(found: Findings): void {
  const call = 'organizations:DescribePolicy';
  found.unknowns.push({ call, reason: 'not asked', permission: call });
  found.because.push(
    'Service and resource control policies of the organisation were not read: they could narrow this.',
  );
}

const MISSING = Symbol('missing');

/** The value of a fact without which the classes stay open; says so when it was refused or the store lacks it. */
function needed<T>(
  fact: Fact<T>,
  classes: readonly ActionClass[],
  name: string,
  found: Findings,
): T | null | typeof MISSING {
  if (fact.state === 'known') return fact.value;
  if (fact.state === 'unsupported') {
    found.because.push(`This store has no ${name} (${fact.call} is not available there).`);
    return MISSING;
  }
  leaveOpen(found, classes, unknownOf(fact));
  found.because.push(`The ${name} is not known: ${fact.call} answered ${fact.reason}.`);
  return MISSING;
}

function leaveOpen(found: Findings, classes: readonly ActionClass[], unknown: Unknown): void {
  found.unknowns.push(unknown);
  for (const name of classes) found.open.add(name);
}

function unknownOf({ call, reason, permission }: { call: string; reason: string; permission: string }): Unknown {
  return { call, reason, permission };
}
