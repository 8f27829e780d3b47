import type { Grant, GrantPath } from '../model/exposure.ts';
import { type GcsGuards, narrowed } from './gcs-guards.ts';
import { type GcsHome, type GcsWho, isOpenMember, memberWho } from './gcs-members.ts';
import type { JudgedGrant } from './policy-grants.ts';

export interface GcsContext {
  home: GcsHome;
  guards: GcsGuards;
  /** Null: every bucket that a condition names is this one. */
  bucket: string | null;
  /** RFC 3339. */
  now: string;
}

/** What is given to some members, before anyone asks who they are. */
export interface Given {
  members: readonly string[];
  actions: Grant['actions'];
  rawActions: string[];
  scope: string[];
  conditions: Grant['conditions'];
  path: GrantPath;
  cause: Grant['cause'];
  /** Why nobody gets it. */
  voidBy: string[];
  notes: string[];
}

/** A grant for each class of members. */
export function grantsOf(given: Given, context: GcsContext): JudgedGrant[] {
  const groups = new Map<string, { whos: GcsWho[]; isOpen: boolean }>();
  for (const member of given.members) {
    const isOpen = isOpenMember(member);
    const plain = memberWho(member, context.home);
    const { trusted } = context.home;
    const who = isOpen ? narrowed(plain, context.guards.bucket, [...trusted.ips, ...trusted.vpcs]) : plain;
    const id = `${who.class} ${who.reach} ${who.trusted} ${isOpen}`;
    const group = groups.get(id) ?? { whos: [], isOpen };
    group.whos.push(who);
    groups.set(id, group);
  }
  return [...groups.values()].map(({ whos, isOpen }) => grantOf(given, whos, isOpen, context));
}

function grantOf(given: Given, whos: readonly GcsWho[], isOpen: boolean, { guards }: GcsContext): JudgedGrant {
  const [first] = whos as [GcsWho];
  const isGone = first.class === 'dangling';
  const prevented = isOpen ? guards.prevention : { state: 'off' as const, by: [] };
  const voidBy = first.class === 'same-account' && given.path.endsWith('acl') ? [] : given.voidBy;
  const switches = [...voidBy, ...prevented.by];
  const isNever = voidBy.some((reason) => reason.startsWith('condition'));
  const isUndecided = isOpen && switches.length === 0 && prevented.state === 'unknown';
  const notes = [...whos.map(({ note }) => note), ...given.notes];
  if (isUndecided) notes.push('unless public access prevention is on, which is not known');
  const state: Grant['state'] = isGone || isNever ? 'blocked' : switches.length > 0 ? 'dormant' : 'effective';
  return {
    reach: isUndecided ? 'unknown' : first.reach,
    foreign: [...new Set(whos.map(({ foreign }) => foreign).filter((name) => name !== ''))],
    notes: [...new Set(notes.filter((note) => note !== ''))],
    grant: {
      principal: { class: first.class, ids: [...new Set(whos.map(({ id }) => id))], trusted: first.trusted },
      actions: given.actions,
      rawActions: given.rawActions,
      scope: { prefixes: given.scope, except: [] },
      conditions: given.conditions,
      path: given.path,
      cause: given.cause,
      state,
      ...(state === 'effective' ? {} : { blockedBy: isGone ? ['deleted principal'] : switches }),
      fix: [],
    },
  };
}
