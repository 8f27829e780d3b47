import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type ExposureContext, evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import type { GcsEvidence } from '../../src/model/exposure.ts';
import {
  GCS_BUCKET_PERMISSIONS,
  GCS_DISCOVERY,
  GCS_FACTS,
  GCS_PROJECT_PERMISSIONS,
  type GcsScope,
  leastGcsRole,
} from '../../src/providers/gcs-permissions.ts';
import { coded, list, readAll } from './contract.ts';
import { type Answer, denied, gcsBucket, gcsProvider, startGoogleStub } from './gcs-harness.ts';

const bucket = gcsBucket('lake');
const BUCKET = '/storage/v1/b/lake';
const UNIFORM = { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'inherited' };
const CLOSED = { body: { bindings: [{ role: 'roles/storage.objectViewer', members: ['user:a@example.com'] }] } };
const NOW: ExposureContext = { collectedAt: '2026-01-02T03:04:05Z' };

/** A bucket `lake` of project `own` (number 11) in folder 22 of organisation 33, all of which answer. */
const ROUTES: Readonly<Record<string, Answer>> = {
  [BUCKET]: { body: { name: 'lake', projectNumber: '11', iamConfiguration: UNIFORM } },
  [`${BUCKET}/iam`]: CLOSED,
  [`${BUCKET}/managedFolders`]: { body: { items: [{ name: 'open/' }] } },
  [`${BUCKET}/managedFolders/open%2F/iam`]: { body: {} },
  '/v2/projects/11/policies/storage.publicAccessPrevention:getEffectivePolicy': {
    body: { spec: { rules: [{ enforce: false }] } },
  },
  '/v3/projects/11': { body: { projectId: 'own', parent: 'folders/22' } },
  '/v3/projects/11:getIamPolicy': { body: {} },
  '/v3/folders/22': { body: { parent: 'organizations/33' } },
  '/v3/folders/22:getIamPolicy': { body: {} },
  '/v3/organizations/33:getIamPolicy': { body: {} },
};

async function collect(t: TestContext, changes: Record<string, Answer> = {}) {
  const routes = { ...ROUTES, ...changes };
  const google = await startGoogleStub((path) => routes[path]);
  t.after(() => google.stop());
  const provider = gcsProvider(google.endpoint, { managementEndpoint: google.endpoint, maxRetries: 1 });
  const evidence = await provider.collectExposure(bucket);
  await provider.close();
  return { evidence, seen: google.seen };
}

/** As if Google itself had answered. */
function judge(evidence: GcsEvidence) {
  const found = evaluateExposure({ ...evidence, endpoint: null }, NOW);
  return { ...found, public: isPublic(found) };
}

test('everything on the bucket and above it is asked, and nothing is written', async (t) => {
  const { evidence, seen } = await collect(t);
  assert.deepEqual(evidence.owner, { project: 'own', projectNumber: '11' });
  assert.equal(evidence.iamPolicy.state, 'known');
  assert.deepEqual(evidence.managedFolders, {
    state: 'known',
    value: [{ name: 'open/', iamPolicy: { state: 'known', value: { bindings: [] } } }],
  });
  assert.deepEqual(evidence.inherited.state === 'known' && evidence.inherited.value?.map(({ resource }) => resource), [
    'projects/11',
    'folders/22',
    'organizations/33',
  ]);
  assert.deepEqual(evidence.orgPolicy, { state: 'known', value: { publicAccessPrevention: false } });
  for (const { method, url } of seen) {
    assert.ok(method === 'GET' || (method === 'POST' && url.endsWith(':getIamPolicy')), `${method} ${url}`);
    if (url.includes('/iam?')) assert.match(url, /optionsRequestedPolicyVersion=3/);
  }
  const { public: isOpen, unknowns } = judge(evidence);
  assert.deepEqual([isOpen, unknowns], [false, []]);
});

