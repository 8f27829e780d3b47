import type { CloudFrontDistribution } from '../model/cloudfront.ts';
import type {
  Fact,
  S3AccessPoint,
  S3Acl,
  S3Evidence,
  S3Key,
  S3ObjectAcls,
  S3ObjectEncryption,
  S3PublicAccessBlock,
  S3Replication,
} from '../model/exposure.ts';

type Document = Record<string, unknown>;

/** What belongs to whom, beside the facts. */
export interface S3Header {
  bucket: string | null;
  resource: NonNullable<S3Evidence['resource']>;
  owner: { account: string | null; canonicalId: string | null };
  endpoint: string | null;
}

/** `facts` of recorded evidence, each as its call answers it. Answers what is wrong with them as text. */
export function readS3Facts(header: S3Header, facts: Document): S3Evidence | string {
  const needed = {
    policy: fact(facts.policy, 's3:GetBucketPolicy', policyOf),
    acl: fact(facts.acl, 's3:GetBucketAcl', aclOf),
    objectOwnership: fact(facts.objectOwnership, 's3:GetBucketOwnershipControls', ownershipOf),
    publicAccessBlock: fact(facts.publicAccessBlock, 's3:GetPublicAccessBlock', blockOf),
    accountPublicAccessBlock: fact(facts.accountPublicAccessBlock, 's3:GetAccountPublicAccessBlock', blockOf),
    policyStatusIsPublic: fact(facts.policyStatus, 's3:GetBucketPolicyStatus', statusOf),
  };
  const asked = {
    accessPoints: optional(facts.accessPoints, 's3:ListAccessPoints', pointsOf),
    multiRegionAccessPoints: optional(facts.multiRegionAccessPoints, 's3:ListMultiRegionAccessPoints', pointsOf),
    objectAcls: optional(facts.objectAcls, 's3:GetObjectAcl', objectAclsOf),
    website: optional(facts.website, 's3:GetBucketWebsite', (given) => (isRecord(given) ? given : null)),
    replication: optional(facts.replication, 's3:GetBucketReplication', replicationOf),
    encryption: optional(facts.encryption, 's3:GetBucketEncryption', encryptionOf),
    organization: optional(facts.organization, 'organizations:DescribeOrganization', organizationOf),
    keys: optional(facts.keys, 'kms:GetKeyPolicy', keysOf),
    objectEncryption: optional(facts.objectEncryption, 's3:HeadObject', objectEncryptionOf),
    distributions: optional(facts.distributions, 'cloudfront:ListDistributions', distributionsOf),
  };
  for (const [name, read] of Object.entries({ ...needed, ...asked })) {
    if (read === null) return `facts.${name === 'policyStatusIsPublic' ? 'policyStatus' : name} cannot be read`;
  }
  const read = needed as { [Name in keyof typeof needed]: NonNullable<(typeof needed)[Name]> };
  const present = Object.fromEntries(Object.entries(asked).filter(([, found]) => found !== undefined));
  const none: Fact<never> = { state: 'known', value: null };
  const { acl } = read;
  return {
    provider: 'aws-s3',
    ...header,
    owner: {
      account: header.owner.account,
      canonicalId: (acl.state === 'known' ? acl.value?.Owner?.ID : undefined) ?? header.owner.canonicalId,
    },
    ...read,
    // An access point has a policy and switches, and no ACL.
    ...(header.resource === 'bucket' ? {} : { acl: none, objectOwnership: none }),
    ...(present as Partial<S3Evidence>),
  };
}

/** Null when the value is there and cannot be read. */
function fact<T>(given: unknown, call: string, read: (value: unknown) => T | null): Fact<T> | null {
  if (given === undefined) return { state: 'refused', call, reason: 'not asked', permission: call };
  if (given === null) return { state: 'known', value: null };
  if (isRecord(given) && typeof given.unavailable === 'string') {
    const asked = text(given.call) ?? call;
    if (given.unavailable === 'NotImplemented') return { state: 'unsupported', call: asked };
    const permission = typeof given.permission === 'string' ? given.permission : asked;
    return { state: 'refused', call: asked, reason: given.unavailable, permission };
  }
  const value = read(given);
  return value === null ? null : { state: 'known', value };
}

/** A fact that says nothing by its absence. */
function optional<T>(given: unknown, call: string, read: (value: unknown) => T | null): Fact<T> | null | undefined {
  return given === undefined ? undefined : fact(given, call, read);
}

/** Points with facts of their own; one that cannot be read spoils the list. */
function pointsOf(given: unknown): S3AccessPoint[] | null {
  if (!Array.isArray(given)) return null;
  const points = given.map(pointOf);
  return points.every((point) => point !== null) ? points : null;
}

function pointOf(given: unknown): S3AccessPoint | null {
  if (!isRecord(given)) return null;
  const name = text(given.name);
  const policy = fact(given.policy, 's3:GetAccessPointPolicy', policyOf);
  const publicAccessBlock = fact(given.publicAccessBlock, 's3:GetAccessPoint', blockOf);
  const policyStatusIsPublic = fact(given.policyStatus, 's3:GetAccessPointPolicyStatus', statusOf);
  if (name === null || policy === null || publicAccessBlock === null || policyStatusIsPublic === null) return null;
  const networkOrigin = text(given.networkOrigin) ?? 'Internet';
  return { name, networkOrigin, vpc: text(given.vpc), policy, policyStatusIsPublic, publicAccessBlock };
}

