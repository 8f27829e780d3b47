import type { ActionClass, Exposure, Reach } from '../model/exposure.ts';

/** Widest first. Foreign access that is proven says more than "unknown"; what stays inside says less. */
const ORDER: Reach[] = ['public', 'cross-account', 'unknown', 'organization', 'private'];

export function widest(reaches: readonly Reach[]): Reach {
  return ORDER.find((reach) => reaches.includes(reach)) ?? 'private';
}

export function compareReach(left: Reach, right: Reach): number {
  return ORDER.indexOf(left) - ORDER.indexOf(right);
}

type Effective = Exposure['effective'];
const FIELDS: [keyof Effective, ActionClass][] = [
  ['list', 'list'],
  ['read', 'read'],
  ['write', 'write'],
  ['delete', 'delete'],
  ['changePermissions', 'change-permissions'],
];

/** The widest reach of each class of actions; `open` are classes about which a fact is missing. */
export function effectiveReach(
  grants: readonly { actions: readonly ActionClass[]; reach: Reach }[],
  open: ReadonlySet<ActionClass>,
): Effective {
  const effective: Effective = {
    list: 'private',
    read: 'private',
    write: 'private',
    delete: 'private',
    changePermissions: 'private',
  };
  for (const [field, action] of FIELDS) {
    const reaches = grants.filter((grant) => grant.actions.includes(action)).map((grant) => grant.reach);
    effective[field] = widest(open.has(action) ? [...reaches, 'unknown'] : reaches);
  }
  return effective;
}
