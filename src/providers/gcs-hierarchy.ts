import type { Fact, GcsEvidence, GcsPolicy } from '../model/exposure.ts';
import type { BucketRef } from '../model/object.ts';
import { type GcsCalls, withQuery } from './gcs-calls.ts';
import { askGcs, type GcsQuestion, operationOf, policyOf } from './gcs-facts.ts';
import { GCS_FACTS } from './gcs-permissions.ts';

const MANAGERS = 'https://cloudresourcemanager.googleapis.com';
const ORG_POLICY = 'https://orgpolicy.googleapis.com';
const IAM = 'https://iam.googleapis.com';
const CONSTRAINT = 'storage.publicAccessPrevention';
/** Google allows ten levels of folders. */
const MAX_LEVELS = 12;
const MAX_ROLES = 50;

interface Above extends Pick<GcsEvidence, 'orgPolicy' | 'inherited'> {
  /** Id of the project. */
  project: string | null;
}

interface Resource {
  projectId?: string;
  /** `folders/1` or `organizations/2`; an organisation has none. */
  parent?: string;
}

/** What stands above the bucket: its project, folders and organisation. A custom endpoint may be of another house. */
export async function factsAbove(calls: GcsCalls, bucket: BucketRef, projectNumber: string | null): Promise<Above> {
  const base = managementOf(calls);
  if (calls.isCustom && base === null) {
    return {
      project: null,
      orgPolicy: { state: 'unsupported', call: GCS_FACTS.orgPolicy.call },
      inherited: { state: 'unsupported', call: 'resourcemanager.projects.getIamPolicy' },
    };
  }
  if (projectNumber === null) {
    const reason = 'the project is not known';
    return {
      project: null,
      orgPolicy: { state: 'refused', ...GCS_FACTS.orgPolicy, reason },
      inherited: {
        state: 'refused',
        call: 'resourcemanager.projects.getIamPolicy',
        permission: 'resourcemanager.projects.getIamPolicy',
        reason,
      },
    };
  }
  const first = `projects/${projectNumber}`;
  const [orgPolicy, levels] = await Promise.all([
    askOrgPolicy(calls, bucket, `${base ?? ORG_POLICY}/v2/${first}/policies/${CONSTRAINT}:getEffectivePolicy`),
    askLevels(calls, bucket, base ?? MANAGERS, first),
  ]);
  return { orgPolicy, ...levels };
}

function managementOf({ options }: GcsCalls): string | null {
  return options.managementEndpoint?.replace(/\/+$/, '') ?? null;
}

async function askOrgPolicy(calls: GcsCalls, bucket: BucketRef, url: string): Promise<GcsEvidence['orgPolicy']> {
  const fact = await askGcs(GCS_FACTS.orgPolicy, calls.isCustom, () =>
    calls.json<{ spec?: { rules?: { enforce?: boolean }[] } }>(operationOf(GCS_FACTS.orgPolicy, bucket), url),
  );
  if (fact.state !== 'known') return fact;
  const rules = fact.value?.spec?.rules ?? [];
  return { state: 'known', value: { publicAccessPrevention: rules.some(({ enforce }) => enforce === true) } };
}

/** Policies from the project upwards. A level whose parent cannot be asked for ends the walk, and is told as one. */
async function askLevels(
  calls: GcsCalls,
  bucket: BucketRef,
  base: string,
  first: string,
): Promise<Pick<Above, 'project' | 'inherited'>> {
  const levels: { resource: string; iamPolicy: Fact<GcsPolicy> }[] = [];
  let project: string | null = null;
  let resource: string | undefined = first;
  while (resource !== undefined && levels.length < MAX_LEVELS) {
    const kind: string = resource.split('/')[0] ?? '';
    const permission = `resourcemanager.${kind}.getIamPolicy`;
    const question: GcsQuestion = { call: permission, permission };
    const url: string = `${base}/v3/${resource}`;
    const policy: Fact<Partial<GcsPolicy>> = await askGcs(question, calls.isCustom, () =>
      calls.json<Partial<GcsPolicy>>(operationOf(question, bucket), `${url}:getIamPolicy`, undefined, {
        options: { requestedPolicyVersion: 3 },
      }),
    );
    levels.push({ resource, iamPolicy: policyOf(policy) });
    if (kind === 'organizations') break;
    const get: string = `resourcemanager.${kind}.get`;
    const found: Fact<Resource> = await askGcs({ call: get, permission: get }, calls.isCustom, () =>
      calls.json<Resource>(operationOf({ call: get, permission: get }, bucket), url),
    );
    if (found.state !== 'known') {
      const next: Fact<GcsPolicy> =
        found.state === 'refused' ? { ...found, reason: `${found.reason}: what is above is not known` } : found;
      levels.push({ resource: `above ${resource}`, iamPolicy: next });
      break;
    }
    project ??= found.value?.projectId ?? null;
    resource = found.value?.parent;
  }
  return { project, inherited: { state: 'known', value: levels } };
}

/** Custom roles say nothing by their names. */
export async function lookUpRoles(
  calls: GcsCalls,
  bucket: BucketRef,
  policies: readonly Fact<GcsPolicy>[],
): Promise<GcsEvidence['roles']> {
  const bindings = policies.flatMap((policy) => (policy.state === 'known' ? (policy.value?.bindings ?? []) : []));
  const custom = new Set(bindings.map(({ role }) => role).filter((role) => /^(projects|organizations)\//.test(role)));
  const base = managementOf(calls);
  if (calls.isCustom && base === null) return {};
  const roles: Record<string, Fact<string[]>> = {};
  for (const role of [...custom].slice(0, MAX_ROLES)) {
    const url = withQuery(`${base ?? IAM}/v1/${role}`, { fields: 'includedPermissions' });
    const fact = await askGcs(GCS_FACTS.role, calls.isCustom, () =>
      calls.json<{ includedPermissions?: string[] }>(operationOf(GCS_FACTS.role, bucket), url),
    );
    roles[role] = fact.state === 'known' ? { state: 'known', value: fact.value?.includedPermissions ?? [] } : fact;
  }
  return roles;
}