function objectAclsOf(given: unknown): S3ObjectAcls | null {
  const isRead = isRecord(given) && typeof given.objects === 'number' && Array.isArray(given.grants);
  return isRead ? { ...(given as unknown as S3ObjectAcls), isPartial: given.isPartial === true } : null;
}

function replicationOf(given: unknown): S3Replication | null {
  const rules = isRecord(given) && isRecord(given.ReplicationConfiguration) ? given.ReplicationConfiguration : given;
  return isRecord(rules) && Array.isArray(rules.Rules) ? (rules as S3Replication) : null;
}

/** The organisation, or as DescribeOrganization answers. */
function organizationOf(given: unknown): { Id?: string } | null {
  const whole = isRecord(given) && isRecord(given.Organization) ? given.Organization : given;
  return isRecord(whole) && typeof whole.Id === 'string' ? { Id: whole.Id } : null;
}

function keysOf(given: unknown): S3Key[] | null {
  if (!Array.isArray(given)) return null;
  const keys = given.map((one: unknown) => {
    if (!isRecord(one) || typeof one.id !== 'string') return null;
    const policy = fact(one.policy, 'kms:GetKeyPolicy', policyOf);
    const grants = fact(one.grants, 'kms:ListGrants', grantsOf);
    return policy === null || grants === null ? null : { id: one.id, policy, grants };
  });
  return keys.every((key) => key !== null) ? keys : null;
}

/** A list, or as ListGrants answers. */
function grantsOf(given: unknown): { GranteePrincipal?: string; Operations?: string[] }[] | null {
  const list: unknown = isRecord(given) ? given.Grants : given;
  return Array.isArray(list) && list.every(isRecord) ? list : null;
}

function objectEncryptionOf(given: unknown): S3ObjectEncryption | null {
  const isReadable = isRecord(given) && typeof given.objects === 'number' && Array.isArray(given.keys);
  return isReadable ? { ...(given as unknown as S3ObjectEncryption), isPartial: given.isPartial === true } : null;
}

/** A list, or as ListDistributions answers. */
function distributionsOf(given: unknown): CloudFrontDistribution[] | null {
  const whole = isRecord(given) && isRecord(given.DistributionList) ? given.DistributionList : given;
  const list: unknown = isRecord(whole) ? (whole.Items ?? []) : whole;
  return Array.isArray(list) && list.every(isRecord) ? (list as CloudFrontDistribution[]) : null;
}

/** The default itself, or as GetBucketEncryption answers. */
function encryptionOf(given: unknown): { SSEAlgorithm?: string; KMSMasterKeyID?: string } | null {
  if (!isRecord(given)) return null;
  const { ServerSideEncryptionConfiguration: whole } = given;
  const [rule]: unknown[] = isRecord(whole) && Array.isArray(whole.Rules) ? whole.Rules : [];
  const byDefault = isRecord(rule) ? rule.ApplyServerSideEncryptionByDefault : given;
  return isRecord(byDefault) ? byDefault : null;
}

function policyOf(given: unknown): unknown {
  if (typeof given !== 'string') return isRecord(given) ? given : null;
  try {
    return JSON.parse(given);
  } catch {
    return null;
  }
}

function aclOf(given: unknown): S3Acl | null {
  return isRecord(given) && Array.isArray(given.Grants) ? (given as unknown as S3Acl) : null;
}

/** The word itself, or as GetBucketOwnershipControls answers. */
function ownershipOf(given: unknown): string | null {
  if (typeof given === 'string') return given;
  const controls = isRecord(given) && isRecord(given.OwnershipControls) ? given.OwnershipControls : given;
  const [rule]: unknown[] = isRecord(controls) && Array.isArray(controls.Rules) ? controls.Rules : [];
  return isRecord(rule) ? text(rule.ObjectOwnership) : null;
}

function blockOf(given: unknown): S3PublicAccessBlock | null {
  if (!isRecord(given)) return null;
  const block = isRecord(given.PublicAccessBlockConfiguration) ? given.PublicAccessBlockConfiguration : given;
  const isOn = (name: keyof S3PublicAccessBlock): boolean => block[name] === true;
  return {
    BlockPublicAcls: isOn('BlockPublicAcls'),
    IgnorePublicAcls: isOn('IgnorePublicAcls'),
    BlockPublicPolicy: isOn('BlockPublicPolicy'),
    RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
  };
}

function statusOf(given: unknown): boolean | null {
  const status = isRecord(given) && isRecord(given.PolicyStatus) ? given.PolicyStatus : given;
  return isRecord(status) && typeof status.IsPublic === 'boolean'
    ? status.IsPublic
    : typeof given === 'boolean'
      ? given
      : null;
}

function text(given: unknown): string | null {
  return typeof given === 'string' && given !== '' ? given : null;
}

function isRecord(given: unknown): given is Document {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
