import { allowLimits, type ConditionContext } from './conditions.ts';
import type { Policy, Statement } from './policy.ts';
import { principalSubjects } from './principals.ts';

/**
 * AWS's own question, which decides whether RestrictPublicBuckets bites ("The meaning of public", S3 user guide): does an
 * Allow statement leave anyone in? Actions, resources and Deny statements are not looked at.
 */
export function isVendorPublic(policy: Policy, context: ConditionContext): boolean {
  return policy.statements.some((statement) => isVendorPublicStatement(statement, context));
}

export function isVendorPublicStatement(statement: Statement, context: ConditionContext): boolean {
  const { effect, principals, conditions } = statement;
  if (effect !== 'Allow' || !principals) return false;
  const isOpen = principals.isNot || principalSubjects(principals, true).some((subject) => subject.kind === 'open');
  // A value that can never match (a star under StringEquals) is no fixed value to AWS either.
  return isOpen && !allowLimits(conditions, context).some((limit) => limit.state === 'limited');
}
