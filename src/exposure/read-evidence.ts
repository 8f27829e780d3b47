import type { Evidence, Fact, S3Acl, S3Evidence, S3PublicAccessBlock } from '../model/exposure.ts';
import { readAzureFacts } from './azure-evidence.ts';
import type { ExposureContext } from './evaluate.ts';

/** A recorded document that can be judged, or why it cannot. */
export type ReadEvidence = { id: unknown } & (
  | { evidence: Evidence; context: Omit<ExposureContext, 'collectedAt'> }
  | { error: string }
);

const RESOURCES = ['bucket', 'access-point', 'multi-region-access-point'] as const;

/**
 * Reads a document of `assay.evidence/v1`, or a bare bucket policy, which is judged alone: as if the bucket had no ACL and
 * no Block Public Access. In `facts` what is absent was not asked, `null` is known to be none, and
 * `{"unavailable": "AccessDenied"}` was refused (`NotImplemented`: the store lacks it).
 */
export function readEvidence(document: unknown): ReadEvidence {
  if (!isRecord(document)) return { id: null, error: 'the document is no JSON object' };
  const id = document.id ?? null;
  if ('Statement' in document) return { id: document.Id ?? null, evidence: alone(document), context: {} };
  if (document.schema !== undefined && document.schema !== 'assay.evidence/v1')
    return { id, error: 'the schema is not assay.evidence/v1' };
  if (document.provider === 'azure-blob') return azureEvidence(document, id);
  if (document.provider !== 'aws-s3') return { id, error: 'evidence of this provider cannot be judged' };
  const { bucket = null, resource = 'bucket', owner = {}, trusted = {}, facts } = document;
  const known = RESOURCES.find((name) => name === resource);
  if (known === undefined) return { id, error: `resource is none of ${RESOURCES.join(', ')}` };
  if (!isRecord(facts) || !isRecord(owner) || !isRecord(trusted))
    return { id, error: 'facts, owner or trusted is no JSON object' };
  if (bucket !== null && typeof bucket !== 'string') return { id, error: 'bucket is neither a text nor null' };
  const evidence = s3Evidence(bucket, known, text(owner.account), facts);
  return typeof evidence === 'string'
    ? { id, error: evidence }
    : {
        id,
        evidence,
        context: { owner: { account: text(owner.account), org: text(owner.org) }, trusted: trustOf(trusted) },
      };
}

function azureEvidence(document: Record<string, unknown>, id: unknown): ReadEvidence {
  const { bucket = null, owner = {}, trusted = {}, facts } = document;
  if (!isRecord(facts) || !isRecord(owner) || !isRecord(trusted))
    return { id, error: 'facts, owner or trusted is no JSON object' };
  if (bucket !== null && typeof bucket !== 'string') return { id, error: 'bucket is neither a text nor null' };
  const evidence = readAzureFacts(bucket, owner, facts);
  return typeof evidence === 'string'
    ? { id, error: evidence }
    : { id, evidence, context: { trusted: trustOf(trusted) } };
}

function s3Evidence(
  bucket: string | null,
  resource: NonNullable<S3Evidence['resource']>,
  account: string | null,
  facts: Record<string, unknown>,
): S3Evidence | string {
  const policy = fact(facts.policy, 's3:GetBucketPolicy', policyOf);
  const acl = fact(facts.acl, 's3:GetBucketAcl', aclOf);
  const objectOwnership = fact(facts.objectOwnership, 's3:GetBucketOwnershipControls', ownershipOf);
  const publicAccessBlock = fact(facts.publicAccessBlock, 's3:GetPublicAccessBlock', blockOf);
  const accountPublicAccessBlock = fact(facts.accountPublicAccessBlock, 's3:GetAccountPublicAccessBlock', blockOf);
  const policyStatusIsPublic = fact(facts.policyStatus, 's3:GetBucketPolicyStatus', statusOf);
  for (const [name, read] of Object.entries({
    policy,
    acl,
    objectOwnership,
    publicAccessBlock,
    accountPublicAccessBlock,
    policyStatus: policyStatusIsPublic,
  })) {
    if (read === null) return `facts.${name} cannot be read`;
  }
  const none: Fact<never> = { state: 'known', value: null };
  // An access point has a policy and switches, and no ACL.
  const hasAcl = resource === 'bucket';
  return {
    provider: 'aws-s3',
    bucket,
    resource,
    owner: { account, canonicalId: acl?.state === 'known' ? (acl.value?.Owner?.ID ?? null) : null },
    policy: policy as Fact<unknown>,
    acl: hasAcl ? (acl as Fact<S3Acl>) : none,
    objectOwnership: hasAcl ? (objectOwnership as Fact<string>) : none,
    publicAccessBlock: publicAccessBlock as Fact<S3PublicAccessBlock>,
    accountPublicAccessBlock: accountPublicAccessBlock as Fact<S3PublicAccessBlock>,
    policyStatusIsPublic: policyStatusIsPublic as Fact<boolean>,
    endpoint: null,
  };
}

function alone(policy: Record<string, unknown>): S3Evidence {
  const none: Fact<never> = { state: 'known', value: null };
  return {
    provider: 'aws-s3',
    bucket: null,
    owner: { account: null, canonicalId: null },
    policy: { state: 'known', value: policy },
    acl: none,
    objectOwnership: none,
    publicAccessBlock: none,
    accountPublicAccessBlock: none,
    policyStatusIsPublic: {
      state: 'refused',
      call: 's3:GetBucketPolicyStatus',
      reason: 'not asked',
      permission: 's3:GetBucketPolicyStatus',
    },
    endpoint: null,
  };
}

/** Null when the value is there and cannot be read. */
function fact<T>(given: unknown, call: string, read: (value: unknown) => T | null): Fact<T> | null {
  if (given === undefined) return { state: 'refused', call, reason: 'not asked', permission: call };
  if (given === null) return { state: 'known', value: null };
  if (isRecord(given) && typeof given.unavailable === 'string') {
    if (given.unavailable === 'NotImplemented') return { state: 'unsupported', call };
    return { state: 'refused', call, reason: given.unavailable, permission: call };
  }
  const value = read(given);
  return value === null ? null : { state: 'known', value };
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

function trustOf(given: Record<string, unknown>): NonNullable<ExposureContext['trusted']> {
  const list = (name: string): string[] => {
    const value = given[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  return {
    accounts: list('accounts'),
    orgs: list('orgs'),
    orgUnits: list('orgUnits'),
    vpcs: list('vpcs'),
    vpces: list('vpces'),
    ips: list('ips'),
  };
}

function text(given: unknown): string | null {
  return typeof given === 'string' && given !== '' ? given : null;
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
