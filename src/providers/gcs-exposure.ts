import type { Fact, GcsAclEntry, GcsBucket, GcsEvidence, GcsPolicy } from '../model/exposure.ts';
import type { BucketRef, Target } from '../model/object.ts';
import type { GcsCalls } from './gcs-calls.ts';
import { askGcs, type GcsQuestion, mapped, operationOf, policyOf } from './gcs-facts.ts';
import { factsAbove, lookUpRoles } from './gcs-hierarchy.ts';
import { GCS_FACTS } from './gcs-permissions.ts';

/** Objects whose ACLs are read for one target: one page, one request. */
const SAMPLE = 200;
const MAX_FOLDERS = 1000;
const VOID: Fact<never> = { state: 'known', value: null };

interface Metadata extends GcsBucket {
  projectNumber?: string;
}

/** Collects the facts of one bucket. Throws only when there is no such bucket or no credentials. */
export async function collectGcsExposure(
  calls: GcsCalls,
  bucket: BucketRef,
  targets: readonly Target[] = [],
): Promise<GcsEvidence> {
  const ask = <T>(question: GcsQuestion, what: string, query: Record<string, string> = {}): Promise<Fact<T>> =>
    askGcs(question, calls.isCustom, () =>
      calls.json<T>(operationOf(question, bucket), calls.url(bucket, what, query)),
    );

  const metadata = await ask<Metadata>(GCS_FACTS.metadata, '', {
    fields: 'name,projectNumber,iamConfiguration,billing,ipFilter',
  });
  const { projectNumber = null, ...settings } = (metadata.state === 'known' ? metadata.value : null) ?? {};
  const isUniform = settings.iamConfiguration?.uniformBucketLevelAccess?.enabled === true;
  const list = async (question: GcsQuestion, what: string): Promise<Fact<GcsAclEntry[]>> =>
    isUniform
      ? VOID
      : mapped(await ask<{ items?: GcsAclEntry[] }>(question, what), ({ items = [] }) => items.map(plain));

  const [iamPolicy, acl, defaultObjectAcl, objectAcls, managedFolders, above] = await Promise.all([
    ask<Partial<GcsPolicy>>(GCS_FACTS.iamPolicy, '/iam', { optionsRequestedPolicyVersion: '3' }).then(policyOf),
    list(GCS_FACTS.acl, '/acl'),
    list(GCS_FACTS.defaultObjectAcl, '/defaultObjectAcl'),
    isUniform ? VOID : sampleAcls(calls, bucket, targets),
    // A bucket of which nothing is known is asked too: then these calls say what they can.
    metadata.state === 'known' && !isUniform ? VOID : folders(calls, bucket),
    factsAbove(calls, bucket, projectNumber),
  ]);
  const policies = [iamPolicy, ...valuesOf(managedFolders), ...valuesOf(above.inherited)];
  return {
    provider: 'gcs',
    bucket: bucket.name,
    owner: { project: above.project, projectNumber },
    metadata: metadata.state === 'known' ? { state: 'known', value: settings } : metadata,
    iamPolicy,
    acl,
    defaultObjectAcl,
    objectAcls,
    managedFolders,
    orgPolicy: above.orgPolicy,
    inherited: above.inherited,
    roles: await lookUpRoles(calls, bucket, policies),
    endpoint: calls.isCustom ? calls.base : null,
  };
}

/** ACLs of the first page of each target, or of the bucket. */
async function sampleAcls(
  calls: GcsCalls,
  bucket: BucketRef,
  targets: readonly Target[],
): Promise<GcsEvidence['objectAcls']> {
  const prefixes = new Set(targets.map(({ prefix }) => prefix));
  if (prefixes.size === 0) prefixes.add('');
  const objects: { name: string; acl: GcsAclEntry[] }[] = [];
  let isSample = !prefixes.has('');
  for (const prefix of prefixes) {
    const page = await askGcs(GCS_FACTS.objectAcls, calls.isCustom, () =>
      calls.json<{ items?: { name?: string; acl?: GcsAclEntry[] }[]; nextPageToken?: string }>(
        operationOf(GCS_FACTS.objectAcls, bucket),
        calls.url(bucket, '/o', {
          prefix,
          projection: 'full',
          maxResults: SAMPLE,
          fields: 'nextPageToken,items(name,acl(entity,role))',
        }),
      ),
    );
    if (page.state !== 'known') return page;
    for (const { name = '', acl = [] } of page.value?.items ?? []) objects.push({ name, acl: acl.map(plain) });
    if (page.value?.nextPageToken) isSample = true;
  }
  return { state: 'known', value: { objects, isSample } };
}

async function folders(calls: GcsCalls, bucket: BucketRef): Promise<GcsEvidence['managedFolders']> {
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const url = calls.url(bucket, '/managedFolders', { pageToken, fields: 'nextPageToken,items(name)' });
    const page = await askGcs(GCS_FACTS.managedFolders, calls.isCustom, () =>
      calls.json<{ items?: { name: string }[]; nextPageToken?: string }>(
        operationOf(GCS_FACTS.managedFolders, bucket),
        url,
      ),
    );
    if (page.state !== 'known') return page;
    names.push(...(page.value?.items ?? []).map(({ name }) => name));
    pageToken = page.value?.nextPageToken;
    if (names.length > MAX_FOLDERS) {
      return { state: 'refused', ...GCS_FACTS.managedFolders, reason: `more than ${MAX_FOLDERS} managed folders` };
    }
  } while (pageToken);
  const value: { name: string; iamPolicy: Fact<GcsPolicy> }[] = [];
  for (const name of names) {
    const url = calls.url(bucket, `/managedFolders/${encodeURIComponent(name)}/iam`, {
      optionsRequestedPolicyVersion: 3,
    });
    const question = GCS_FACTS.managedFolderPolicy;
    const policy = await askGcs(question, calls.isCustom, () =>
      calls.json<Partial<GcsPolicy>>(operationOf(question, bucket), url),
    );
    value.push({ name, iamPolicy: policyOf(policy) });
  }
  return { state: 'known', value };
}

function valuesOf(fact: Fact<{ iamPolicy: Fact<GcsPolicy> }[]>): Fact<GcsPolicy>[] {
  return fact.state === 'known' ? (fact.value ?? []).map(({ iamPolicy }) => iamPolicy) : [];
}

/** Without what Google adds: links, ids and addresses. */
function plain({ entity, role }: GcsAclEntry): GcsAclEntry {
  return { entity, role };
}
