import type { GrantCondition } from '../model/exposure.ts';
import { fixedSubject } from './condition-keys.ts';
import type { Condition } from './policy.ts';
import type { Subject } from './subject.ts';

/**
 * What one (operator, key, values) pair does to who may use an Allow.
 * `open`: nothing; `limited`: only these subjects; `never`: it can not be true.
 */
export type Limit = { state: 'open' } | { state: 'limited'; to: Subject[] } | { state: 'never' };

interface Operator {
  set: 'all' | 'any' | null;
  base: string;
  ifExists: boolean;
}

export interface ConditionContext {
  hasVariables: boolean;
  isAccessPoint: boolean;
}

const OPEN: Limit = { state: 'open' };
/** Operators that hold for fixed values only; the second is what the negated form is called. */
const POSITIVE: Record<string, { wildcards: boolean }> = {
  stringequals: { wildcards: false },
  stringequalsignorecase: { wildcards: false },
  stringlike: { wildcards: true },
  arnequals: { wildcards: true },
  arnlike: { wildcards: true },
  ipaddress: { wildcards: false },
};
const NEGATED: Record<string, string> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  notipaddress: 'ipaddress',
};

/** The limits of an Allow statement, one a pair; they are ANDed. */
export function allowLimits(conditions: readonly Condition[], context: ConditionContext): Limit[] {
  return conditions.map((condition) => {
    const operator = parseOperator(condition.operator);
    // A missing key satisfies IfExists and ForAllValues alike, so both let in who brings none.
    if (operator.ifExists || (operator.set === 'all' && !isProvenPresent(condition.key, conditions))) return OPEN;
    if (operator.base === 'bool') return serviceFlag(condition, 'true');
    return positiveLimit(operator.base, condition, context);
  });
}

/**
 * Whom a Deny with these conditions spares: null when that cannot be told (nothing may be subtracted then), else the
 * union of the complements of its pairs. No conditions spare no one.
 */
export function denySpares(conditions: readonly Condition[], context: ConditionContext): Subject[] | null {
  const spared: Subject[] = [];
  for (const condition of conditions) {
    const complement = complementOf(condition, context);
    if (complement === null) return null;
    spared.push(...complement);
  }
  return spared;
}

/** A Deny that only refuses plain http, old TLS or unencrypted uploads narrows how, not who. */
export function isTransportRule(conditions: readonly Condition[]): boolean {
  return conditions.length > 0 && conditions.every(({ key }) => conditionKind(key) === 'tls' || ENCRYPTION.test(key));
}
const ENCRYPTION = /^s3:x-amz-server-side-encryption/;

function complementOf(condition: Condition, context: ConditionContext): Subject[] | null {
  const operator = parseOperator(condition.operator);
  if (operator.base === 'bool') {
    // Anonymous requests lack the key: without IfExists the Deny does not bite them.
    const limit = operator.ifExists ? serviceFlag(condition, 'false') : OPEN;
    return limit.state === 'limited' ? limit.to : null;
  }
  const positive = NEGATED[operator.base];
  // Negated operators are true on a missing key, except under ForAnyValue.
  if (!positive || operator.set === 'any') return null;
  const limit = positiveLimit(positive, condition, context);
  if (limit.state === 'open') return null;
  return limit.state === 'limited' ? limit.to : [];
}

function positiveLimit(base: string, condition: Condition, context: ConditionContext): Limit {
  const operator = POSITIVE[base];
  if (!operator) return OPEN;
  const usable: Subject[] = [];
  for (const value of condition.values) {
    if (value.includes('${')) {
      if (context.hasVariables) return OPEN;
      continue;
    }
    // In StringEquals a star is a letter, and no key has such a value.
    if (!operator.wildcards && base !== 'ipaddress' && /[*?]/.test(value)) continue;
    const subject = fixedSubject(condition.key, value, { ...context, base });
    if (!subject) return OPEN;
    usable.push(subject);
  }
  return usable.length > 0 ? { state: 'limited', to: usable } : { state: 'never' };
}

function serviceFlag(condition: Condition, word: 'true' | 'false'): Limit {
  const holds = condition.values.every((value) => value.toLowerCase() === word);
  return condition.key === 'aws:principalisawsservice' && holds && condition.values.length > 0
    ? { state: 'limited', to: [{ kind: 'service', name: '*' }] }
    : OPEN;
}

function isProvenPresent(key: string, conditions: readonly Condition[]): boolean {
  return conditions.some((other) => {
    const operator = parseOperator(other.operator);
    const isFalse = other.values.length > 0 && other.values.every((value) => value.toLowerCase() === 'false');
    return other.key === key && operator.base === 'null' && isFalse;
  });
}

export function parseOperator(text: string): Operator {
  const [, set, base = '', ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(text.toLowerCase()) ?? [];
  return {
    set: set === undefined ? null : set === 'forallvalues' ? 'all' : 'any',
    base,
    ifExists: ifExists !== undefined,
  };
}

/** Does the pair ask for a key that only signed requests carry? */
export function needsIdentity(condition: Condition): boolean {
  const operator = parseOperator(condition.operator);
  const isPositive = operator.base in POSITIVE || operator.base === 'bool' || operator.base.startsWith('numeric');
  return isPositive && !operator.ifExists && operator.set !== 'all' && SIGNED_KEYS.test(condition.key);
}
const SIGNED_KEYS = /^aws:(principal(account|arn|org.*|tag\/.*)|username|multifactorauth.*)$/;

const KINDS: [GrantCondition['kind'], RegExp][] = [
  ['ip', /^aws:(vpc)?sourceip$/],
  ['vpce', /^aws:(sourcevpce|vpce.*)$/],
  ['vpc', /^aws:sourcevpc(arn)?$/],
  ['org', /^aws:(principal|source|resource)org(id|paths)$/],
  [
    'account',
    /^(aws:(principalaccount|sourceaccount|sourceowner|resourceaccount)|s3:(dataaccesspoint|resource)account)$/,
  ],
  ['arn', /^(aws:(principalarn|sourcearn)|s3:dataaccesspointarn)$/],
  ['referer', /^aws:(referer|useragent)$/],
  ['tls', /^(aws:securetransport|s3:tlsversion)$/],
  ['mfa', /^aws:multifactorauth/],
  ['time', /^(aws:(currenttime|epochtime|tokenissuetime)|s3:signatureage)$/],
  ['tag', /tag(s|keys)?(\/|$)/],
];

function conditionKind(key: string): GrantCondition['kind'] {
  return KINDS.find(([, shape]) => shape.test(key))?.[0] ?? 'other';
}

export function grantCondition(condition: Condition): GrantCondition {
  const { key, operator, values } = condition;
  return { key, operator, values, kind: conditionKind(key) };
}
