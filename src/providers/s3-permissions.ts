import type { S3Evidence } from '../model/exposure.ts';

/** The calls that collect exposure, and what each needs; `policyStatusIsPublic` and so on are fields of `S3Evidence`. */
export const EXPOSURE_CALLS = [
  { fact: 'policy', call: 'GetBucketPolicy', permission: 's3:GetBucketPolicy' },
  { fact: 'policyStatusIsPublic', call: 'GetBucketPolicyStatus', permission: 's3:GetBucketPolicyStatus' },
  { fact: 'acl', call: 'GetBucketAcl', permission: 's3:GetBucketAcl' },
  { fact: 'objectOwnership', call: 'GetBucketOwnershipControls', permission: 's3:GetBucketOwnershipControls' },
  { fact: 'publicAccessBlock', call: 'GetPublicAccessBlock', permission: 's3:GetBucketPublicAccessBlock' },
  { fact: 'website', call: 'GetBucketWebsite', permission: 's3:GetBucketWebsite' },
  { fact: 'replication', call: 'GetBucketReplication', permission: 's3:GetReplicationConfiguration' },
  { fact: 'encryption', call: 'GetBucketEncryption', permission: 's3:GetEncryptionConfiguration' },
] as const satisfies readonly { fact: keyof S3Evidence; call: string; permission: string }[];

/** Of the account, not of a bucket: IAM knows no resource for them. */
export const ACCOUNT_CALLS = [
  {
    fact: 'accountPublicAccessBlock',
    call: 'GetPublicAccessBlock (S3 Control)',
    permission: 's3:GetAccountPublicAccessBlock',
  },
  { fact: 'accessPoints', call: 'ListAccessPoints', permission: 's3:ListAccessPoints' },
  {
    fact: 'multiRegionAccessPoints',
    call: 'ListMultiRegionAccessPoints',
    permission: 's3:ListMultiRegionAccessPoints',
  },
  { fact: 'distributions', call: 'ListDistributions (CloudFront)', permission: 'cloudfront:ListDistributions' },
  {
    fact: 'organization',
    call: 'DescribeOrganization (Organizations)',
    permission: 'organizations:DescribeOrganization',
  },
] as const satisfies readonly { fact: keyof S3Evidence; call: string; permission: string }[];

/** Asked about the keys of buckets that let others in; the first only where a bucket names an alias. */
export const KEY_PERMISSIONS = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListGrants'] as const;

/** Asked about each access point that leads into the bucket. */
export const ACCESS_POINT_PERMISSIONS = [
  's3:GetAccessPoint',
  's3:GetAccessPointPolicy',
  's3:GetAccessPointPolicyStatus',
  's3:GetMultiRegionAccessPointPolicy',
  's3:GetMultiRegionAccessPointPolicyStatus',
] as const;

/** Asked about a few objects, and only where ACLs are in force. */
export const OBJECT_ACL_CALL = {
  fact: 'objectAcls',
  call: 'GetObjectAcl',
  permission: 's3:GetObjectAcl',
} as const satisfies { fact: keyof S3Evidence; call: string; permission: string };

export const LIST_PERMISSION = 's3:ListBucket';
export const LIST_VERSIONS_PERMISSION = 's3:ListBucketVersions';
export const LIST_BUCKETS_PERMISSION = 's3:ListAllMyBuckets';
export const READ_PERMISSIONS = ['s3:GetObject', 's3:GetObjectVersion'] as const;

/** Instead of a bucket's name: all of the account. */
export const EVERY_BUCKET = '*';

/** One bucket, or the part of it under `prefix` ('' for all). */
export interface PolicyScope {
  bucket: string;
  prefix: string;
}

/** The least that a scan of these buckets, or of all their `versions`, needs, as an IAM policy. */
export function leastPolicy(scopes: readonly PolicyScope[], { versions = false } = {}): object {
  const all: readonly PolicyScope[] = scopes.length === 0 ? [{ bucket: 'EXAMPLE-BUCKET', prefix: '' }] : scopes;
  const buckets = oneOrMany(all.map(({ bucket }) => arn(bucket)));
  const parts = all.map(({ prefix }) => prefix).filter((prefix) => prefix !== '');
  // One condition holds for every bucket of the statement, so that it is made only where there is one.
  const condition =
    all.length === 1 && parts.length === 1 ? { Condition: { StringLike: { 's3:prefix': `${parts[0]}*` } } } : {};
  const list = versions ? [LIST_PERMISSION, LIST_VERSIONS_PERMISSION] : LIST_PERMISSION;
  const account = [
    ...ACCOUNT_CALLS.map(({ permission }) => permission),
    ...(all.some(({ bucket }) => bucket === EVERY_BUCKET) ? [LIST_BUCKETS_PERMISSION] : []),
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'AssayList', Effect: 'Allow', Action: list, Resource: buckets, ...condition },
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
      {
        Sid: 'AssayObjectAcls',
        Effect: 'Allow',
        Action: OBJECT_ACL_CALL.permission,
        Resource: oneOrMany(all.map(({ bucket, prefix }) => `${arn(bucket)}/${prefix}*`)),
      },
      {
        Sid: 'AssayAccessPoints',
        Effect: 'Allow',
        Action: [...ACCESS_POINT_PERMISSIONS],
        Resource: 'arn:aws:s3:*:*:accesspoint/*',
      },
      { Sid: 'AssayKeys', Effect: 'Allow', Action: [...KEY_PERMISSIONS], Resource: 'arn:aws:kms:*:*:key/*' },
      {
        Sid: 'AssayAccount',
        Effect: 'Allow',
        Action: account,
        Resource: '*',
      },
    ],
  };
}

/** What the identity needs that lists the accounts of an organisation and assumes this role in each. */
export function organizationPolicy(role: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'AssayOrganization', Effect: 'Allow', Action: 'organizations:ListAccounts', Resource: '*' },
      { Sid: 'AssayAccounts', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::*:role/${role}` },
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
