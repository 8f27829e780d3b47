import { type ConditionContext, denySpares, isTransportRule } from './conditions.ts';
import { globCovers, globsOverlap } from './glob.ts';
import type { Statement } from './policy.ts';
import { principalSubjects } from './principals.ts';
import { compareReach } from './reach.ts';
import { type Reachable, type ResourceContext, reachable } from './resources.ts';
import { namesAction, type S3Action } from './s3-actions.ts';
import { distinct, meet, type Subject, weightOf } from './subject.ts';
import { type Home, whoIs } from './who.ts';

/** A Deny, read once for all the grants it may cut. */
export interface Denial {
  statement: Statement;
  where: Reachable;
  /** Null: everyone (but `spares`); else only these. */
  named: Subject[] | null;
  /** Whom it leaves alone; null: cannot be told, so nothing is subtracted. */
  spares: Subject[] | null;
  isTransportRule: boolean;
  home: Home;
}

/** Actions on one key glob (null: on the bucket itself), and who has them so far. */
export interface Unit {
  actions: readonly S3Action[];
  key: string | null;
  except: string[];
  subjects: Subject[];
  /** Indexes of Deny statements that took something away. */
  cutBy: number[];
  /** Indexes of Deny statements that might, and were not understood. */
  notCutBy: number[];
}

export function readDenial(
  statement: Statement,
  context: ConditionContext & ResourceContext & { home: Home },
  isVendorAws: boolean,
): Denial {
  const listed = statement.principals ? principalSubjects(statement.principals, isVendorAws) : [];
  const isNot = statement.principals?.isNot ?? false;
  const isEveryone = isNot || listed.some((subject) => subject.kind === 'open');
  const spares = denySpares(statement.conditions, context);
  return {
    statement,
    where: reachable(statement, context),
    named: isEveryone ? null : listed,
    spares: spares === null ? null : isNot ? [...spares, ...listed] : spares,
    isTransportRule: isTransportRule(statement.conditions),
    home: context.home,
  };
}

/**
 * The order in which denials are taken, whatever the order of the statements: those that name identities come first,
 * since two of them can leave nobody, and networks last.
 */
export function inDenialOrder(denials: readonly Denial[]): Denial[] {
  if (denials.length < 2) return [...denials];
  const rank = ({ spares }: Denial) => Math.max(0, ...(spares ?? []).map(weightOf));
  const keyed = denials.map((denial) => ({ denial, rank: rank(denial), text: JSON.stringify(denial.spares) }));
  return keyed
    .sort((a, b) => b.rank - a.rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ denial }) => denial);
}

/** What is left of a unit after one Deny. A Deny over a part of the actions or of the keys can leave several units. */
export function cut(unit: Unit, denial: Denial): Unit[] {
  const part = coverage(unit, denial.where);
  if (part === 'none' || denial.isTransportRule) return [unit];
  const { patterns, isNot } = denial.statement.actions;
  const hit = unit.actions.filter((action) => namesAction(patterns, isNot, action));
  if (hit.length === 0) return [unit];
  if (hit.length === unit.actions.length) return cutAll(unit, denial, part);
  const spared = unit.actions.filter((action) => !hit.includes(action));
  return [{ ...unit, actions: spared }, ...cutAll({ ...unit, actions: hit }, denial, part)];
}

function cutAll(unit: Unit, denial: Denial, part: 'all' | 'all-but' | 'part'): Unit[] {
  const index = denial.statement.index;
  const left = denial.spares === null ? unit.subjects : remaining(unit.subjects, denial, denial.spares);
  const isEqual = left === unit.subjects || JSON.stringify(left) === JSON.stringify(unit.subjects);
  if (part === 'all' && denial.spares !== null) {
    return isEqual ? [unit] : [{ ...unit, subjects: left, cutBy: [...unit.cutBy, index] }];
  }
  const touchesNobody = denial.spares !== null && isEqual;
  if (touchesNobody) return [unit];
  // A Deny for some keys and only some callers would need one unit a caller: the wider answer stands.
  if (denial.spares === null || left.length > 0) return [{ ...unit, notCutBy: [...unit.notCutBy, index] }];
  const cutBy = [...unit.cutBy, index];
  if (part === 'all-but') {
    const kept = denial.where.except.flatMap((except) => intersection(unit.key as string, except));
    return kept.map((key) => ({ ...unit, key, cutBy }));
  }
  const denied = denial.where.keys.filter((key) => globsOverlap(key, unit.key as string));
  return [{ ...unit, except: [...new Set([...unit.except, ...denied])], cutBy }];
}

function coverage(unit: Unit, where: Reachable): 'none' | 'all' | 'all-but' | 'part' {
  const { key } = unit;
  if (key === null) return where.bucket ? 'all' : 'none';
  if (!where.keys.some((denied) => globsOverlap(denied, key))) return 'none';
  const spared = where.except.some((except) => globsOverlap(except, key));
  if (where.keys.some((denied) => globCovers(denied, key))) return spared ? 'all-but' : 'all';
  return spared ? 'none' : 'part';
}

/** The keys both globs match; the whole of `key` when the two only cross, which is wider than the truth. */
function intersection(key: string, except: string): string[] {
  if (!globsOverlap(key, except)) return [];
  return [globCovers(key, except) ? except : key];
}

function remaining(subjects: readonly Subject[], denial: Denial, spares: readonly Subject[]): Subject[] {
  const { named, home } = denial;
  const spared = (subject: Subject) => spares.flatMap((spare) => within(subject, spare, home) ?? []);
  const isHit = (subject: Subject) => named === null || named.some((denied) => includes(denied, subject));
  return distinct(subjects.flatMap((subject) => (isHit(subject) ? spared(subject) : [subject])));
}

/**
 * Who is both. Where what says more about the caller also says that they come from further away, what reaches less stays:
 * a Deny never widens.
 */
function within(subject: Subject, spare: Subject, home: Home): Subject | null {
  const both = meet(subject, spare);
  if (both === null || subject.kind === 'open') return both;
  const reachOf = (one: Subject) => whoIs(one, home).reach;
  return [subject, spare].reduce((least, one) => (compareReach(reachOf(one), reachOf(least)) > 0 ? one : least), both);
}

/** Does a Deny for `denied` hit all of `subject`? */
function includes(denied: Subject, subject: Subject): boolean {
  if (denied.kind === 'account' && subject.kind === 'account' && denied.account === subject.account) {
    return denied.text === subject.text || /^(\d{12}|arn:aws[\w-]*:iam::\d{12}:root)$/.test(denied.text);
  }
  return JSON.stringify(denied) === JSON.stringify(subject);
}
