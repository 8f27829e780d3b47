import type { ActionClass, Exposure, Reach, S3Evidence } from '../model/exposure.ts';
import { judgeAccessPoints } from './access-points.ts';
import { aclGrants, objectAclGrants } from './acl.ts';
import { judgeDistributions } from './cloudfront.ts';
import { type Guard, guards } from './guards.ts';
import { isVendorPublic } from './is-public.ts';
import { judgeKeys } from './kms.ts';
import { judgeUploads } from './kms-uploads.ts';
import { type Policy, parsePolicy } from './policy.ts';
import { type JudgedGrant, type PolicyContext, policyGrants, restricted } from './policy-grants.ts';
import { effectiveReach } from './reach.ts';
import { EVERY_CLASS, type Findings, leaveOpen, MISSING, needed, unknownOf } from './s3-findings.ts';
import { judgeSurroundings } from './surroundings.ts';
import type { Home } from './who.ts';

export interface S3Judgement {
  found: Findings;
  /** `found.grants` with how far they go now. */
  reached: JudgedGrant[];
  effective: Exposure['effective'];
}

/** Judges the facts of one bucket in AWS's order: switches, ownership, ACL, policy, Deny (S3 user guide). */
export function judgeS3(evidence: S3Evidence, given: Home): S3Judgement {
  const found: Findings = { grants: [], unknowns: [], open: new Set(), because: [], vendorPublic: 'unknown' };
  const home = { ...given, knowsAccessPoints: evidence.accessPoints?.state === 'known' };
  const { restrict, ignoreAcls } = guards(evidence);
  const context = policyContext(evidence, home);
  const policy = judgePolicy(evidence, context, restrict, found);
  if (evidence.organization?.state === 'refused') found.unknowns.push(unknownOf(evidence.organization));
  judgeDistributions(evidence, found);
  judgeAccessPoints(evidence, policy, { ...context, hasVariables: policy?.hasVariables ?? false }, found);
  judgeAcl(evidence, home, ignoreAcls, found);
  judgeKeys(evidence, home, found);
  judgeUploads(evidence, policy, { ...context, hasVariables: policy?.hasVariables ?? false }, found);
  judgeSwitches(evidence, [restrict, ignoreAcls], found);
  judgeSurroundings(evidence, home, found);
  const reached = found.grants.map((judged) => ({ ...judged, reach: currentReach(judged) }));
  const effective = effectiveReach(
    reached.map(({ grant, reach }) => ({ actions: grant.actions, reach })),
    found.open,
  );
  return { found, reached, effective };
}

function currentReach({ grant, reach }: JudgedGrant): Reach {
  return grant.state === 'effective' ? reach : 'private';
}

function policyContext(evidence: S3Evidence, home: Home): PolicyContext {
  return {
    home,
    isVendorAws: evidence.endpoint === null,
    isAccessPoint: evidence.resource === 'access-point' || evidence.resource === 'multi-region-access-point',
    bucket: evidence.bucket,
    hasVariables: false,
    ignoreLimits: false,
  };
}

function judgePolicy(evidence: S3Evidence, plain: PolicyContext, restrict: Guard, found: Findings): Policy | null {
  const stated = evidence.policyStatusIsPublic.state === 'known' ? evidence.policyStatusIsPublic.value : null;
  if (stated !== null) found.vendorPublic = stated;
  const document = needed(evidence.policy, EVERY_CLASS, 'bucket policy', found);
  if (document === MISSING) return null;
  if (document === null) {
    found.vendorPublic = stated ?? false;
    return null;
  }
  const policy = parsePolicy(document);
  if (!policy || policy.problems.length > 0) {
    const what = policy ? policy.problems.join(', ') : 'it is no policy document';
    leaveOpen(found, EVERY_CLASS, { call: 's3:GetBucketPolicy', reason: what, permission: '' });
    found.because.push(`The bucket policy is not understood: ${what}.`);
  }
  if (!policy) return null;
  const context = { ...plain, hasVariables: policy.hasVariables };
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
  return policy;
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

function judgeAcl(evidence: S3Evidence, home: Home, ignoreAcls: Guard, found: Findings): void {
  const ownership = evidence.objectOwnership;
  const isVoid = ownership.state === 'known' && ownership.value === 'BucketOwnerEnforced';
  if (isVoid && evidence.acl.state !== 'known') return;
  const isVendorAws = evidence.endpoint === null;
  // Stores without object ACLs may let a bucket ACL open the objects as well.
  const touched: ActionClass[] = ['list', 'write', 'change-permissions', ...(isVendorAws ? [] : (['read'] as const))];
  const acl = needed(evidence.acl, touched, 'bucket ACL', found);
  const context = { home, isVoid, ignoreAcls };
  if (acl !== MISSING && acl !== null) {
    const judged = aclGrants(acl, context).map((one) => undecided(one, ignoreAcls));
    found.grants.push(...judged);
    const isListed = judged.some(({ reach, grant }) => reach === 'public' && isEffective(grant, 'list'));
    if (isListed && !isVendorAws) found.open.add('read');
  }
  if (isVoid) return;
  if (ignoreAcls.state === 'on') {
    found.because.push(
      `${ignoreAcls.by.join(' and ')} hides what ACLs would give to everyone: such grants cannot be seen, and come back when it is turned off (object ownership is not BucketOwnerEnforced).`,
    );
    return;
  }
  const sample = evidence.objectAcls;
  if (sample?.state !== 'known' || sample.value === null) {
    if (isVendorAws || sample !== undefined) unreadObjectAcls(evidence, found);
    return;
  }
  found.grants.push(...objectAclGrants(sample.value, context).map((one) => undecided(one, ignoreAcls)));
  const { objects, isPartial, grants } = sample.value;
  const rest = isPartial ? '; the other objects were not looked at' : '';
  const result = grants.length === 0 ? 'none gives anything to others' : 'what they give is above';
  found.because.push(`ACLs are not switched off. Those of ${objects} objects were read: ${result}${rest}.`);
  if (isPartial) found.unknowns.push({ call: 's3:GetObjectAcl', reason: 'sampled', permission: 's3:GetObjectAcl' });
}

function isEffective({ state, actions }: JudgedGrant['grant'], action: ActionClass): boolean {
  return state === 'effective' && actions.includes(action);
}

function undecided(judged: JudgedGrant, ignoreAcls: Guard): JudgedGrant {
  const isGroup = judged.reach === 'public' && judged.grant.state === 'effective';
  return isGroup && ignoreAcls.state === 'unknown'
    ? { ...judged, reach: 'unknown', notes: ['unless IgnorePublicAcls is on, which is not known'] }
    : judged;
}

/** Objects can carry ACLs of their own wherever ownership is not enforced. */
function unreadObjectAcls({ objectOwnership: ownership, objectAcls }: S3Evidence, found: Findings): void {
  if (ownership.state === 'unsupported' || objectAcls?.state === 'unsupported') return;
  if (ownership.state === 'refused') found.unknowns.push(unknownOf(ownership));
  const call = 's3:GetObjectAcl';
  found.unknowns.push(
    objectAcls?.state === 'refused' ? unknownOf(objectAcls) : { call, reason: 'not asked', permission: call },
  );
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
