import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { isAssayError } from '../../src/errors.ts';
import { discoverTargets } from '../../src/providers/discover-targets.ts';
import type { ProviderOptions } from '../../src/providers/open-provider.ts';
import { parseTargets } from '../../src/providers/parse-targets.ts';
import { startFakeGcs } from '../servers/fake-gcs.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { type Answer, denied, type GoogleStub, newGcsBucket, startGoogleStub } from './gcs-harness.ts';

const fake = await optional(startFakeGcs);
after(() => fake.server?.stop());

const project = (projectId: string, state = 'ACTIVE') => ({ name: `projects/${projectId.length}`, projectId, state });
const folder = (id: number, state = 'ACTIVE') => ({ name: `folders/${id}`, state });
const refused = denied(403, 'forbidden', 'The caller does not have permission');

/** What `organizations/9` and the folders below it hold, by parent; a refusal instead of a list. */
type Tree = Record<string, { projects?: object[] | Answer; folders?: object[] | Answer }>;

/** Resource Manager with pages of one, and buckets named after their projects. */
async function google(t: TestContext, tree: Tree, bucketsOf?: (projectId: string) => Answer): Promise<GoogleStub> {
  const stub = await startGoogleStub((path, query) => {
    if (path === '/storage/v1/b') {
      const id = query.get('project') ?? '';
      return bucketsOf?.(id) ?? { body: { items: [{ name: `bucket-of-${id}` }] } };
    }
    const [, what] = /^\/v3\/(projects|folders)$/.exec(path) ?? [];
    const held = tree[query.get('parent') ?? '']?.[what as 'projects' | 'folders'] ?? [];
    if (!Array.isArray(held)) return held;
    const at = Number(query.get('pageToken') ?? 0);
    const next = at + 1 < held.length ? { nextPageToken: `${at + 1}` } : {};
    return { body: { [what ?? '']: held.slice(at, at + 1), ...next } };
  });
  t.after(() => stub.stop());
  return stub;
}

async function discover(stub: GoogleStub, parent: string, options: ProviderOptions['gcs'] = {}) {
  const gcs = { endpoint: stub.endpoint, managementEndpoint: stub.endpoint, retryBaseMs: 1, ...options };
  const { targets } = await discoverTargets(parseTargets(['gs://'], '/', parent), { gcs, retryBaseMs: 1 });
  return targets;
}

test('gs:// of an organisation means the buckets of its active projects, in folders of folders too', async (t) => {
  const stub = await google(t, {
    'organizations/9': {
      projects: [project('top'), project('gone', 'DELETE_REQUESTED')],
      folders: [folder(1), folder(2)],
    },
    'folders/1': {
      projects: [project('team-a'), project('team-b')],
      folders: [folder(3), folder(4, 'DELETE_REQUESTED')],
    },
    'folders/3': { projects: [project('deep')] },
    'folders/4': { projects: [project('buried')] },
  });
  const targets = await discover(stub, 'organizations/9');
  assert.deepEqual(
    targets.map(({ bucket }) => bucket.uri),
    ['top', 'team-a', 'team-b', 'deep'].map((id) => `gs://bucket-of-${id}`),
  );
  assert.deepEqual(
    (await discover(stub, 'folders/3')).map(({ text }) => text),
    ['gs://bucket-of-deep'],
  );
  assert.ok(stub.seen.every(({ method }) => method === 'GET'));
});

test('a folder or project that is refused is named with the missing permission, and the rest goes on', async (t) => {
  const tree: Tree = {
    'folders/1': { projects: [project('open'), project('shut')], folders: [folder(2), folder(3)] },
    'folders/2': { projects: refused, folders: refused },
    'folders/3': { projects: [project('last')], folders: refused },
  };
  const stub = await google(t, tree, (id) =>
    id === 'shut' ? refused : { body: { items: [{ name: `bucket-of-${id}` }] } },
  );
  const targets = await discover(stub, 'folders/1');
  assert.deepEqual(
    targets.map(({ bucket, lost }) => [bucket.uri, lost?.code]),
    [
      ['gs://bucket-of-open', undefined],
      ['gs://?project=shut', 'access-denied'],
      ['gs://?folder=2', 'access-denied'],
      ['gs://bucket-of-last', undefined],
      ['gs://?folder=3', 'access-denied'],
    ],
  );
  const told = targets.map(({ lost }) => lost?.message ?? '');
  assert.match(told[1] ?? '', /lacks storage\.buckets\.list/);
  assert.match(told[2] ?? '', /lacks resourcemanager\.projects\.list.*lacks resourcemanager\.folders\.list/);
  assert.match(told[4] ?? '', /lacks resourcemanager\.folders\.list/);
});

test('an organisation that is refused, and a store without any, end with one clear error', async (t) => {
  const stub = await google(t, { 'organizations/9': { projects: refused, folders: refused } });
  await assert.rejects(discover(stub, 'organizations/9'), (error) => {
    assert.ok(isAssayError(error));
    assert.deepEqual([error.code, error.permission], ['access-denied', 'resourcemanager.projects.list']);
    return true;
  });
  await assert.rejects(discover(stub, 'folders/1', { managementEndpoint: null }), /has no folders and organisations/);
});

test('a busy Resource Manager is asked again, and a page that names itself ends the listing loudly', async (t) => {
  let busy = 2;
  const stub = await startGoogleStub((path, query) => {
    if (path === '/storage/v1/b') return { body: { items: [{ name: 'one-bucket' }] } };
    if (busy > 0) {
      busy -= 1;
      return denied(429, 'rateLimitExceeded', 'Quota exceeded');
    }
    if (path === '/v3/folders') return { body: {} };
    const isLoop = query.get('parent') === 'folders/2';
    return { body: { projects: [project('one')], ...(isLoop ? { nextPageToken: 'again' } : {}) } };
  });
  t.after(() => stub.stop());
  assert.equal((await discover(stub, 'folders/1')).length, 1);
  await assert.rejects(discover(stub, 'folders/2'), /names itself as the next one/);
});

serverTest(fake, 'buckets of the store are found through Resource Manager beside it', async (server, t) => {
  const bucket = await newGcsBucket(server);
  const stub = await google(t, { 'folders/1': { projects: [project('test')] } });
  const targets = await discover(stub, 'folders/1', { endpoint: server.endpoint });
  assert.deepEqual(
    targets.map((target) => target.bucket),
    [bucket],
  );
});
