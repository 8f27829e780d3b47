import type { ActionClass, Exposure, Fact, GcsEvidence, GcsPolicy, Reach } from '../model/exposure.ts';
import { grantSentence, inOrder } from './because.ts';
import { aclsCount, bucketAclGrants, objectAclGrants } from './gcs-acl.ts';
import { bindingGrants, type PolicySite } from './gcs-bindings.ts';
import { gcsGrantFix, smallestGcsEdits } from './gcs-fix.ts';
import type { GcsContext } from './gcs-grants.ts';
import { gcsGuards } from './gcs-guards.ts';
import { entityMember, type GcsHome, isOpenMember } from './gcs-members.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { effectiveReach, widest } from './reach.ts';

type Unknown = Exposure['unknowns'][number];

const EVERY_CLASS: ActionClass[] = ['list', 'read', 'write', 'delete', 'change-permissions', 'config-read'];
const NOT_ASKED = 'not asked';

/** What the judgement of one bucket collects on its way. */
interface Findings {
  grants: JudgedGrant[];
  unknowns: Unknown[];
  /** Action classes that a missing fact leaves open. */
  open: Set<ActionClass>;
  /** A missing fact could make the bucket public. */
  mayBePublic: boolean;
  because: string[];
}

/**
 * Judges the facts of one bucket in Google's order: public access prevention, uniform access, the bindings of the bucket,
 * of its managed folders and of what stands above, then ACLs (cloud.google.com/storage/docs/access-control).
 */
export function evaluateGcs(evidence: GcsEvidence, home: GcsHome, collectedAt: string): Exposure {
  const exposure = judge(evidence, home, collectedAt);
  const isOpen = (given: GcsEvidence) => Object.values(judge(given, home, collectedAt).effective).includes('public');
  const mended = smallestGcsEdits(evidence, isOpen).flatMap(({ words, command, terraform }) => [
    words,
    command,
    terraform,
  ]);
  return { ...exposure, fix: [...new Set([...mended, ...exposure.fix])] };
}

function judge(evidence: GcsEvidence, owner: GcsHome, collectedAt: string): Exposure {
  const home = withOwnProject(owner, evidence);
  const guards = gcsGuards(evidence);
  const context: GcsContext = { home, guards, bucket: evidence.bucket, now: collectedAt };
  const found: Findings = { grants: [], unknowns: [], open: new Set(), mayBePublic: false, because: [] };
  judgeGuards(evidence, found);
  judgePolicies(evidence, context, found);
  if (aclsCount(evidence)) judgeAcls(evidence, context, found);
  else if (evidence.acl.state === 'known') found.grants.push(...bucketAclGrants(evidence.acl.value ?? [], context));
  for (const { grant, reach } of found.grants) unknownRole(grant, reach, evidence, found);

  const reached = found.grants.map((judged) => ({ ...judged, reach: currentReach(judged) }));
  const effective = effectiveReach(
    reached.map(({ grant, reach }) => ({ actions: actionsOf(grant, reach), reach })),
    found.open,
  );
  const counted = reached.filter(({ reach }) => reach !== 'private');
  if (evidence.endpoint === null && counted.some(({ reach }) => reach === 'public' || reach === 'cross-account')) {
    guardsAbove(found);
  }
  for (const { grant } of found.grants) grant.fix = gcsGrantFix(grant, evidence);
  const because = [...inOrder(reached).flatMap(sentence), ...found.because];
  return {
    verdict: widest([effective.list, effective.read]),
    effective,
    vendorPublic: vendorPublic(found, guards.prevention.state),
    crossAccount: [
      ...new Set(counted.flatMap(({ foreign, grant }) => (grant.principal.trusted ? [] : foreign))),
    ].sort(),
    grants: reached.map(({ grant, reach }) => ({ ...grant, reach })),
    unknowns: found.unknowns,
    open: [...found.open],
    collectedAt,
    because: because.length > 0 ? because : ['Only the own project can reach this bucket.'],
    fix: [
      ...counted.flatMap(({ grant, reach }) => (reach === 'cross-account' ? grant.fix : [])),
      ...permissionFix(found.unknowns),
    ],
  };
}

/** Whatever a role of the own people gives, it reaches no further than them. */
function actionsOf({ actions }: JudgedGrant['grant'], reach: Reach): ActionClass[] {
  return actions.length === 0 && reach === 'organization' ? EVERY_CLASS : actions;
}

