import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { ContainerSASPermissions } from '@azure/storage-blob';
import { type CliResult, runCli } from '../cli/run-cli.ts';
import { blobOf, type NewContainer, newContainer, put } from '../providers/azure-harness.ts';
import { type Azurite, startAzurite } from '../servers/azurite.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { CHAT, KEY_ID, s3Scan } from './s3-scan.ts';

const azurite = await optional(startAzurite);
after(() => azurite.server?.stop());
const env = azurite.server?.env ?? {};
const { run, report } = s3Scan(env);
const folder = mkdtempSync(join(tmpdir(), 'assay-azure-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function assay(args: string[], over: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, { cwd: folder, env: { ...env, HOME: folder, ASSAY_HOME: join(folder, 'home'), ...over } });
}

async function containerWithChat(server: Azurite, level?: 'blob' | 'container'): Promise<NewContainer> {
  const one = await newContainer(server);
  await put(server, one, 'train/chat.jsonl', CHAT);
  await put(server, one, 'train/clean.txt', 'nothing to see here\n');
  await put(server, one, 'train/', '');
  if (level !== undefined) await one.container.setAccessPolicy(level);
  return one;
}

serverTest(
  azurite,
  'a public container with a key in a JSONL: what is open, why, where the key is and what to change',
  async (server) => {
    const { bucket, container } = await containerWithChat(server, 'container');
    const anonymous = await fetch(`${container.url}/train/chat.jsonl`);
    assert.equal(anonymous.status, 200);
    const { code, stdout, stderr, report: json } = await report([bucket.uri]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(json.coverage.objects, { listed: 3, complete: 3, reused: 0, partial: 0, skipped: 0, failed: 0 });
    const [one] = json.buckets;
    assert.ok(one !== undefined);
    assert.deepEqual([one.uri, one.provider], [bucket.uri, 'azure-blob']);
    assert.deepEqual(
      [one.sensitivity.level, one.exposure.verdict, one.risk.level],
      ['restricted', 'public', 'critical'],
    );
    const { list, read, write } = one.exposure.effective;
    assert.deepEqual([list, read, write, one.exposure.vendorPublic], ['public', 'public', 'private', true]);
    assert.match(one.exposure.because[0] ?? '', /^Anyone on the internet can list the keys and read objects/);
    assert.match(one.exposure.fix.join('\n'), /az storage container set-permission --account-name assaytest/);

    const [finding, ...others] = json.findings;
    assert.deepEqual(others, []);
    assert.deepEqual([finding?.issuer, finding?.level, finding?.count], ['aws', 'restricted', 1]);
    const [place] = finding?.locations ?? [];
    assert.deepEqual(
      [place?.object, place?.row, place?.pointer],
      [`${bucket.uri}/train/chat.jsonl`, 1, '/messages/1/content'],
    );
    for (const output of [stdout, stderr, JSON.stringify(json)]) {
      assert.ok(!output.includes(KEY_ID.slice(4)));
      assert.ok(!output.includes(server.key));
    }
    assert.equal((await run([bucket.uri, '--fail-on', 'critical'])).code, 1);
  },
);

serverTest(azurite, 'a container that nobody opened is private, a prefix of it is listed alone', async (server) => {
  const one = await containerWithChat(server);
  await put(server, one, 'other/file.txt', 'words\n');
  const { code, report: json } = await report([`${one.bucket.uri}/other/`]);
  assert.equal(code, 0);
  assert.equal(json.coverage.objects.listed, 1);
  assert.equal(json.buckets[0]?.exposure.verdict, 'private');
});

serverTest(
  azurite,
  'a scan with a SAS of one container finds what is in it and says what it may not know',
  async (server) => {
    const { bucket, container } = await containerWithChat(server);
    const url = await container.generateSasUrl({
      permissions: ContainerSASPermissions.parse('rl'),
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    const {
      code,
      stderr,
      report: json,
    } = await report([bucket.uri], {
      AZURE_STORAGE_CONNECTION_STRING: '',
      AZURE_STORAGE_ACCOUNT_URL: server.endpoint,
      AZURE_STORAGE_SAS_TOKEN: new URL(url).search,
    });
    assert.equal(code, 0, stderr);
    const [one] = json.buckets;
    assert.deepEqual([json.findings.length, one?.exposure.verdict, one?.risk.level], [1, 'unknown', 'high']);
    assert.match(JSON.stringify(one?.exposure.unknowns), /az:GetContainerProperties/);
    assert.ok(!JSON.stringify(json).includes('sig='));
  },
);

serverTest(azurite, 'a missing container and missing credentials end with one clear error', async (server) => {
  const missing = await run([`az://${server.account}/no-such-container`]);
  assert.equal(missing.code, 4);
  assert.match(missing.stderr, /az:ListBlobs on az:\/\/assaytest\/no-such-container: there is no such container/);
  const none = { AZURE_STORAGE_CONNECTION_STRING: '', AZURE_STORAGE_ACCOUNT_URL: server.endpoint };
  const bare = await run([`az://${server.account}/any`], none);
  assert.equal(bare.code, 4);
  assert.match(bare.stderr, /no usable credentials; set AZURE_STORAGE_CONNECTION_STRING/);
});

serverTest(azurite, 'assay exposure tells what the level of a container opens', async (server) => {
  const { bucket } = await containerWithChat(server, 'blob');
  const { code, stdout } = await assay(['exposure', bucket.uri, '-f', 'json']);
  assert.equal(code, 0);
  const answer = JSON.parse(stdout) as { public: unknown; effective: Record<string, string>; unknowns: unknown[] };
  assert.equal(answer.public, true);
  assert.deepEqual([answer.effective.list, answer.effective.read], ['private', 'public']);
  assert.deepEqual(answer.unknowns, []);
});

serverTest(azurite, 'what assay exposure records of a container is judged alike again', async (server) => {
  const { bucket } = await containerWithChat(server, 'container');
  const file = join(folder, 'facts.json');
  const live = await assay(['exposure', bucket.uri, '-f', 'json', '--record', file]);
  const again = await assay(['exposure', '--evidence', file, '-f', 'json']);
  assert.deepEqual([live.code, again.code], [0, 0], live.stderr + again.stderr);
  assert.deepEqual(JSON.parse(again.stdout), JSON.parse(live.stdout));
});

serverTest(azurite, 'snapshots are scanned on request, each as an object of its own', async (server) => {
  const one = await containerWithChat(server);
  await blobOf(server, one, 'train/chat.jsonl').createSnapshot();
  await put(server, one, 'train/chat.jsonl', 'clean now\n');
  const { report: current } = await report([one.bucket.uri]);
  assert.deepEqual([current.findings.length, current.coverage.objects.listed], [0, 3]);
  const { code, report: all } = await report([one.bucket.uri, '--azure-versions']);
  assert.equal(code, 0);
  assert.deepEqual([all.findings.length, all.coverage.objects.listed, all.coverage.objects.complete], [1, 4, 4]);
});

serverTest(azurite, 'assay doctor tries what a scan of a container needs', async (server) => {
  const { bucket } = await containerWithChat(server);
  const { code, stdout, stderr } = await assay(['doctor', bucket.uri, '-f', 'json']);
  assert.equal(code, 0, stdout + stderr);
  const { checks } = JSON.parse(stdout) as { checks: { group: string; name: string; status: string }[] };
  const statuses = Object.fromEntries(
    checks
      .filter(({ group }) => group === bucket.uri)
      .map(({ name, status }) => [name.split('/').slice(-3).join('/'), status]),
  );
  const identity = checks.filter(({ group }) => group === 'identity').map(({ name, status }) => `${name} ${status}`);
  assert.ok(identity.includes(`azure-blob ${server.account} ok`) && identity.includes('clock ok'), identity.join());
  assert.equal(statuses['az:ListBlobs'], 'ok');
  assert.equal(statuses['az:GetBlob'], 'ok');
  assert.equal(statuses['containers/getAcl/action'], 'ok');
  assert.equal(statuses['Microsoft.Storage/storageAccounts/read'], 'unsupported');
});

serverTest(azurite, 'assay doctor prints the role for a container', async () => {
  const { code, stdout } = await assay(['doctor', 'az://account/container', '--print-policy']);
  assert.equal(code, 0);
  const role = JSON.parse(stdout) as { Actions: string[]; DataActions: string[] };
  assert.deepEqual(role.DataActions, ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read']);
  for (const action of role.Actions) assert.match(action, /\/(read|getAcl\/action)$/);
});
