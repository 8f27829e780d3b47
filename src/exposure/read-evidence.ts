import type { Evidence, Fact, S3Evidence } from '../model/exposure.ts';
import { readAzureFacts } from './azure-evidence.ts';
import type { ExposureContext } from './evaluate.ts';
import { barePolicy, readGcsFacts } from './gcs-evidence.ts';
import { readS3Facts } from './s3-evidence.ts';

/** A recorded document that can be judged, or why it cannot. */
export type ReadEvidence = { id: unknown; collectedAt?: string } & (
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
  const when = text(document.collectedAt);
  const read = readDocument(document, id);
  return when === null ? read : { ...read, collectedAt: when };
}

function readDocument(document: Record<string, unknown>, id: unknown): ReadEvidence {
  if ('Statement' in document) return { id: document.Id ?? null, evidence: alone(document), context: {} };
  if (document.schema !== undefined && document.schema !== 'assay.evidence/v1')
    return { id, error: 'the schema is not assay.evidence/v1' };
  if (document.provider === 'azure-blob') return azureEvidence(document, id);
  if (document.provider === 'gcs' || Array.isArray(document.bindings)) return gcsEvidence(document, id);
  if (document.provider !== 'aws-s3') return { id, error: 'evidence of this provider cannot be judged' };
  const { bucket = null, resource = 'bucket', owner = {}, trusted = {}, facts } = document;
  const known = RESOURCES.find((name) => name === resource);
  if (known === undefined) return { id, error: `resource is none of ${RESOURCES.join(', ')}` };
  if (!isRecord(facts) || !isRecord(owner) || !isRecord(trusted))
    return { id, error: 'facts, owner or trusted is no JSON object' };
  if (bucket !== null && typeof bucket !== 'string') return { id, error: 'bucket is neither a text nor null' };
  const header = {
    bucket,
    resource: known,
    owner: { account: text(owner.account), canonicalId: text(owner.canonicalId) },
    endpoint: text(document.endpoint),
  };
  const evidence = readS3Facts(header, facts);
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
    : { id, evidence: { ...evidence, endpoint: text(document.endpoint) }, context: { trusted: trustOf(trusted) } };
}

function gcsEvidence(document: Record<string, unknown>, id: unknown): ReadEvidence {
  if (Array.isArray(document.bindings)) {
    const evidence = barePolicy(document);
    return typeof evidence === 'string' ? { id, error: evidence } : { id, evidence, context: {} };
  }
  const { bucket = null, owner = {}, trusted = {}, facts } = document;
  if (!isRecord(facts) || !isRecord(owner) || !isRecord(trusted))
    return { id, error: 'facts, owner or trusted is no JSON object' };
  if (bucket !== null && typeof bucket !== 'string') return { id, error: 'bucket is neither a text nor null' };
  const evidence = readGcsFacts(document, owner, facts);
  return typeof evidence === 'string'
    ? { id, error: evidence }
    : { id, evidence, context: { owner: { org: text(owner.org) }, trusted: trustOf(trusted) } };
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