function currentReach({ grant, reach }: JudgedGrant): Reach {
  return grant.state === 'effective' ? reach : 'private';
}

/**
 * Buckets give their own project's teams access when they are made; where the project is not known, that names it: the
 * bindings of the bucket its id, its ACL its number.
 */
function withOwnProject(home: GcsHome, { iamPolicy, acl, owner, inherited }: GcsEvidence): GcsHome {
  const project = home.project ?? owner.project;
  const projectNumber = home.projectNumber ?? owner.projectNumber;
  const bindings = iamPolicy.state === 'known' ? (iamPolicy.value?.bindings ?? []) : [];
  const members = bindings
    .filter(({ role }) => role.startsWith('roles/storage.legacyBucket'))
    .flatMap((binding) => binding.members);
  const entities = acl.state === 'known' ? (acl.value ?? []).map(({ entity }) => entityMember(entity)) : [];
  const named = (teams: string) =>
    [...members, ...entities].flatMap((member) => new RegExp(`^project(?:${teams}):(.+)$`).exec(member)?.[1] ?? []);
  const owners = named('Owner');
  const projects = owners.length > 0 ? owners : named('Editor|Viewer');
  const only = (isNumber: boolean): string | null => {
    const [one = null, ...others] = new Set(projects.filter((name) => /^\d+$/.test(name) === isNumber));
    return others.length === 0 ? one : null;
  };
  const levels = inherited.state === 'known' ? (inherited.value ?? []).map(({ resource }) => resource) : [];
  const org = home.org ?? levels.flatMap((level) => /^organizations\/(\d+)$/.exec(level)?.[1] ?? [])[0] ?? null;
  return { ...home, org, project: project ?? only(false), projectNumber: projectNumber ?? only(true) };
}

function judgeGuards({ metadata, orgPolicy, endpoint }: GcsEvidence, found: Findings): void {
  if (metadata.state === 'refused') leaveOpen(metadata, 'settings of the bucket', found);
  const isMute = metadata.state === 'known' && endpoint !== null && metadata.value?.iamConfiguration === undefined;
  if (metadata.state === 'unsupported' || isMute) {
    found.because.push('This store has neither public access prevention nor uniform access.');
  }
  // It can only take away.
  if (orgPolicy.state === 'refused') found.unknowns.push(unknownOf(orgPolicy));
}

function judgePolicies(evidence: GcsEvidence, context: GcsContext, found: Findings): void {
  const { iamPolicy, managedFolders, inherited, roles } = evidence;
  const add = (policy: GcsPolicy | null, site: PolicySite): void => {
    if (policy === null) return;
    const grants = bindingGrants(policy, site, roles, context);
    found.grants.push(...grants);
    const active = new Set(grants.map(({ grant }) => grant.cause.binding));
    for (const [index, { role, members }] of policy.bindings.entries()) {
      if (active.has(index) || !members.some(isOpenMember)) continue;
      found.because.push(
        `Binding ${index} of the ${site.doc} gives everyone ${role}, which holds no permission on this bucket or its objects.`,
      );
    }
  };
  if (needed(iamPolicy, 'bucket IAM policy', found)) {
    add(iamPolicy.value, { doc: 'bucket IAM policy', path: 'iam-binding', prefix: '' });
  }
  const isPrevented = context.guards.prevention.state === 'on';
  if (added(managedFolders, 'managed folders of the bucket', isPrevented, found)) {
    for (const { name, iamPolicy: policy } of managedFolders.value ?? []) {
      const doc = `IAM policy of the managed folder ${name}`;
      if (added(policy, doc, isPrevented, found))
        add(policy.value, { doc, path: 'managed-folder', prefix: name.replaceAll('*', '?') });
    }
  }
  if (added(inherited, 'policies above the bucket', isPrevented, found)) {
    for (const { resource, iamPolicy: policy } of inherited.value ?? []) {
      const doc = `IAM policy of ${resource}`;
      if (added(policy, doc, isPrevented, found)) add(policy.value, { doc, path: 'org-inherited', prefix: '' });
    }
  }
}

