import type { Fact, GcsAclEntry, GcsBinding, GcsBucket, GcsEvidence, GcsPolicy } from '../model/exposure.ts';

type Document = Record<string, unknown>;

const CALLS: Readonly<Record<string, [call: string, permission: string]>> = {
  bucket: ['storage.buckets.get', 'storage.buckets.get'],
  iamPolicy: ['storage.buckets.getIamPolicy', 'storage.buckets.getIamPolicy'],
  acl: ['storage.bucketAccessControls.list', 'storage.buckets.getIamPolicy'],
  defaultObjectAcl: ['storage.defaultObjectAccessControls.list', 'storage.buckets.getIamPolicy'],
  objectAcls: ['storage.objectAccessControls.list', 'storage.objects.getIamPolicy'],
  managedFolders: ['storage.managedFolders.list', 'storage.managedFolders.list'],
  orgPolicy: ['orgpolicy.policies.getEffectivePolicy', 'orgpolicy.policy.get'],
  inherited: ['resourcemanager.projects.getIamPolicy', 'resourcemanager.projects.getIamPolicy'],
};
const CONSTRAINT = 'storage.publicAccessPrevention';

/**
 * `facts` of recorded evidence: `bucket`, `iamPolicy`, `acl`, `defaultObjectAcl`, `objectAcls`, `managedFolders`,
 * `orgPolicy`, `inherited` and `roles`, each as Google's API or its command line writes it. Answers what is wrong with
 * them as text.
 */
export function readGcsFacts(document: Document, owner: Document, facts: Document): GcsEvidence | string {
  const given = isRecord(facts.bucket) ? facts.bucket : {};
  const read = {
    metadata: fact(facts.bucket, 'bucket', bucketOf),
    iamPolicy: fact(facts.iamPolicy, 'iamPolicy', policyOf),
    acl: fact(facts.acl ?? (facts.acl === undefined ? given.acl : facts.acl), 'acl', listOf(entryOf)),
    defaultObjectAcl: fact(facts.defaultObjectAcl ?? given.defaultObjectAcl, 'defaultObjectAcl', listOf(entryOf)),
    objectAcls: fact(facts.objectAcls, 'objectAcls', objectAclsOf),
    managedFolders: fact(facts.managedFolders, 'managedFolders', listOf(folderOf)),
    // Exports put the constraints of the organisation beside the settings of the bucket.
    orgPolicy: fact(facts.orgPolicy ?? given.orgPolicy ?? given.org_policy, 'orgPolicy', constraintOf),
    inherited: fact(facts.inherited, 'inherited', listOf(levelOf)),
  };
  for (const [name, found] of Object.entries(read)) {
    if (found === null) return `facts.${name === 'metadata' ? 'bucket' : name} cannot be read`;
  }
  const account = text(owner.account);
  const isNumber = account !== null && /^\d+$/.test(account);
  const number = text(owner.projectNumber) ?? text(given.projectNumber);
  return {
    provider: 'gcs',
    bucket: text(document.bucket) ?? text(given.name),
    owner: { project: isNumber ? null : account, projectNumber: isNumber ? account : number },
    ...(read as { [Name in keyof typeof read]: NonNullable<(typeof read)[Name]> }),
    roles: rolesOf(facts.roles),
    endpoint: text(document.endpoint),
  };
}

/** A bare policy of a bucket, judged alone: as if there were no ACLs and no public access prevention. */
export function barePolicy(document: Document): GcsEvidence | string {
  const bucket = { iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } };
  return readGcsFacts({}, {}, { bucket, iamPolicy: document, acl: null });
}

/** Null when the value is there and cannot be read. */
function fact<T>(given: unknown, name: string, read: (value: unknown) => T | null): Fact<T> | null {
  const [call, permission] = CALLS[name] ?? ['', ''];
  if (given === undefined) return { state: 'refused', call, reason: 'not asked', permission };
  if (given === null) return { state: 'known', value: null };
  if (isRecord(given) && typeof given.unavailable === 'string') {
    if (given.unavailable === 'NotImplemented') return { state: 'unsupported', call };
    const names = { call: text(given.call) ?? call, permission: text(given.permission) ?? permission };
    return { state: 'refused', reason: given.unavailable, ...names };
  }
  const value = read(given);
  return value === null ? null : { state: 'known', value };
}

function bucketOf(given: unknown): GcsBucket | null {
  if (!isRecord(given)) return null;
  const access = isRecord(given.iamConfiguration) ? given.iamConfiguration : {};
  // Its name before 2019.
  const uniform = access.uniformBucketLevelAccess ?? access.bucketPolicyOnly;
  const prevention = text(access.publicAccessPrevention);
  return {
    iamConfiguration: {
      ...(prevention === null ? {} : { publicAccessPrevention: prevention }),
      uniformBucketLevelAccess: { enabled: isRecord(uniform) ? uniform.enabled === true : uniform === true },
    },
    ...(isRecord(given.billing) && { billing: { requesterPays: given.billing.requesterPays === true } }),
    ...(isRecord(given.ipFilter) && { ipFilter: given.ipFilter as NonNullable<GcsBucket['ipFilter']> }),
  };
}

