import { type ExposureContext, evaluateExposure } from '../../src/exposure/evaluate.ts';
import type { Exposure, Fact, S3Acl, S3Evidence, S3PublicAccessBlock } from '../../src/model/exposure.ts';

export const OWN = '210987654321';
export const FOREIGN = '345678901234';
export const OWNER_ID = 'c0ffee'.repeat(10);

export function known<T>(value: T | null): Fact<T> {
  return { state: 'known', value };
}
export function refused<T>(call: string): Fact<T> {
  return { state: 'refused', call, reason: 'AccessDenied', permission: call };
}

export const ALL_ON: S3PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
export const ALL_OFF: S3PublicAccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

/** A bucket named `lake` of which everything is known and nothing is set. */
export function bucket(facts: Partial<S3Evidence> = {}): S3Evidence {
  return {
    provider: 'aws-s3',
    bucket: 'lake',
    owner: { account: OWN, canonicalId: OWNER_ID },
    policy: known<unknown>(null),
    acl: known<S3Acl>(null),
    objectOwnership: known('BucketOwnerEnforced'),
    publicAccessBlock: known<S3PublicAccessBlock>(null),
    accountPublicAccessBlock: known<S3PublicAccessBlock>(null),
    policyStatusIsPublic: refused('s3:GetBucketPolicyStatus'),
    endpoint: null,
    ...facts,
  };
}

export interface Draft {
  [element: string]: unknown;
}

export function policyOf(...statements: Draft[]): Fact<unknown> {
  return known<unknown>({ Version: '2012-10-17', Statement: statements });
}

/** An Allow for everyone to read every object, with what the test changes. */
export function allow(changes: Draft = {}): Draft {
  return { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*', ...changes };
}
export function deny(changes: Draft = {}): Draft {
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: ['arn:aws:s3:::lake', 'arn:aws:s3:::lake/*'],
    ...changes,
  };
}

export function judge(evidence: S3Evidence, context: Partial<ExposureContext> = {}): Exposure {
  return evaluateExposure(evidence, { collectedAt: '2026-01-02T03:04:05Z', ...context });
}
export function judgePolicy(statements: Draft[], context: Partial<ExposureContext> = {}): Exposure {
  return judge(bucket({ policy: policyOf(...statements) }), context);
}

export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
export const AUTHENTICATED = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
/** The owner's own grant and these to groups. */
export const acl = (...grants: [uri: string, permission: string][]): S3Acl => ({
  Owner: { ID: OWNER_ID },
  Grants: [
    { Grantee: { Type: 'CanonicalUser', ID: OWNER_ID }, Permission: 'FULL_CONTROL' },
    ...grants.map(([URI, Permission]) => ({ Grantee: { Type: 'Group', URI }, Permission })),
  ],
});
