import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type CliResult, runCli } from '../cli/run-cli.ts';
import { denied, newGcsBucket, startGoogleStub } from '../providers/gcs-harness.ts';
import { type FakeGcs, startFakeGcs } from '../servers/fake-gcs.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { CHAT, KEY_ID, s3Scan } from './s3-scan.ts';

const fake = await optional(startFakeGcs);
after(() => fake.server?.stop());
const { run, report } = s3Scan(fake.server?.env ?? {});
const folder = mkdtempSync(join(tmpdir(), 'assay-gcs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function assay(server: FakeGcs, args: string[], over: Record<string, string> = {}): Promise<CliResult> {
  const env = { ...server.env, HOME: folder, ASSAY_HOME: join(folder, 'home'), ...over };
  return runCli(args, { cwd: folder, env });
}

serverTest(fake, 'a key in a JSONL of a bucket is found, told with its place and never shown', async (server) => {
  const { name, uri } = await newGcsBucket(server);
  await server.put(name, 'train/chat.jsonl', CHAT);
  await server.put(name, 'train/stored.jsonl', gzipSync(CHAT), 'gzip');
  await server.put(name, 'train/', '');
  await server.put(name, 'train/../clean.txt', 'nothing to see here\n');
  await server.put(name, 'other/chat.jsonl', CHAT);
  const { code, stdout, stderr, report: json } = await report([`${uri}/train/`]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(json.coverage.objects, { listed: 4, complete: 4, reused: 0, partial: 0, skipped: 0, failed: 0 });
  const [bucket] = json.buckets;
  assert.deepEqual([bucket?.uri, bucket?.provider], [uri, 'gcs']);
  const [finding, ...others] = json.findings;
  assert.deepEqual(others, []);
  assert.deepEqual([finding?.issuer, finding?.count, finding?.objects], ['aws', 2, 2]);
  const places = finding?.locations.map(({ object, row, pointer }) => [object, row, pointer]);
  assert.deepEqual(places, [
    [`${uri}/train/chat.jsonl`, 1, '/messages/1/content'],
    [`${uri}/train/stored.jsonl`, 1, '/messages/1/content'],
  ]);
  for (const output of [stdout, stderr, JSON.stringify(json)]) assert.ok(!output.includes(KEY_ID.slice(4)));
  assert.equal((await run([`${uri}/train/`, '--fail-on', 'high'])).code, 1);
});

serverTest(fake, 'a bucket that is not there fails, an empty one is incomplete', async (server) => {
  const { uri } = await newGcsBucket(server);
  const missing = await run(['gs://no-such-bucket']);
  assert.equal(missing.code, 4);
  assert.match(missing.stderr, /storage\.objects\.list on gs:\/\/no-such-bucket: there is no such bucket/);
  assert.equal((await run([uri])).code, 3);
  assert.equal((await run([uri, '--allow-empty'])).code, 0);
  assert.equal((await run(['gs://UPPER'])).code, 2);
});

serverTest(fake, 'the exposure of a bucket on an emulator says what the store lacks', async (server) => {
  const { uri } = await newGcsBucket(server);
  const { code, stdout, stderr } = await assay(server, ['exposure', uri, '-f', 'json']);
  assert.equal(code, 0, stderr);
  const answer = JSON.parse(stdout);
  assert.deepEqual([answer.id, answer.public, answer.verdict], [uri, false, 'private']);
  assert.match(answer.because.join(), /This store has no bucket IAM policy/);
});

serverTest(fake, 'doctor tries each permission on a bucket and prints the least role', async (server) => {
  const { name, uri } = await newGcsBucket(server);
  await server.put(name, 'a', 'b');
  const { code, stdout } = await assay(server, ['doctor', uri, '-f', 'json']);
  const checks: { group: string; name: string; status: string }[] = JSON.parse(stdout).checks;
  const own = checks.filter(({ group }) => group === uri).map(({ name: check, status }) => `${check} ${status}`);
  assert.equal(code, 0, stdout);
  for (const line of [
    'storage.objects.list ok',
    'storage.objects.get ok',
    'storage.buckets.get ok',
    'storage.buckets.getIamPolicy unsupported',
  ]) {
    assert.ok(own.includes(line), `${line} is not in ${own}`);
  }
  const policy = JSON.parse((await assay(server, ['doctor', uri, '--print-policy'])).stdout);
  assert.ok(policy.includedPermissions.includes('storage.objects.get'));
});

serverTest(
  fake,
  'gs:// with a folder scans the buckets of every project in it, and names the folder that is closed',
  async (server, t) => {
    const { name, uri } = await newGcsBucket(server);
    await server.put(name, 'chat.jsonl', CHAT);
    const google = await startGoogleStub((path, query) => {
      if (query.get('parent') === 'folders/2') return denied(403, 'forbidden', 'The caller does not have permission');
      if (path === '/v3/folders') return { body: { folders: [{ name: 'folders/2', state: 'ACTIVE' }] } };
      if (path === '/v3/projects') return { body: { projects: [{ projectId: 'test', state: 'ACTIVE' }] } };
      return undefined;
    });
    t.after(() => google.stop());
    const env = { ASSAY_GCS_MANAGEMENT_ENDPOINT: google.endpoint };
    const { code, stderr, report: json } = await report(['gs://', '--folder', '1'], env);
    assert.equal(code, 3, stderr);
    assert.ok(json.buckets.some((bucket) => bucket.uri === uri && bucket.sensitivity.level === 'restricted'));
    assert.match(json.result.reasons.join('\n'), /folder=2.*resourcemanager\.projects\.list/);

    const told = await assay(server, ['doctor', 'gs://', '--folder', '1', '-f', 'json'], env);
    const checks: { group: string; name: string; status: string }[] = JSON.parse(told.stdout).checks;
    assert.deepEqual(
      checks.filter(({ group }) => group === 'gs://').map(({ name: check, status }) => [check, status]),
      [
        ['buckets', 'ok'],
        ['gs://?folder=2', 'missing'],
      ],
    );
    assert.equal(told.code, 3);
    assert.equal((await run(['gs://', '--folder', '1', '--project', 'test'], env)).code, 2);
  },
);

serverTest(fake, 'recorded evidence of Google is judged line by line', async (server) => {
  const file = join(folder, 'evidence.jsonl');
  const bucket = { iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } };
  const iamPolicy = { bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }] };
  const one = { schema: 'assay.evidence/v1', id: 'open', provider: 'gcs', facts: { bucket, iamPolicy, acl: null } };
  const closed = { iamConfiguration: { ...bucket.iamConfiguration, publicAccessPrevention: 'enforced' } };
  const two = { ...one, id: 'prevented', facts: { ...one.facts, bucket: closed } };
  writeFileSync(file, `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`);
  const { code, stdout } = await assay(server, ['exposure', '--evidence', file, '-f', 'jsonl']);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(code, 0);
  assert.deepEqual(
    answers.map(({ id, public: isOpen }) => [id, isOpen]),
    [
      ['open', true],
      ['prevented', false],
    ],
  );
});
