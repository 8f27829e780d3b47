import type { ActionClass, Grant, PrincipalClass } from '../model/exposure.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { compareReach } from './reach.ts';

const VERBS: Record<ActionClass, string> = {
  list: 'list the keys',
  read: 'read objects',
  write: 'write objects or settings',
  delete: 'delete objects',
  'change-permissions': 'change who has access',
  'config-read': 'read the configuration',
};
const MAX_NAMED = 3;

/** Widest reach first, and what is in effect before what is blocked. */
export function inOrder(judged: readonly JudgedGrant[]): JudgedGrant[] {
  const rank = (state: Grant['state']) => (state === 'effective' ? 0 : 1);
  return [...judged].sort((a, b) => rank(a.grant.state) - rank(b.grant.state) || compareReach(a.reach, b.reach));
}

/** Names of the accounts and organisations that reach it, without those that are trusted. */
export function strangersOf(judged: readonly JudgedGrant[]): string[] {
  return [...new Set(judged.flatMap(({ foreign, grant }) => (grant.principal.trusted ? [] : foreign)))].sort();
}

/**
 * One sentence a grant: who can do what on which keys, and which statement or ACL entry says so. Nothing for the owner's
 * own account.
 */
export function grantSentence({ grant, reach, notes }: JudgedGrant): string[] {
  const { class: principal, ids } = grant.principal;
  if (principal === 'same-account' || (reach === 'private' && grant.state === 'effective')) return [];
  const subject = subjectWords(principal, ids);
  const deeds =
    grant.actions.length > 0
      ? joined(grant.actions.map((action) => VERBS[action]))
      : `use ${named(grant.rawActions)}, which is no known action of S3,`;
  const lead = grant.state === 'effective' ? `${subject} can ${deeds}` : `${subject} could ${deeds}`;
  const tail = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  return [`${lead}${keysWords(grant)}${conditionWords(grant)}: ${causeWords(grant)}${tail}.${blockedWords(grant)}`];
}

/** `statement 0 "PublicRead" of the bucket policy`, `grant 1 of the bucket ACL, READ`. */
export function causeWords({ cause }: Pick<Grant, 'cause'>): string {
  if (cause.binding !== undefined) return `binding ${cause.binding} of the ${cause.doc}`;
  if (cause.grantIndex !== undefined) return `grant ${cause.grantIndex} of the ${cause.doc}`;
  const name = cause.sid === undefined ? '' : ` "${cause.sid}"`;
  return `statement ${cause.statementIndex}${name} of the ${cause.doc}`;
}

function subjectWords(principal: PrincipalClass, ids: readonly string[]): string {
  const names = named(ids);
  switch (principal) {
    case 'internet':
      return 'Anyone on the internet';
    case 'any-authenticated':
      return 'Anyone with any identity of the vendor';
    case 'foreign-account':
      return `Foreign account ${names}`;
    case 'foreign-org':
      return `Every account of the foreign organisation ${names}`;
    case 'same-org':
      return `Trusted ${names}`;
    case 'service':
      return `The service ${names}`;
    case 'network':
      return `Everyone in network ${names}`;
    case 'dangling':
      return `The deleted principal ${names}`;
    default:
      return `The principal ${names}`;
  }
}

function keysWords({ scope, actions }: Grant): string {
  const isWhole = scope.prefixes.includes('*');
  const where = isWhole ? '' : ` under ${named(scope.prefixes)}`;
  const but = scope.except.length > 0 ? ` except ${named(scope.except)}` : '';
  return actions.length > 0 ? `${where}${but}` : '';
}

function conditionWords({ conditions }: Grant): string {
  if (conditions.length === 0) return '';
  return ` when ${conditions.map(({ operator, key, values }) => `${key} ${operator} ${named(values)}`).join(' and ')}`;
}

function blockedWords({ state, blockedBy = [] }: Grant): string {
  if (state === 'effective') return '';
  const by = blockedBy.length > 0 ? blockedBy.join(' and ') : 'an unmet condition';
  return state === 'dormant' ? ` Only ${by} stops it.` : ` Stopped by ${by}.`;
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : joined(shown);
}

function joined(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '');
}
