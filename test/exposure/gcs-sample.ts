import fc from 'fast-check';
import { type ExposureContext, evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import type { Exposure, Fact, GcsBinding, GcsBucket, GcsEvidence, GcsPolicy } from '../../src/model/exposure.ts';

export const OWN = 'own-project';
export const NOW = '2026-01-02T03:04:05Z';

export function known<T>(value: T | null): Fact<T> {
  return { state: 'known', value };
}
export function refused<T>(call: string, reason = 'AccessDenied'): Fact<T> {
  return { state: 'refused', call, reason, permission: call };
}

export const UNIFORM: GcsBucket = {
  iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'inherited' },
};
export const FINE: GcsBucket = {
  iamConfiguration: { uniformBucketLevelAccess: { enabled: false }, publicAccessPrevention: 'inherited' },
};

/** The same bucket with public access prevention. */
export function prevented(bucket: GcsBucket): GcsBucket {
  return { ...bucket, iamConfiguration: { ...bucket.iamConfiguration, publicAccessPrevention: 'enforced' } };
}

/** A bucket `lake` of project `own-project`, number 11, of which everything is known and nothing is given to anybody. */
export function lake(facts: Partial<GcsEvidence> = {}): GcsEvidence {
  return {
    provider: 'gcs',
    bucket: 'lake',
    owner: { project: OWN, projectNumber: '11' },
    metadata: known(UNIFORM),
    iamPolicy: known<GcsPolicy>(null),
    acl: known([]),
    defaultObjectAcl: known([]),
    objectAcls: known({ objects: [], isSample: false }),
    managedFolders: known([]),
    orgPolicy: known({ publicAccessPrevention: false }),
    inherited: known([]),
    roles: {},
    endpoint: null,
    ...facts,
  };
}

export function binding(role: string, members: string | string[], expression?: string): GcsBinding {
  const condition = expression === undefined ? {} : { condition: { expression } };
  return { role: `roles/${role}`, members: [members].flat(), ...condition };
}

export function policy(...bindings: GcsBinding[]): Fact<GcsPolicy> {
  return known({ bindings });
}

export type Judged = Exposure & { public: boolean | 'unknown' };

export function judge(facts: Partial<GcsEvidence>, context: Partial<ExposureContext> = {}): Judged {
  const found = evaluateExposure(lake(facts), { collectedAt: NOW, ...context });
  return { ...found, public: isPublic(found) };
}

/** Classes of actions that have this reach. */
export function reaching({ effective }: Exposure, reach: string): string[] {
  return Object.entries(effective).flatMap(([action, found]) => (found === reach ? [action] : []));
}

const MEMBERS = [
  'allUsers',
  'allAuthenticatedUsers',
  'user:a@example.com',
  'serviceAccount:sa@other.iam.gserviceaccount.com',
  'deleted:user:b@example.com?uid=1',
  `projectOwner:${OWN}`,
];
const ROLES = [
  'storage.objectViewer',
  'storage.objectCreator',
  'storage.admin',
  'storage.legacyBucketReader',
  'viewer',
];

const bindings = fc.array(
  fc.record({
    role: fc.constantFrom(...ROLES.map((name) => `roles/${name}`), 'projects/p/roles/custom'),
    members: fc.uniqueArray(fc.constantFrom(...MEMBERS), { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 4 },
);
const policies = bindings.map((all): Fact<GcsPolicy> => known({ bindings: all }));
const entries = fc.array(
  fc.record({
    entity: fc.constantFrom('allUsers', 'allAuthenticatedUsers', 'project-owners-11', 'user-a@example.com'),
    role: fc.constantFrom('READER', 'WRITER', 'OWNER'),
  }),
  { maxLength: 3 },
);

/** Buckets of all kinds. */
export const lakes: fc.Arbitrary<GcsEvidence> = fc
  .record({
    metadata: fc.constantFrom(known(UNIFORM), known(FINE), known({}), refused<GcsBucket>('storage.buckets.get')),
    iamPolicy: fc.oneof(policies, fc.constant(refused<GcsPolicy>('storage.buckets.getIamPolicy'))),
    acl: entries.map(known),
    objectAcls: entries.map((acl) => known({ objects: [{ name: 'a/b', acl }], isSample: false })),
    managedFolders: policies.map((iamPolicy) => known([{ name: 'open/', iamPolicy }])),
    inherited: policies.map((iamPolicy) => known([{ resource: 'projects/11', iamPolicy }])),
  })
  .map(lake);
