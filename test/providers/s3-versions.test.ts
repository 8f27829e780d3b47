import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { isAssayError } from '../../src/errors.ts';
import { startFaultProxy } from '../servers/fault-proxy.ts';
import { startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { keysOf, list, listPages, readAll } from './contract.ts';
import { put, remove, s3Bucket, s3Provider } from './s3-harness.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());

serverTest(moto, 'earlier versions are listed and read on request only, each pinned', async (server, t) => {
  const { client, credentials } = server;
  const bucket = s3Bucket('versions');
  await client.send(new CreateBucketCommand({ Bucket: bucket.name }));
  await put(client, bucket, 'a key +%/é', 'from before versioning');
  await client.send(
    new PutBucketVersioningCommand({ Bucket: bucket.name, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await put(client, bucket, 'a key +%/é', 'second');
  await put(client, bucket, 'a key +%/é', 'third state');
  await put(client, bucket, 'deleted', 'gone from listings');
  await remove(client, bucket, 'deleted');

  const proxy = await startFaultProxy(server.endpoint);
  t.after(() => proxy.stop());
  const plain = s3Provider({ ...server, endpoint: proxy.endpoint }, credentials);
  const [current, ...none] = await list({ provider: plain, bucket });
  assert.deepEqual(none, []);
  const provider = s3Provider({ ...server, endpoint: proxy.endpoint }, credentials, { versions: true, pageSize: 1 });
  const objects = await list({ provider, bucket });
  assert.deepEqual(keysOf(objects).sort(), ['a key +%/é', 'a key +%/é', 'a key +%/é', 'deleted']);
  assert.equal(new Set(objects.map(({ version }) => version)).size, 4);
  assert.ok(
    objects.some(({ version }) => version === current?.version),
    'the current state keeps its name',
  );
  const bodies = await Promise.all(objects.map((object) => readAll({ provider }, object)));
  assert.deepEqual(bodies.sort(), ['from before versioning', 'gone from listings', 'second', 'third state']);
  assert.equal((await list({ provider, bucket }, { prefix: 'del' })).length, 1);

  const pages = await listPages({ provider, bucket });
  assert.ok(pages.length >= 4, `${pages.length} pages`);
  const rest = await listPages({ provider, bucket }, {}, pages[1]?.cursor ?? null);
  assert.deepEqual(
    rest.flatMap((page) => page.objects),
    objects.slice(pages.slice(0, 2).flatMap((page) => page.objects).length),
  );

  const earlier = objects.find(({ key, version }) => key !== 'deleted' && version.startsWith('version:'));
  assert.ok(earlier !== undefined);
  const denied = { kind: 'status', status: 403, code: 'AccessDenied', times: 9 } as const;
  proxy.inject({ ...denied, when: ({ url }) => url.includes('versionId=') });
  await assert.rejects(readAll({ provider }, earlier), (error) => {
    assert.ok(isAssayError(error));
    assert.deepEqual([error.code, error.permission], ['access-denied', 's3:GetObjectVersion']);
    return true;
  });
  proxy.inject({ ...denied, when: ({ url }) => url.includes('versions') });
  await assert.rejects(list({ provider, bucket }), /s3:ListObjectVersions on s3:\/\/versions: .*s3:ListBucketVersions/);
});
