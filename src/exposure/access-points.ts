import type { Fact, S3AccessPoint, S3Evidence } from '../model/exposure.ts';
import { type Denial, readDenial } from './deny.ts';
import { guard } from './guards.ts';
import { isVendorPublic } from './is-public.ts';
import { type Policy, parsePolicy } from './policy.ts';
import { type JudgedGrant, type PolicyContext, policyGrants, restricted } from './policy-grants.ts';
import { S3_ACTIONS } from './s3-actions.ts';
import { type Findings, leaveOpen, unknownOf } from './s3-findings.ts';

const POINT_KEY = /^s3:dataaccesspoint(account|arn)$/;

/**
 * Access points and those of several regions. A request through one needs its policy, and the bucket's as well unless
 * that hands the decision over (`s3:DataAccessPointAccount`): so they add reach only to what is handed over.
 */
export function judgeAccessPoints(
  evidence: S3Evidence,
  policy: Policy | null,
  context: PolicyContext,
  found: Findings,
): void {
  const kinds = [
    { path: 'access-point', fact: evidence.accessPoints, name: 'access point' },
    { path: 'mrap', fact: evidence.multiRegionAccessPoints, name: 'multi-region access point' },
  ] as const;
  const handedOver = found.grants.filter(
    ({ grant }) =>
      grant.path === 'access-point' && grant.principal.class === 'same-account' && grant.state === 'effective',
  );
  const denials = policy === null ? [] : denialsOf(policy, context);
  for (const { path, fact, name } of kinds) {
    if (fact === undefined) continue;
    for (const point of listed(fact, name, handedOver, found)) {
      const label = `${name} ${point.name}`;
      if (point.policy.state === 'refused') missing(point.policy, label, handedOver, found);
      if (point.policy.state !== 'known' || point.policy.value === null) continue;
      const document = parsePolicy(point.policy.value);
      if (document === null || document.problems.length > 0) {
        const reason = 'its policy is not understood';
        missing(
          { state: 'refused', call: 's3:GetAccessPointPolicy', reason, permission: '' },
          label,
          handedOver,
          found,
        );
      }
      if (document === null) continue;
      const inside = { ...context, isAccessPoint: true };
      const judged = policyGrants(document, inside, denials);
      const restrict = guard([
        { level: 'account', fact: evidence.accountPublicAccessBlock },
        { level: 'bucket', fact: evidence.publicAccessBlock },
        { level: label, fact: point.publicAccessBlock },
      ])('RestrictPublicBuckets');
      const isStated = point.policyStatusIsPublic.state === 'known' && point.policyStatusIsPublic.value === true;
      const isOpen = point.networkOrigin !== 'VPC' && (isStated || isVendorPublic(document, inside));
      for (const one of judged) {
        const { grant } = one;
        const through = { ...one, grant: { ...grant, path, cause: { ...grant.cause, doc: `policy of ${label}` } } };
        found.grants.push(handOver(restricted(within(through, point), restrict, isOpen), handedOver));
      }
    }
  }
}

function listed(
  fact: Fact<S3AccessPoint[]>,
  name: string,
  handedOver: readonly JudgedGrant[],
  found: Findings,
): S3AccessPoint[] {
  if (fact.state === 'refused') missing(fact, `list of ${name}s`, handedOver, found);
  return fact.state === 'known' ? (fact.value ?? []) : [];
}

/** Without the bucket's word no access point can widen anything, whatever its policy says. */
function missing(
  fact: Extract<Fact<unknown>, { state: 'refused' }>,
  name: string,
  handedOver: readonly JudgedGrant[],
  found: Findings,
): void {
  leaveOpen(
    found,
    handedOver.flatMap(({ grant }) => grant.actions),
    unknownOf(fact),
  );
  if (handedOver.length > 0) found.because.push(`The ${name} is not known: ${fact.call} answered ${fact.reason}.`);
}

/** Denials of the bucket policy hold for requests through its access points as well, but for those that spare them. */
function denialsOf(policy: Policy, context: PolicyContext): Denial[] {
  return policy.statements
    .filter(({ effect, conditions }) => effect === 'Deny' && !conditions.some(({ key }) => POINT_KEY.test(key)))
    .map((statement) => readDenial(statement, context, context.isVendorAws));
}

/** An access point in a VPC is reached from there only. */
function within(judged: JudgedGrant, { networkOrigin, vpc }: S3AccessPoint): JudgedGrant {
  if (networkOrigin !== 'VPC' || (judged.reach !== 'public' && judged.reach !== 'cross-account')) return judged;
  const principal = { class: 'network' as const, ids: [vpc ?? 'its VPC'], trusted: true };
  return { ...judged, reach: 'organization', foreign: [], grant: { ...judged.grant, principal } };
}

function handOver(judged: JudgedGrant, handedOver: readonly JudgedGrant[]): JudgedGrant {
  const { grant } = judged;
  const allowed = new Set(handedOver.flatMap((one) => one.grant.rawActions));
  const rawActions = grant.rawActions.filter((name) => allowed.has(name));
  if (grant.state !== 'effective') return judged;
  if (rawActions.length === 0) {
    const blockedBy = ['the bucket policy, which leaves nothing to its access points'];
    return { ...judged, grant: { ...grant, state: 'blocked', blockedBy } };
  }
  const actions = grant.actions.filter((kind) =>
    S3_ACTIONS.some((action) => action.class === kind && rawActions.includes(action.name)),
  );
  return { ...judged, grant: { ...grant, actions, rawActions } };
}
