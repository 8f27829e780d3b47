import type { ActionClass, Exposure, Fact, GcsEvidence, GcsPolicy, Reach } from '../model/exposure.ts';
import { aclsCount, bucketAclGrants, objectAclGrants } from './gcs-acl.ts';
import { bindingGrants, type PolicySite } from './gcs-bindings.ts';
import type { GcsContext } from './gcs-grants.ts';
import { gcsGuards } from './gcs-guards.ts';
import { entityMember, type GcsHome, isOpenMember } from './gcs-members.ts';
import type { JudgedGrant } from './policy-grants.ts';

export type Unknown = Exposure['unknowns'][number];

export const EVERY_CLASS: readonly ActionClass[] = [
  'list',
  'read',
  'write',
  'delete',
  'change-permissions',
  'config-read',
];
export const NOT_ASKED = 'not asked';

/** What the judgement of one bucket collects on its way. */
export interface GcsFindings {
  grants: JudgedGrant[];
  unknowns: Unknown[];
  /** Action classes that a missing fact leaves open. */
  open: Set<ActionClass>;
  /** A missing fact could make the bucket public. */
  mayBePublic: boolean;
  because: string[];
}

/** Everything that the facts give to anybody, and what is missing to know it. */
export function gcsFindings(evidence: GcsEvidence, owner: GcsHome, collectedAt: string): GcsFindings {
  const home = withOwnProject(owner, evidence);
  const guards = gcsGuards(evidence);
  const context: GcsContext = { home, guards, bucket: evidence.bucket, now: collectedAt };
  const found: GcsFindings = { grants: [], unknowns: [], open: new Set(), mayBePublic: false, because: [] };
  judgeGuards(evidence, found);
  judgePolicies(evidence, context, found);
  if (aclsCount(evidence)) judgeAcls(evidence, context, found);
  else if (evidence.acl.state === 'known') found.grants.push(...bucketAclGrants(evidence.acl.value ?? [], context));
  for (const { grant, reach } of found.grants) unknownRole(grant, reach, evidence, found);
  return found;
}

const TEAM = /^project(Owner|Editor|Viewer):(.+)$/;

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
  const teams = [...members, ...entities].flatMap((member) => {
    const [, team, name] = TEAM.exec(member) ?? [];
    return name === undefined ? [] : { team, name };
  });
  const owners = teams.filter(({ team }) => team === 'Owner');
  const projects = (owners.length > 0 ? owners : teams).map(({ name }) => name);
  const only = (isNumber: boolean): string | null => {
    const [one = null, ...others] = new Set(projects.filter((name) => /^\d+$/.test(name) === isNumber));
    return others.length === 0 ? one : null;
  };
  const levels = inherited.state === 'known' ? (inherited.value ?? []).map(({ resource }) => resource) : [];
  const org = home.org ?? levels.flatMap((level) => /^organizations\/(\d+)$/.exec(level)?.[1] ?? [])[0] ?? null;
  return { ...home, org, project: project ?? only(false), projectNumber: projectNumber ?? only(true) };
}

function judgeGuards({ metadata, orgPolicy, endpoint }: GcsEvidence, found: GcsFindings): void {
  if (metadata.state === 'refused') leaveOpen(metadata, 'settings of the bucket', found);
  const isMute = metadata.state === 'known' && endpoint !== null && metadata.value?.iamConfiguration === undefined;
  if (metadata.state === 'unsupported' || isMute) {
    found.because.push('This store has neither public access prevention nor uniform access.');
  }
  // It can only take away.
  if (orgPolicy.state === 'refused') found.unknowns.push(unknownOf(orgPolicy));
}

function judgePolicies(evidence: GcsEvidence, context: GcsContext, found: GcsFindings): void {
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

function judgeAcls(evidence: GcsEvidence, context: GcsContext, found: GcsFindings): void {
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
function unknownRole(grant: JudgedGrant['grant'], reach: Reach, evidence: GcsEvidence, found: GcsFindings): void {
  if (grant.actions.length > 0 || grant.state !== 'effective' || reach === 'private') return;
  const [role = ''] = grant.rawActions;
  const asked = evidence.roles[role];
  const reason = asked?.state === 'refused' ? asked.reason : NOT_ASKED;
  found.unknowns.push({ call: 'iam.roles.get', reason, permission: 'iam.roles.get' });
  if (reach === 'organization') return;
  for (const action of EVERY_CLASS) found.open.add(action);
  if (reach === 'public' || reach === 'unknown') found.mayBePublic ||= grant.principal.class !== 'unknown';
}

type Known<T> = Extract<Fact<T>, { state: 'known' }>;

/** A fact without which nobody can say who reaches the bucket. */
function needed<T>(fact: Fact<T>, name: string, found: GcsFindings): fact is Known<T> {
  if (fact.state === 'refused') leaveOpen(fact, name, found);
  if (fact.state === 'unsupported')
    found.because.push(`This store has no ${name} (${fact.call} is not available there).`);
  return fact.state === 'known';
}

/** A fact that could only add to what the bucket's own policy gives: what nobody asked for is told and assumed to be none. */
function added<T>(fact: Fact<T>, name: string, isPrevented: boolean, found: GcsFindings): fact is Known<T> {
  if (fact.state === 'refused') {
    if (fact.reason === NOT_ASKED) found.unknowns.push(unknownOf(fact));
    else leaveOpen(fact, name, found, !isPrevented);
  }
  return fact.state === 'known';
}

function leaveOpen(fact: Unknown, name: string, found: GcsFindings, mayBePublic = true): void {
  found.unknowns.push(unknownOf(fact));
  for (const action of EVERY_CLASS) found.open.add(action);
  found.mayBePublic ||= mayBePublic;
  found.because.push(`The ${name} could not be read (${fact.call}: ${fact.reason}).`);
}

function unknownOf({ call, reason, permission }: Unknown): Unknown {
  return { call, reason, permission };
}
