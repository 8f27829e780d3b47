import type { ActionClass, GcsBinding, GcsEvidence, GcsPolicy, Grant, GrantPath } from '../model/exposure.ts';
import { conditionReach } from './gcs-conditions.ts';
import { type GcsContext, type Given, grantsOf } from './gcs-grants.ts';
import { OBJECT_ACL_PERMISSION, PERMISSIONS, permissionsOfRole } from './gcs-roles.ts';
import type { JudgedGrant } from './policy-grants.ts';

/** Where a policy hangs: on the bucket, on a managed folder of it, or on what stands above. */
export interface PolicySite {
  doc: string;
  path: Extract<GrantPath, 'iam-binding' | 'managed-folder' | 'org-inherited'>;
  /** Of the managed folder; '' elsewhere. */
  prefix: string;
}

const ORDER: ActionClass[] = ['list', 'read', 'write', 'delete', 'change-permissions', 'config-read'];

/** What the bindings of one policy give on the bucket. A role that nobody can tell the permissions of gives no actions. */
export function bindingGrants(
  policy: GcsPolicy,
  site: PolicySite,
  roles: GcsEvidence['roles'],
  context: GcsContext,
): JudgedGrant[] {
  return policy.bindings.flatMap((binding, index) => ofBinding(binding, index, site, roles, context));
}

function ofBinding(
  binding: GcsBinding,
  index: number,
  site: PolicySite,
  roles: GcsEvidence['roles'],
  context: GcsContext,
): JudgedGrant[] {
  const { role, members, condition } = binding;
  const expression = condition?.expression ?? '';
  const where = expression === '' ? null : conditionReach(expression, context.bucket, context.now);
  const isNever = where !== null && !where.bucket && where.keys.length === 0;
  const base: Omit<Given, 'actions' | 'rawActions' | 'scope'> = {
    members,
    conditions: where === null || condition === undefined ? [] : [grantCondition(condition, where.isTimed)],
    path: site.path,
    cause: { doc: `${site.doc}, ${role}`, binding: index },
    voidBy: isNever ? ['condition that is not met'] : [],
    notes: where?.isDecided === false ? ['the condition was not decided, so that it counts as met'] : [],
  };
  const permissions = rolePermissions(role, roles);
  const inside = (keys: readonly string[]): string[] => keys.flatMap((key) => withinFolder(key, site.prefix) ?? []);
  if (permissions === null) {
    return grantsOf({ ...base, actions: [], rawActions: [role], scope: inside(['*']) }, context);
  }
  const useful = permissions.filter((name) => counts(name, site, context));
  const onObjects = useful.filter((name) => PERMISSIONS[name]?.on === 'object');
  const others = useful.filter((name) => PERMISSIONS[name]?.on !== 'object');
  const keys = inside(where === null || isNever ? ['*'] : where.keys);
  const isWhole = keys.includes('*') || (site.prefix !== '' && keys.includes(`${site.prefix}*`));
  const parts: [string[], string[]][] =
    isWhole && (where === null || isNever || where.bucket)
      ? [[useful, keys]]
      : [
          [where === null || where.bucket ? others : [], inside(['*'])],
          [keys.length > 0 ? onObjects : [], keys],
        ];
  return parts.flatMap(([names, scope]) =>
    names.length === 0 ? [] : grantsOf({ ...base, actions: classesOf(names), rawActions: names, scope }, context),
  );
}

/** Null: nobody can tell. */
function rolePermissions(role: string, roles: GcsEvidence['roles']): readonly string[] | null {
  const asked = roles[role];
  return asked?.state === 'known' ? (asked.value ?? []) : permissionsOfRole(role);
}

/** A permission means something only where its resource is. */
function counts(name: string, { path }: PolicySite, { guards }: GcsContext): boolean {
  const meaning = PERMISSIONS[name];
  if (meaning === undefined) return false;
  // Under uniform access objects have no ACL that could be set.
  if (name === OBJECT_ACL_PERMISSION && guards.uniform.state === 'on') return false;
  if (path === 'managed-folder') return meaning.on === 'object' || /^storage\.(objects|managedFolders)\./.test(name);
  return meaning.on !== 'above' || path === 'org-inherited';
}

function classesOf(names: readonly string[]): ActionClass[] {
  return ORDER.filter((action) => names.some((name) => PERMISSIONS[name]?.class === action));
}

/** The part of a pattern that lies in a managed folder; null: none. */
function withinFolder(pattern: string, folder: string): string | null {
  if (folder === '') return pattern;
  const start = pattern.replace(/\*$/, '');
  if (folder.startsWith(start) && pattern.endsWith('*')) return `${folder}*`;
  return start.startsWith(folder) ? pattern : null;
}

function grantCondition({ expression }: { expression: string }, isTimed: boolean): Grant['conditions'][number] {
  return { key: 'condition', operator: 'is', values: [expression], kind: isTimed ? 'time' : 'other' };
}