test('ACLs are asked only while they count, those of objects for a page of each target', async (t) => {
  const everyone = { entity: 'allUsers', role: 'READER' };
  const fine = { uniformBucketLevelAccess: { enabled: false }, publicAccessPrevention: 'inherited' };
  const { evidence, seen } = await collect(t, {
    [BUCKET]: { body: { name: 'lake', projectNumber: '11', iamConfiguration: fine } },
    [`${BUCKET}/acl`]: { body: { items: [{ kind: 'storage#bucketAccessControl', ...everyone, etag: 'x' }] } },
    [`${BUCKET}/defaultObjectAcl`]: { body: {} },
    [`${BUCKET}/o`]: { body: { items: [{ name: 'a/1', acl: [everyone] }, { name: 'a/2' }], nextPageToken: 'more' } },
  });
  assert.deepEqual(evidence.acl, { state: 'known', value: [everyone] });
  assert.deepEqual(evidence.objectAcls, {
    state: 'known',
    value: {
      objects: [
        { name: 'a/1', acl: [everyone] },
        { name: 'a/2', acl: [] },
      ],
      isSample: true,
    },
  });
  const found = judge(evidence);
  assert.deepEqual([found.effective.list, found.effective.read], ['public', 'public']);
  const [onObjects] = found.grants.filter(({ path }) => path === 'object-acl');
  assert.deepEqual(onObjects?.scope.prefixes, ['a/*']);
  assert.ok(!(await collect(t)).seen.some(({ url }) => /\/(acl|defaultObjectAcl|o)(\?|$)/.test(url)));
  assert.ok(!seen.some(({ url }) => url.includes('managedFolders')));
});

test('a refused call is unknown and names the permission that is missing', async (t) => {
  const decisive = [BUCKET, `${BUCKET}/iam`, `${BUCKET}/managedFolders`, '/v3/projects/11:getIamPolicy'];
  for (const path of decisive) {
    const { evidence } = await collect(t, { [path]: denied(403, 'forbidden', 'no') });
    const found = judge(evidence);
    assert.equal(found.public, 'unknown', path);
    const [permission = ''] = found.unknowns.map((one) => one.permission);
    assert.ok(
      [...GCS_BUCKET_PERMISSIONS, ...GCS_PROJECT_PERMISSIONS].some((one) => one === permission),
      path,
    );
    assert.ok(found.fix.some((line) => line.includes(permission)));
  }
  const { evidence } = await collect(t, {
    '/v2/projects/11/policies/storage.publicAccessPrevention:getEffectivePolicy': denied(403, 'forbidden', 'no'),
  });
  const { public: isOpen, unknowns } = judge(evidence);
  assert.deepEqual([isOpen, unknowns.map((one) => one.permission)], [false, ['orgpolicy.policy.get']]);
});

test('a level that cannot be climbed over is told, and what is above it is not taken for nothing', async (t) => {
  const { evidence } = await collect(t, { '/v3/folders/22': denied(403, 'forbidden', 'no') });
  const found = judge(evidence);
  assert.equal(found.public, 'unknown');
  assert.ok(found.because.some((line) => line.includes('above folders/22')));
});

test('a grant on the project, a managed folder or through a custom role reaches the bucket', async (t) => {
  const everyone = (role: string) => ({ body: { bindings: [{ role, members: ['allUsers'] }] } });
  const onProject = judge(
    (await collect(t, { '/v3/projects/11:getIamPolicy': everyone('roles/storage.objectViewer') })).evidence,
  );
  assert.deepEqual([onProject.public, onProject.effective.read], [true, 'public']);
  assert.match(onProject.because.join(), /binding 0 of the IAM policy of projects\/11, roles\/storage\.objectViewer/);

  const folder = { [`${BUCKET}/managedFolders/open%2F/iam`]: everyone('roles/storage.objectViewer') };
  const [grant] = judge((await collect(t, folder)).evidence).grants.filter(({ path }) => path === 'managed-folder');
  assert.deepEqual([grant?.state, grant?.scope.prefixes], ['effective', ['open/*']]);

  const custom = { [`${BUCKET}/iam`]: everyone('projects/own/roles/reader') };
  const role = '/v1/projects/own/roles/reader';
  const refused = judge((await collect(t, { ...custom, [role]: denied(403, 'forbidden', 'no') })).evidence);
  assert.equal(refused.public, 'unknown');
  assert.ok(refused.unknowns.some(({ permission }) => permission === 'iam.roles.get'));
  const known = { [role]: { body: { includedPermissions: ['storage.objects.get', 'compute.instances.get'] } } };
  assert.deepEqual(judge((await collect(t, { ...custom, ...known })).evidence).effective.read, 'public');
});

