import type { S3Evidence } from '../model/exposure.ts';

/** The calls that collect exposure, and what each needs; `policyStatusIsPublic` and so on are fields of `S3Evidence`. */
export const EXPOSURE_CALLS = [
  { fact: 'policy', call: 'GetBucketPolicy', permission: 's3:GetBucketPolicy' },
  { fact: 'policyStatusIsPublic', call: 'GetBucketPolicyStatus', permission: 's3:GetBucketPolicyStatus' },
  { fact: 'acl', call: 'GetBucketAcl', permission: 's3:GetBucketAcl' },
  { fact: 'objectOwnership', call: 'GetBucketOwnershipControls', permission: 's3:GetBucketOwnershipControls' },
  { fact: 'publicAccessBlock', call: 'GetPublicAccessBlock', permission: 's3:GetBucketPublicAccessBlock' },
] as const satisfies readonly { fact: keyof S3Evidence; call: string; permission: string }[];

/** Of the account, not of a bucket: IAM knows no resource for it. */
export const ACCOUNT_CALL = {
  fact: 'accountPublicAccessBlock',
  call: 'GetPublicAccessBlock (S3 Control)',
  permission: 's3:GetAccountPublicAccessBlock',
} as const satisfies { fact: keyof S3Evidence; call: string; permission: string };

export const LIST_PERMISSION = 's3:ListBucket';
export const READ_PERMISSIONS = ['s3:GetObject', 's3:GetObjectVersion'] as const;

/** One bucket, or the part of it under `prefix` ('' for all). */
export interface PolicyScope {
  bucket: string;
  prefix: string;
}

/** The least that a scan of these buckets needs, as an IAM policy. */
export function leastPolicy(scopes: readonly PolicyScope[]): object {
  const all: readonly PolicyScope[] = scopes.length === 0 ? [{ bucket: 'EXAMPLE-BUCKET', prefix: '' }] : scopes;
  const buckets = oneOrMany(all.map(({ bucket }) => arn(bucket)));
  const parts = all.map(({ prefix }) => prefix).filter((prefix) => prefix !== '');
  // One condition holds for every bucket of the statement, so that it is made only where there is one.
  const condition =
    all.length === 1 && parts.length === 1 ? { Condition: { StringLike: { 's3:prefix': `${parts[0]}*` } } } : {};
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'AssayList', Effect: 'Allow', Action: LIST_PERMISSION, Resource: buckets, ...condition },
      {
        Sid: 'AssayRead',
        Effect: 'Allow',
        Action: [...READ_PERMISSIONS],
        Resource: oneOrMany(all.map(({ bucket, prefix }) => `${arn(bucket)}/${prefix}*`)),
      },
      {
        Sid: 'AssayExposure',
        Effect: 'Allow',
        Action: EXPOSURE_CALLS.map(({ permission }) => permission),
        Resource: buckets,
      },
      { Sid: 'AssayAccount', Effect: 'Allow', Action: ACCOUNT_CALL.permission, Resource: '*' },
    ],
  };
}

function arn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

function oneOrMany(given: string[]): string | string[] {
  const [first = '', ...rest] = [...new Set(given)];
  return rest.length === 0 ? first : [first, ...rest];
}