function policyOf(given: unknown): GcsPolicy | null {
  if (!isRecord(given)) return null;
  const bindings = listOf(bindingOf)(given.bindings ?? []);
  return bindings === null ? null : { bindings };
}

function bindingOf(given: unknown): GcsBinding | null {
  if (!isRecord(given)) return null;
  const role = text(given.role);
  const members = given.members ?? [];
  if (role === null || !Array.isArray(members)) return null;
  // A condition that cannot be read counts as met.
  const condition =
    given.condition == null ? null : isRecord(given.condition) ? (text(given.condition.expression) ?? '?') : '?';
  const title = isRecord(given.condition) ? text(given.condition.title) : null;
  return {
    role,
    members: members.filter((member) => typeof member === 'string'),
    ...(condition === null ? {} : { condition: { ...(title === null ? {} : { title }), expression: condition } }),
  };
}

function entryOf(given: unknown): GcsAclEntry | null {
  if (!isRecord(given)) return null;
  const [entity, role] = [text(given.entity), text(given.role)];
  return entity === null || role === null ? null : { entity, role };
}

/** The objects as a listing with all properties has them, or with `isSample` beside them. */
function objectAclsOf(given: unknown): { objects: { name: string; acl: GcsAclEntry[] }[]; isSample: boolean } | null {
  const objects = listOf((one) => {
    if (!isRecord(one)) return null;
    const [name, acl] = [text(one.name), listOf(entryOf)(one.acl ?? [])];
    return name === null || acl === null ? null : { name, acl };
  })(isRecord(given) && Array.isArray(given.objects) ? given.objects : given);
  return objects === null ? null : { objects, isSample: isRecord(given) && given.isSample === true };
}

function folderOf(given: unknown): { name: string; iamPolicy: Fact<GcsPolicy> } | null {
  if (!isRecord(given)) return null;
  const [name, iamPolicy] = [text(given.name), policyFact(given.iamPolicy, 'managedFolders')];
  return name === null || iamPolicy === null ? null : { name, iamPolicy };
}

function levelOf(given: unknown): { resource: string; iamPolicy: Fact<GcsPolicy> } | null {
  if (!isRecord(given)) return null;
  const [resource, iamPolicy] = [text(given.resource), policyFact(given.iamPolicy, 'inherited')];
  return resource === null || iamPolicy === null ? null : { resource, iamPolicy };
}

function policyFact(given: unknown, name: string): Fact<GcsPolicy> | null {
  return fact(given, name, policyOf);
}

/** A policy as the API answers it, `{"storage.publicAccessPrevention": true}`, or the word itself. */
function constraintOf(given: unknown): { publicAccessPrevention: boolean } | null {
  if (typeof given === 'boolean') return { publicAccessPrevention: given };
  if (!isRecord(given)) return null;
  for (const name of [CONSTRAINT, `constraints/${CONSTRAINT}`, 'publicAccessPrevention']) {
    const value = given[name];
    if (value !== undefined)
      return { publicAccessPrevention: value === true || value === 'enforced' || isEnforced(value) };
  }
  return { publicAccessPrevention: isEnforced(given) };
}

function isEnforced(given: unknown): boolean {
  if (!isRecord(given)) return false;
  const { spec, booleanPolicy, enforced, enforce } = given;
  const rules = isRecord(spec) && Array.isArray(spec.rules) ? spec.rules : [];
  return (
    rules.some((rule) => isRecord(rule) && rule.enforce === true) ||
    (isRecord(booleanPolicy) && booleanPolicy.enforced === true) ||
    enforced === true ||
    enforce === true
  );
}

/** Permissions of custom roles: `{"projects/p/roles/r": ["storage.objects.get"]}`, or as the API answers each. */
function rolesOf(given: unknown): GcsEvidence['roles'] {
  if (!isRecord(given)) return {};
  return Object.fromEntries(
    Object.entries(given).map(([role, value]) => {
      const list = isRecord(value) ? value.includedPermissions : value;
      const permissions = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : null;
      const call = 'iam.roles.get';
      const reason = isRecord(value) ? (text(value.unavailable) ?? 'unreadable') : 'unreadable';
      const known: Fact<string[]> =
        permissions === null
          ? { state: 'refused', call, reason, permission: call }
          : { state: 'known', value: permissions };
      return [role, known];
    }),
  );
}

/** Null unless every item can be read. A list may stand in `items`, as the API answers it. */
function listOf<T>(read: (given: unknown) => T | null): (given: unknown) => T[] | null {
  return (given) => {
    const items = isRecord(given) ? given.items : given;
    if (!Array.isArray(items)) return null;
    const all = items.map(read);
    return all.every((one) => one !== null) ? (all as T[]) : null;
  };
}

function text(given: unknown): string | null {
  return typeof given === 'string' && given !== '' ? given : null;
}

function isRecord(given: unknown): given is Document {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