test('a bucket that is not there and credentials that are not accepted are errors, not lists of unknowns', async (t) => {
  const gone = denied(404, 'notFound', 'The specified bucket does not exist.');
  await assert.rejects(collect(t, { [BUCKET]: gone }), coded('bucket-not-found'));
  await assert.rejects(collect(t, { [BUCKET]: denied(401, 'authError', 'Invalid') }), coded('bad-credentials'));
});

/** What Google asks for each call of a run. */
const PERMISSION_OF: readonly [method: string, path: RegExp, permission: string][] = [
  ['GET', /^\/storage\/v1\/b\/[^/]+$/, 'storage.buckets.get'],
  ['GET', /\/b\/[^/]+\/(iam|acl|defaultObjectAcl)$/, 'storage.buckets.getIamPolicy'],
  ['GET', /\/o\?.*projection=full/, 'storage.objects.getIamPolicy'],
  ['GET', /\/b\/[^/]+\/o$/, 'storage.objects.list'],
  ['GET', /\/o\/[^/]+$/, 'storage.objects.get'],
  ['GET', /\/managedFolders$/, 'storage.managedFolders.list'],
  ['GET', /\/managedFolders\/[^/]+\/iam$/, 'storage.managedFolders.getIamPolicy'],
  ['GET', /^\/v3\/projects\/\d+$/, 'resourcemanager.projects.get'],
  ['POST', /^\/v3\/projects\/\d+:getIamPolicy$/, 'resourcemanager.projects.getIamPolicy'],
  ['GET', /:getEffectivePolicy$/, 'orgpolicy.policy.get'],
  ['GET', /^\/v1\/projects\/.*\/roles\//, 'iam.roles.get'],
];

test('a run of listing, reading and asking makes no call outside the least role', async (t) => {
  const fine = { uniformBucketLevelAccess: { enabled: false } };
  const custom = { body: { bindings: [{ role: 'projects/own/roles/reader', members: ['allUsers'] }] } };
  for (const iamConfiguration of [UNIFORM, fine]) {
    const routes: Record<string, Answer> = {
      ...ROUTES,
      [BUCKET]: { body: { name: 'lake', projectNumber: '11', iamConfiguration } },
      [`${BUCKET}/iam`]: custom,
      '/v3/projects/11': { body: { projectId: 'own' } },
      [`${BUCKET}/o`]: { body: { items: [{ name: 'a', generation: '7', size: '4', updated: '', acl: [] }] } },
      [`${BUCKET}/o/a`]: { body: 'text', headers: { 'x-goog-generation': '7' } },
    };
    const google = await startGoogleStub((path) => routes[path]);
    t.after(() => google.stop());
    const provider = gcsProvider(google.endpoint, { managementEndpoint: google.endpoint });
    for (const object of await list({ provider, bucket })) assert.equal(await readAll({ provider }, object), 'text');
    await provider.collectExposure(bucket);
    const { includedPermissions } = leastGcsRole() as { includedPermissions: string[] };
    for (const { method, url } of google.seen) {
      const path = url.split('?')[0] ?? '';
      const asked = PERMISSION_OF.find(([verb, shape]) => verb === method && (shape.test(url) || shape.test(path)));
      assert.ok(asked !== undefined && includedPermissions.includes(asked[2]), `${method} ${url}`);
    }
  }
});

test('the role that the documentation shows is the one that is printed', () => {
  const text = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, block = '']) => JSON.parse(block));
  assert.deepEqual(
    blocks.find((block) => 'includedPermissions' in block),
    leastGcsRole(),
  );
});

test('the least role holds every permission that a fact may need', () => {
  const { includedPermissions } = leastGcsRole() as { includedPermissions: string[] };
  for (const { permission } of Object.values(GCS_FACTS))
    assert.ok(includedPermissions.includes(permission), permission);
  for (const permission of includedPermissions) assert.match(permission, /\.(get|list|getIamPolicy)$/);
});

test('the role for every bucket adds what lists them, and what stands above their projects', () => {
  const text = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const permissionsOf = (scope: GcsScope) =>
    (leastGcsRole(scope) as { includedPermissions: string[] }).includedPermissions.slice(
      (leastGcsRole() as { includedPermissions: string[] }).includedPermissions.length,
    );
  assert.deepEqual(permissionsOf('project'), ['storage.buckets.list']);
  const above = permissionsOf('organization');
  for (const { permission } of Object.values(GCS_DISCOVERY)) assert.ok(above.includes(permission), permission);
  for (const permission of above) assert.ok(text.includes(`\`${permission}\``), permission);
});
