import type { ActionClass, Exposure, GcsEvidence, Reach } from '../model/exposure.ts';
import { grantSentence, inOrder, strangersOf } from './because.ts';
import { EVERY_CLASS, type GcsFindings, gcsFindings, NOT_ASKED, type Unknown } from './gcs-findings.ts';
import { gcsGrantFix, smallestGcsEdits } from './gcs-fix.ts';
import { gcsGuards } from './gcs-guards.ts';
import type { GcsHome } from './gcs-members.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { effectiveReach, widest } from './reach.ts';

const OPEN: ReadonlySet<string> = new Set(['internet', 'any-authenticated']);

/**
 * Judges the facts of one bucket in Google's order: public access prevention, uniform access, the bindings of the bucket,
 * of its managed folders and of what stands above, then ACLs (cloud.google.com/storage/docs/access-control).
 */
export function evaluateGcs(evidence: GcsEvidence, home: GcsHome, collectedAt: string): Exposure {
  const found = gcsFindings(evidence, home, collectedAt);
  const reached = found.grants.map((judged) => ({ ...judged, reach: currentReach(judged) }));
  const effective = effectiveOf(found);
  const counted = reached.filter(({ reach }) => reach !== 'private');
  if (evidence.endpoint === null && counted.some(({ reach }) => reach === 'public' || reach === 'cross-account')) {
    guardsAbove(found);
  }
  for (const { grant } of found.grants) grant.fix = gcsGrantFix(grant, evidence);
  const because = [...inOrder(reached).flatMap(sentence), ...found.because];
  const isMended = (given: GcsEvidence) => !isOpen(gcsFindings(given, home, collectedAt));
  const edits = isOpen(found) ? smallestGcsEdits(evidence, isMended) : [];
  return {
    verdict: widest([effective.list, effective.read]),
    effective,
    vendorPublic: vendorPublic(found, gcsGuards(evidence).prevention.state),
    crossAccount: strangersOf(counted),
    grants: reached.map(({ grant, reach }) => ({ ...grant, reach })),
    unknowns: found.unknowns,
    open: [...found.open],
    collectedAt,
    because: because.length > 0 ? because : ['Only the own project can reach this bucket.'],
    fix: [
      ...new Set([
        ...edits.flatMap(({ words, command, texts }) => [words, command, ...texts]),
        ...counted.flatMap(({ grant, reach }) => (reach === 'cross-account' ? grant.fix : [])),
        ...permissionFix(found.unknowns),
      ]),
    ],
  };
}

function effectiveOf({ grants, open }: GcsFindings): Exposure['effective'] {
  const reaches = grants.map((judged) => {
    const reach = currentReach(judged);
    return { actions: actionsOf(judged.grant, reach), reach };
  });
  return effectiveReach(reaches, open);
}

/** Whether everyone is let in to anything, were it only its settings. */
function isOpen({ grants }: GcsFindings): boolean {
  return grants.some(({ grant }) => grant.state === 'effective' && OPEN.has(grant.principal.class));
}

/** Whatever a role of the own people gives, it reaches no further than them. */
function actionsOf({ actions }: JudgedGrant['grant'], reach: Reach): readonly ActionClass[] {
  return actions.length === 0 && reach === 'organization' ? EVERY_CLASS : actions;
}

function currentReach({ grant, reach }: JudgedGrant): Reach {
  return grant.state === 'effective' ? reach : 'private';
}

/** VPC service controls and deny policies can only take away; they are not read, and never assumed. */
function guardsAbove(found: GcsFindings): void {
  found.unknowns.push(
    { call: 'iam.denypolicies.list', reason: NOT_ASKED, permission: 'iam.denypolicies.list' },
    {
      call: 'accesscontextmanager.servicePerimeters.list',
      reason: NOT_ASKED,
      permission: 'accesscontextmanager.servicePerimeters.list',
    },
  );
  found.because.push('Deny policies and service perimeters above the bucket were not read: they could narrow this.');
}

/** Google's own word: whether anything is given to everyone and not prevented; networks and payers do not count. */
function vendorPublic(found: GcsFindings, prevention: string): boolean | 'unknown' {
  const isGiven = found.grants.some(
    ({ grant, reach }) =>
      grant.state === 'effective' &&
      grant.actions.length > 0 &&
      reach !== 'unknown' &&
      (OPEN.has(grant.principal.class) || grant.principal.class === 'network'),
  );
  if (isGiven) return true;
  if (found.mayBePublic) return 'unknown';
  return prevention === 'unknown' ? 'unknown' : false;
}

function sentence(judged: JudgedGrant): string[] {
  const { grant, reach } = judged;
  if (grant.actions.length > 0 || reach === 'private') return grantSentence(judged);
  const { cause, principal } = grant;
  const names = principal.ids.map((id) => (id === '*' ? 'everyone' : id)).join(', ');
  return [
    `What binding ${cause.binding} of the ${cause.doc}, gives to ${names} is not known: the permissions of the role are not.`,
  ];
}

function permissionFix(unknowns: readonly Unknown[]): string[] {
  const refused = unknowns.filter(({ reason, permission }) => /denied|forbidden/i.test(reason) && permission !== '');
  const permissions = [...new Set(refused.map(({ permission }) => permission))];
  return permissions.length === 0
    ? []
    : [`Let the scanning identity read what is not known: grant it ${permissions.join(', ')}.`];
}
