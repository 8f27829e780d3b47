import type { Evidence, Fact } from '../model/exposure.ts';
import type { ExposureContext } from './evaluate.ts';

export type Recordable = Exclude<Evidence, { provider: 'filesystem' }>;

/**
 * The facts as a document of `assay.evidence/v1`: judged again with `--evidence` it gives the same answer. Refused facts
 * keep their reason, what the store lacks is `NotImplemented`, what was not asked is absent.
 */
export function recordEvidence(id: string, evidence: Recordable, context: ExposureContext): object {
  const { collectedAt, trusted = {}, owner = {} } = context;
  const facts = Object.entries(evidence).flatMap(([name, value]: [string, unknown]) =>
    isFact(value) ? [[NAMES[name] ?? name, written(value)] as const] : [],
  );
  if (evidence.provider === 'gcs') facts.push(['roles', withWrittenFacts(evidence.roles)]);
  return {
    schema: 'assay.evidence/v1',
    id,
    provider: evidence.provider,
    ...headerOf(evidence, owner),
    collectedAt,
    trusted,
    facts: Object.fromEntries(facts),
  };
}

/** Fields whose name in the document is another one. */
const NAMES: Readonly<Record<string, string>> = { policyStatusIsPublic: 'policyStatus', metadata: 'bucket' };

function headerOf(evidence: Recordable, owner: NonNullable<ExposureContext['owner']>): object {
  const org = owner.org ?? null;
  if (evidence.provider === 'aws-s3') {
    const { bucket, resource = 'bucket', endpoint } = evidence;
    const { account, canonicalId } = evidence.owner;
    return { resource, bucket, endpoint, owner: { account: owner.account ?? account, org, canonicalId } };
  }
  if (evidence.provider === 'azure-blob') {
    const { storageAccount, container, endpoint } = evidence;
    const { subscription, tenant } = evidence.owner;
    const bucket = storageAccount === null ? container : `${storageAccount}/${container ?? ''}`;
    return {
      resource: 'container',
      bucket,
      endpoint,
      owner: { account: owner.account ?? subscription, org: owner.org ?? tenant },
    };
  }
  const { project, projectNumber } = evidence.owner;
  const { bucket, endpoint } = evidence;
  return { resource: 'bucket', bucket, endpoint, owner: { account: project ?? projectNumber, projectNumber, org } };
}

function written(fact: Fact<unknown>): unknown {
  if (fact.state === 'refused') {
    return { unavailable: fact.reason, call: fact.call, permission: fact.permission };
  }
  if (fact.state === 'unsupported') return { unavailable: 'NotImplemented', call: fact.call };
  return Array.isArray(fact.value) ? fact.value.map(withWrittenFacts) : fact.value;
}

/** What is listed may have facts of its own, as access points and folders have. */
function withWrittenFacts(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const fields = Object.entries(entry).map(([name, value]: [string, unknown]) =>
    isFact(value) ? [NAMES[name] ?? name, written(value)] : [name, value],
  );
  return Object.fromEntries(fields);
}

function isFact(value: unknown): value is Fact<unknown> {
  return typeof value === 'object' && value !== null && 'state' in value;
}
