import type { Grant, Reach } from '../model/exposure.ts';
import { allowLimits, type ConditionContext, grantCondition, needsIdentity } from './conditions.ts';
import { cut, type Denial, inDenialOrder, readDenial, type Unit } from './deny.ts';
import type { Guard } from './guards.ts';
import { isVendorPublicStatement } from './is-public.ts';
import type { Policy, Statement } from './policy.ts';
import { principalSubjects } from './principals.ts';
import { type ResourceContext, reachable } from './resources.ts';
import { expandActions, summaryOf } from './s3-actions.ts';
import { distinct, narrow, type Subject } from './subject.ts';
import { type Home, type Who, whoIs } from './who.ts';

/** A grant with what the judgement needs beside it. */
export interface JudgedGrant {
  grant: Grant;
  /** How far it goes while nothing blocks it. */
  reach: Reach;
  foreign: string[];
  notes: string[];
  /** Whom the statement names, before anyone asked whose they are; absent where no policy gives it. */
  subjects?: readonly Subject[];
}

export interface PolicyContext extends ConditionContext, ResourceContext {
  home: Home;
  isVendorAws: boolean;
  /** The store itself says that the policy is public where we see a limit: its word is taken, limits do not count. */
  ignoreLimits: boolean;
}

/**
 * What the Allow statements give, after the Deny statements and those `above` the policy. Grants that a Deny takes whole
 * stay as `blocked`.
 */
export function policyGrants(policy: Policy, context: PolicyContext, above: readonly Denial[] = []): JudgedGrant[] {
  const own = policy.statements
    .filter((statement) => statement.effect === 'Deny')
    .map((statement) => readDenial(statement, context, context.isVendorAws));
  const denials = inDenialOrder([...own, ...above]);
  return policy.statements
    .filter((statement) => statement.effect === 'Allow')
    .flatMap((statement) => statementGrants(statement, denials, context));
}

function statementGrants(statement: Statement, denials: readonly Denial[], context: PolicyContext): JudgedGrant[] {
  const subjects = allowedSubjects(statement, context);
  if (subjects.length === 0) return [];
  const whole = units(statement, subjects, context);
  const groups = grouped(
    whole.flatMap((unit) => denials.reduce((left, denial) => left.flatMap((one) => cut(one, denial)), [unit])),
  );
  return groups.flatMap((group) =>
    judge(group, group.subjects.length > 0 ? group.subjects : subjects, statement, context),
  );
}

/** Who may use the statement: principals narrowed by each limiting condition. Empty: nobody. */
function allowedSubjects(statement: Statement, context: PolicyContext): Subject[] {
  const { principals, conditions } = statement;
  if (!principals) return [];
  const named = principals.isNot ? [anyone(false)] : principalSubjects(principals, context.isVendorAws);
  const limits = allowLimits(conditions, context);
  if (limits.some((limit) => limit.state === 'never')) return [];
  const start = conditions.some(needsIdentity) ? narrow(named, [anyone(true)]) : distinct(named);
  if (context.ignoreLimits && !isVendorPublicStatement(statement, context)) return start;
  return limits.reduce((subjects, limit) => (limit.state === 'limited' ? narrow(subjects, limit.to) : subjects), start);
}

function anyone(isAuthenticated: boolean): Subject {
  return { kind: 'open', isAuthenticated };
}

/** The actions of a statement on what they can be used on: an object action on the bucket's ARN grants nothing. */
function units(statement: Statement, subjects: Subject[], context: PolicyContext): Unit[] {
  const where = reachable(statement, context);
  const { onBucket, onObjects, unknown } = expandActions(statement.actions.patterns, statement.actions.isNot);
  const onIt = where.bucket ? onBucket : [];
  const isAnywhere = unknown.length > 0 && (where.bucket || where.keys.length > 0);
  const here = isAnywhere ? [...onIt, ...unknown] : onIt;
  const rest = { except: where.except, subjects, cutBy: [], notCutBy: [] };
  return [
    ...(here.length > 0 ? [{ actions: here, key: null, ...rest }] : []),
    ...(onObjects.length > 0 ? where.keys.map((key) => ({ actions: onObjects, key, ...rest })) : []),
  ];
}

interface Group extends Omit<Unit, 'key'> {
  /** Empty: the bucket itself. */
  keys: string[];
}

/** No Deny has made a difference between them, which is what most policies are like. */
function isUncut(all: readonly Unit[]): boolean {
  const objects = all.filter(({ key }) => key !== null);
  return (
    all.length - objects.length <= 1 &&
    objects.every(({ actions }) => actions === objects[0]?.actions) &&
    all.every(({ subjects, cutBy }) => subjects === all[0]?.subjects && cutBy === all[0]?.cutBy) &&
    all.every(({ except, notCutBy }) => except === all[0]?.except && notCutBy === all[0]?.notCutBy)
  );
}

