import { readFileSync } from 'node:fs';

export interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: string;
}

/** Of the policy on S3 that the documentation tells people to use. */
export function documentedStatements(): Statement[] {
  const text = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const [, policy = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  return (JSON.parse(policy) as { Statement: Statement[] }).Statement;
}

/** What a GET of a bucket takes, by the parameter that names what is asked for. */
export const SUBRESOURCES: Readonly<Record<string, string>> = {
  policy: 's3:GetBucketPolicy',
  policyStatus: 's3:GetBucketPolicyStatus',
  acl: 's3:GetBucketAcl',
  ownershipControls: 's3:GetBucketOwnershipControls',
  publicAccessBlock: 's3:GetBucketPublicAccessBlock',
  website: 's3:GetBucketWebsite',
  replication: 's3:GetReplicationConfiguration',
  encryption: 's3:GetEncryptionConfiguration',
};