function judgeAcls(evidence: GcsEvidence, context: GcsContext, found: Findings): void {
  const { acl, objectAcls, defaultObjectAcl } = evidence;
  if (needed(acl, 'bucket ACL', found)) found.grants.push(...bucketAclGrants(acl.value ?? [], context));
  const isPrevented = context.guards.prevention.state === 'on';
  if (objectAcls.state === 'known' && objectAcls.value !== null) {
    found.grants.push(...objectAclGrants(objectAcls.value.objects, context));
  }
  if (objectAcls.state === 'refused') found.unknowns.push(unknownOf(objectAcls));
  const isSample = objectAcls.state === 'known' && objectAcls.value?.isSample === true;
  if (isSample) {
    const call = 'storage.objectAccessControls.list';
    found.unknowns.push({ call, reason: 'of a sample only', permission: '' });
  }
  if (!isPrevented && (objectAcls.state === 'refused' || isSample)) {
    found.because.push(
      `ACLs are not switched off (no uniform access): single objects can be public by ACLs of their own, of which ${isSample ? 'a sample was' : 'none were'} read.`,
    );
  }
  if (defaultObjectAcl.state === 'refused' && defaultObjectAcl.reason !== NOT_ASKED) {
    found.unknowns.push(unknownOf(defaultObjectAcl));
  }
  const defaults = defaultObjectAcl.state === 'known' ? (defaultObjectAcl.value ?? []) : [];
  if (!isPrevented && defaults.some(({ entity }) => isOpenMember(entity))) {
    found.because.push('New objects will be readable by everyone: the default object ACL says so.');
  }
}

/** What a role gives that nobody could look up is open, for whomever it reaches. */
function unknownRole(grant: JudgedGrant['grant'], reach: Reach, evidence: GcsEvidence, found: Findings): void {
  if (grant.actions.length > 0 || grant.state !== 'effective' || reach === 'private') return;
  const [role = ''] = grant.rawActions;
  const asked = evidence.roles[role];
  const reason = asked?.state === 'refused' ? asked.reason : NOT_ASKED;
  found.unknowns.push({ call: 'iam.roles.get', reason, permission: 'iam.roles.get' });
  if (reach === 'organization') return;
  for (const action of EVERY_CLASS) found.open.add(action);
  if (reach === 'public' || reach === 'unknown') found.mayBePublic ||= grant.principal.class !== 'unknown';
}

/** Google's own word: whether anything is given to everyone and not prevented; networks and payers do not count. */
function vendorPublic(found: Findings, prevention: string): boolean | 'unknown' {
  const isGiven = found.grants.some(
    ({ grant, reach }) =>
      grant.state === 'effective' &&
      grant.actions.length > 0 &&
      reach !== 'unknown' &&
      ['internet', 'any-authenticated', 'network'].includes(grant.principal.class),
  );
  if (isGiven) return true;
  if (found.mayBePublic) return 'unknown';
  return prevention === 'unknown' ? 'unknown' : false;
}

/** VPC service controls and deny policies can only take away; they are not read, and never assumed. */
function guardsAbove(found: Findings): void {
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

type Known<T> = Extract<Fact<T>, { state: 'known' }>;

/** A fact without which nobody can say who reaches the bucket. */
function needed<T>(fact: Fact<T>, name: string, found: Findings): fact is Known<T> {
  if (fact.state === 'refused') leaveOpen(fact, name, found);
  if (fact.state === 'unsupported')
    found.because.push(`This store has no ${name} (${fact.call} is not available there).`);
  return fact.state === 'known';
}

/** A fact that could only add to what the bucket's own policy gives: what nobody asked for is told and assumed to be none. */
function added<T>(fact: Fact<T>, name: string, isPrevented: boolean, found: Findings): fact is Known<T> {
  if (fact.state === 'refused') {
    if (fact.reason === NOT_ASKED) found.unknowns.push(unknownOf(fact));
    else leaveOpen(fact, name, found, !isPrevented);
  }
  return fact.state === 'known';
}

function leaveOpen(fact: Unknown, name: string, found: Findings, mayBePublic = true): void {
  found.unknowns.push(unknownOf(fact));
  for (const action of EVERY_CLASS) found.open.add(action);
  found.mayBePublic ||= mayBePublic;
  found.because.push(
    `The ${name} ${name.endsWith('s') ? 'are' : 'is'} not known: ${fact.call} answered ${fact.reason}.`,
  );
}

function unknownOf({ call, reason, permission }: Unknown): Unknown {
  return { call, reason, permission };
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
  const refused = unknowns.filter(({ reason, permission }) => reason !== NOT_ASKED && permission !== '');
  const permissions = [...new Set(refused.map(({ permission }) => permission))];
  return permissions.length === 0
    ? []
    : [`Let the scanning identity read what is not known: grant it ${permissions.join(', ')}.`];
}
