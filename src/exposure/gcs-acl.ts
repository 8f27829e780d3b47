import type { ActionClass, GcsAclEntry, GcsEvidence, GrantPath } from '../model/exposure.ts';
import { type GcsContext, grantsOf } from './gcs-grants.ts';
import { entityMember } from './gcs-members.ts';
import type { JudgedGrant } from './policy-grants.ts';

/** What a role of an ACL allows. A writer of a bucket creates, overwrites and deletes. */
const ON_BUCKET: Readonly<Record<string, ActionClass[]>> = {
  READER: ['list'],
  WRITER: ['list', 'write', 'delete'],
  OWNER: ['list', 'write', 'delete', 'change-permissions', 'config-read'],
};
const ON_OBJECT: Readonly<Record<string, ActionClass[]>> = {
  READER: ['read'],
  OWNER: ['read', 'write', 'change-permissions', 'config-read'],
};

export function bucketAclGrants(acl: readonly GcsAclEntry[], context: GcsContext): JudgedGrant[] {
  return acl.flatMap((entry, index) =>
    entryGrants(entry, ON_BUCKET, { doc: 'bucket ACL', path: 'bucket-acl', index, scope: '*', notes: [] }, context),
  );
}

/** Objects with the same entry are one grant, on the folder that holds them all: a thousand keys tell nobody more. */
export function objectAclGrants(
  objects: readonly { name: string; acl: readonly GcsAclEntry[] }[],
  context: GcsContext,
): JudgedGrant[] {
  const groups = new Map<string, { entry: GcsAclEntry; names: string[]; index: number }>();
  for (const { name, acl } of objects) {
    for (const [index, entry] of acl.entries()) {
      const id = `${entry.role} ${entry.entity}`;
      const group = groups.get(id) ?? { entry, names: [], index };
      group.names.push(name);
      groups.set(id, group);
    }
  }
  return [...groups.values()].flatMap(({ entry, names, index }) => {
    const notes = [`${names.length} of ${objects.length} objects that were looked at`];
    const scope = `${commonFolder(names).replaceAll('*', '?')}*`;
    return entryGrants(entry, ON_OBJECT, { doc: 'object ACL', path: 'object-acl', index, scope, notes }, context);
  });
}

interface Place {
  doc: string;
  path: GrantPath;
  index: number;
  scope: string;
  notes: string[];
}

function entryGrants(
  { entity, role }: GcsAclEntry,
  meanings: Readonly<Record<string, ActionClass[]>>,
  { doc, path, index, scope, notes }: Place,
  context: GcsContext,
): JudgedGrant[] {
  const given = {
    members: [entityMember(entity)],
    actions: meanings[role.toUpperCase()] ?? [],
    rawActions: [role],
    scope: [scope],
    conditions: [],
    path,
    cause: { doc: `${doc}, ${role}`, grantIndex: index },
    voidBy: context.guards.uniform.by,
    notes,
  };
  return grantsOf(given, context);
}

function commonFolder(names: readonly string[]): string {
  let shared = names[0] ?? '';
  for (const name of names) while (!name.startsWith(shared)) shared = shared.slice(0, -1);
  return shared.slice(0, shared.lastIndexOf('/') + 1);
}

/** What grants in ACLs need to be known: none of it while uniform access voids them. */
export function aclsCount(evidence: GcsEvidence): boolean {
  const { metadata } = evidence;
  if (metadata.state !== 'known') return true;
  return metadata.value?.iamConfiguration?.uniformBucketLevelAccess?.enabled !== true;
}