function uncutGroups(all: readonly Unit[]): Group[] {
  const keys = all.flatMap(({ key }) => key ?? []);
  return all
    .filter((unit, index) => unit.key === null || all.findIndex(({ key }) => key !== null) === index)
    .map(({ key, ...rest }) => ({ ...rest, keys: key === null ? [] : keys }));
}

/** Units that differ in their actions only, then those that differ in the key only, as one. */
function grouped(all: readonly Unit[]): Group[] {
  if (isUncut(all)) return uncutGroups(all);
  const byKey = new Map<string, Group>();
  for (const { actions, key, ...rest } of all) {
    const id = JSON.stringify([key, rest]);
    const group = byKey.get(id);
    const both = group === undefined ? actions : [...group.actions, ...actions];
    byKey.set(id, { ...rest, actions: both, keys: key === null ? [] : [key] });
  }
  const byActions = new Map<string, Group>();
  for (const { keys, actions, ...rest } of byKey.values()) {
    const id = JSON.stringify([keys.length > 0, actions.map(({ name }) => name), rest]);
    const group = byActions.get(id);
    if (group) group.keys.push(...keys);
    else byActions.set(id, { keys: [...keys], actions, ...rest });
  }
  return [...byActions.values()];
}

function judge(
  group: Group,
  subjects: readonly Subject[],
  statement: Statement,
  context: PolicyContext,
): JudgedGrant[] {
  const isTaken = group.subjects.length === 0;
  const { classes, names } = summaryOf(group.actions);
  const isLogWriting = group.actions.every(({ name }) => LOG_WRITING.has(name));
  const byClass = new Map<string, { subject: Subject; who: Who }[]>();
  for (const subject of subjects) {
    const who = whoIs(subject, context.home, isLogWriting);
    const id = `${who.class} ${who.reach} ${who.trusted} ${who.path}`;
    byClass.set(id, [...(byClass.get(id) ?? []), { subject, who }]);
  }
  return [...byClass.values()].map((members) => {
    const whos = members.map(({ who }) => who);
    const first = whos[0] as Who;
    const isGone = first.class === 'dangling';
    const blockedBy = isTaken ? group.cutBy.map((index) => `statement ${index} (Deny)`) : ['deleted principal'];
    return {
      reach: first.reach,
      subjects: members.map(({ subject }) => subject),
      foreign: [...new Set(whos.map((who) => who.foreign).filter((name) => name !== ''))],
      notes: [
        ...new Set([...whos.map((who) => who.note), ...spoofable(statement), ...group.notCutBy.map(notSubtracted)]),
      ].filter((note) => note !== ''),
      grant: {
        principal: { class: first.class, ids: [...new Set(whos.map((who) => who.id))], trusted: first.trusted },
        actions: classes,
        rawActions: names,
        scope: { prefixes: group.keys.length > 0 ? group.keys : ['*'], except: group.except },
        conditions: statement.conditions.map(grantCondition),
        path: first.path,
        cause: {
          doc: 'bucket policy',
          statementIndex: statement.index,
          ...(statement.sid !== null && { sid: statement.sid }),
        },
        state: isTaken || isGone ? 'blocked' : 'effective',
        ...((isTaken || isGone) && { blockedBy }),
        fix: [],
      },
    };
  });
}

/** Access a public policy keeps under RestrictPublicBuckets: services of AWS and the owner's own account. */
const KEPT = new Set(['service', 'same-account']);

/** A grant of a policy under the switch that takes public policies back. */
export function restricted(judged: JudgedGrant, restrict: Guard, isPolicyPublic: boolean): JudgedGrant {
  const { grant } = judged;
  if (!isPolicyPublic || grant.state !== 'effective' || KEPT.has(grant.principal.class)) return judged;
  if (restrict.state === 'unknown') {
    return {
      ...judged,
      reach: 'unknown',
      notes: [...judged.notes, 'unless RestrictPublicBuckets is on, which is not known'],
    };
  }
  return restrict.state === 'on'
    ? { ...judged, grant: { ...grant, state: 'dormant', blockedBy: restrict.by } }
    : judged;
}

/** What AWS tells to give to an account that delivers logs. */
const LOG_WRITING = new Set(['s3:PutObject', 's3:PutObjectAcl', 's3:GetBucketAcl', 's3:GetBucketLocation']);

/** Conditions on what the caller writes into the request stop no one who reads the policy. */
function spoofable({ conditions }: Statement): string[] {
  const isChosen = conditions.some((condition) => grantCondition(condition).kind === 'referer');
  return isChosen ? ['the caller chooses referer and user agent'] : [];
}

function notSubtracted(index: number): string {
  return `statement ${index} (Deny) may take some of it away: its conditions were not decided`;
}
