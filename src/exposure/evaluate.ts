import type { Evidence, Exposure } from '../model/exposure.ts';
import { evaluateAzure } from './azure.ts';
import { evaluateFilesystem } from './filesystem.ts';
import { evaluateGcs } from './gcs.ts';
import { evaluateS3 } from './s3.ts';
import type { Trusted } from './who.ts';

export interface ExposureContext {
  /** RFC 3339; when the facts were asked. */
  collectedAt: string;
  trusted?: Partial<Trusted>;
  /** Overrides the owner in the evidence: account and organisation of the bucket. */
  owner?: { account?: string | null; org?: string | null };
}

/** Who can reach a bucket, from recorded facts alone: the same facts always give the same answer. */
export function evaluateExposure(evidence: Evidence, context: ExposureContext): Exposure {
  if (evidence.provider === 'filesystem') return evaluateFilesystem(evidence, context.collectedAt);
  const { trusted: given = {}, owner = {} } = context;
  const trusted: Trusted = {
    accounts: given.accounts ?? [],
    orgs: given.orgs ?? [],
    orgUnits: given.orgUnits ?? [],
    vpcs: given.vpcs ?? [],
    vpces: given.vpces ?? [],
    ips: given.ips ?? [],
  };
  if (evidence.provider === 'azure-blob') {
    const { subscription, tenant } = evidence.owner;
    const home = { subscription: owner.account ?? subscription, tenant: owner.org ?? tenant, trusted };
    return evaluateAzure(evidence, home, context.collectedAt);
  }
  if (evidence.provider === 'gcs') {
    const { project, projectNumber } = evidence.owner;
    const isNumber = /^\d+$/.test(owner.account ?? '');
    const home = {
      project: (isNumber ? null : owner.account) ?? project,
      projectNumber: (isNumber ? owner.account : null) ?? projectNumber,
      org: owner.org ?? null,
      trusted,
    };
    return evaluateGcs(evidence, home, context.collectedAt);
  }
  const organization = evidence.organization?.state === 'known' ? evidence.organization : null;
  const home = {
    account: owner.account ?? evidence.owner.account,
    org: owner.org ?? organization?.value?.Id ?? null,
    isInNoOrg: organization !== null && organization.value === null,
    canonicalId: evidence.owner.canonicalId,
    ...trusted,
  };
  return evaluateS3(evidence, home, context.collectedAt);
}

/** The calls without whose answer nobody can say whether a bucket is public. */
const DECISIVE = /:Get(BucketPolicy|BucketAcl|PublicAccessBlock|AccountPublicAccessBlock)$|^s3:HeadObject$|^az:/;

/** Those of Google, where its own word tells whether their silence matters. */
const GOOGLE = /^(storage|resourcemanager|iam)\./;

/** Can anyone on the internet, or any identity of the vendor, do anything at all? */
export function isPublic(exposure: Exposure): boolean | 'unknown' {
  const reaches = Object.values(exposure.effective);
  if (reaches.includes('public')) return true;
  if (reaches.includes('unknown') && exposure.unknowns.some(({ call }) => DECISIVE.test(call))) return 'unknown';
  if (exposure.vendorPublic === 'unknown' && exposure.unknowns.some(({ call }) => GOOGLE.test(call))) return 'unknown';
  return exposure.grants.some(
    ({ state, principal }) =>
      state === 'effective' && (principal.class === 'internet' || principal.class === 'any-authenticated'),
  );
}
