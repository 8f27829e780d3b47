import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { isAssayError } from '../../src/errors.ts';
import type { BucketRef } from '../../src/model/object.ts';
import { discoverTargets } from '../../src/providers/discover-targets.ts';
import { parseTargets } from '../../src/providers/parse-targets.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { startFaultProxy } from '../servers/fault-proxy.ts';
import { startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { newBucket, put, s3Bucket, s3Provider } from './s3-harness.ts';

const [gateway, moto] = await Promise.all([optional(startVersitygw), optional(startMoto)]);
after(async () => {
  await gateway.server?.stop();
  await moto.server?.stop();
});

async function namesOf(provider: Provider, account = ''): Promise<{ pages: number; names: string[] }> {
  const pages: BucketRef[][] = [];
  for await (const page of provider.listBuckets?.(account) ?? []) pages.push(page);
  return { pages: pages.length, names: pages.flat().map(({ name }) => name) };
}

serverTest(gateway, 'buckets come page by page, each once', async (server) => {
  const made = [];
  for (let at = 0; at < 5; at++) made.push((await newBucket(server)).name);
  const provider = s3Provider(server, server.root, { pageSize: 2 });
  const { pages, names } = await namesOf(provider);
  assert.deepEqual(names, made.sort());
  assert.ok(pages >= 3, `${pages} pages`);
  await provider.close();
});

serverTest(moto, 'a bucket of a role is listed and read with the credentials of the role', async (server, t) => {
  const proxy = await startFaultProxy(server.endpoint);
  t.after(() => proxy.stop());
  const role = 'arn:aws:iam::111122223333:role/assay';
  const [own, theirs] = [s3Bucket('own'), s3Bucket('theirs')];
  for (const { name } of [own, theirs]) await server.client.send(new CreateBucketCommand({ Bucket: name }));
  await put(server.client, theirs, 'a', 'text');
  const provider = s3Provider({ ...server, endpoint: proxy.endpoint }, server.credentials, {
    stsEndpoint: server.endpoint,
    bucketRoles: { theirs: role },
  });
  for (const bucket of [own, theirs]) {
    for await (const page of provider.listObjects({ text: bucket.uri, bucket, prefix: '' }, null)) void page;
  }
  const keys = proxy.seen.map(({ headers }) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1]);
  assert.equal(keys[0], server.credentials.accessKeyId);
  assert.equal(keys.length, 2);
  assert.match(keys[1] ?? '', /^ASIA/);
  await provider.close();
});

test('all buckets of a project need its name', () => {
  assert.throws(
    () => parseTargets(['gs://'], '/'),
    (error) => isAssayError(error) && error.code === 'usage' && error.message.includes('--project'),
  );
  assert.deepEqual(
    parseTargets(['s3://', 'az://account', 'gs://'], '/', 'my-project').map(({ every, bucket }) => [
      every,
      bucket.name,
    ]),
    [
      [true, ''],
      [true, 'account/'],
      [true, 'my-project'],
    ],
  );
});

test('targets that name a bucket stay as they are and ask nobody', async () => {
  const targets = parseTargets(['s3://one/prefix', '/tmp'], '/');
  assert.deepEqual(await discoverTargets(targets, {}), { targets, bucketRoles: {}, azureAccounts: {} });
});
