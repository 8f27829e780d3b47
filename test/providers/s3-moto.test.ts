import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CreateBucketCommand, PutObjectCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { startFaultProxy } from '../servers/fault-proxy.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { keysOf, list, only, readAll } from './contract.ts';
import { put, s3Bucket, s3Provider } from './s3-harness.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());

const CLOSED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

async function newBucket({ client }: Moto, name: string) {
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return s3Bucket(name);
}

serverTest(
  moto,
  'a bucket without Public Access Block is known to have none, one with it says which switches are on',
  async (server) => {
    const bucket = await newBucket(server, 'blocked-bucket');
    const provider = s3Provider(server, server.credentials);
    assert.deepEqual((await provider.collectExposure(bucket)).publicAccessBlock, { state: 'known', value: null });
    const half = { ...CLOSED, BlockPublicPolicy: false };
    await server.client.send(
      new PutPublicAccessBlockCommand({ Bucket: bucket.name, PublicAccessBlockConfiguration: half }),
    );
    assert.deepEqual((await provider.collectExposure(bucket)).publicAccessBlock, { state: 'known', value: half });
  },
);

serverTest(
  moto,
  'account-level calls of a custom endpoint are made only at endpoints of their own',
  async (server, t) => {
    const bucket = await newBucket(server, 'account-bucket');
    const { endpoint, account } = server;
    const without = await s3Provider(server, server.credentials).collectExposure(bucket);
    assert.equal(without.owner.account, null);
    assert.deepEqual(without.accountPublicAccessBlock, {
      state: 'unsupported',
      call: 's3:GetAccountPublicAccessBlock',
    });

    const half = await s3Provider(server, server.credentials, { stsEndpoint: endpoint }).collectExposure(bucket);
    assert.equal(half.owner.account, account);
    assert.deepEqual(half.accountPublicAccessBlock, without.accountPublicAccessBlock);

    const control = await startFaultProxy(endpoint);
    t.after(() => control.stop());
    const endpoints = { stsEndpoint: endpoint, controlEndpoint: control.endpoint };
    const none = await s3Provider(server, server.credentials, endpoints).collectExposure(bucket);
    // Signed for the very host it is sent to, or a store that checks signatures would refuse it.
    assert.equal(control.seen.length, 3);
    for (const { headers } of control.seen) {
      assert.deepEqual([headers.host, headers['x-amz-account-id']], [new URL(control.endpoint).host, account]);
    }
    assert.equal(none.owner.account, account);
    assert.deepEqual(none.accountPublicAccessBlock, { state: 'known', value: null });

    await server.putAccountBlock(CLOSED);
    const provider = s3Provider(server, server.credentials, endpoints);
    assert.deepEqual((await provider.collectExposure(bucket)).accountPublicAccessBlock, {
      state: 'known',
      value: CLOSED,
    });
  },
);

serverTest(moto, 'keys that come URL-encoded are read under their own names', async (server) => {
  const bucket = await newBucket(server, 'encoded-bucket');
  const provider = s3Provider(server, server.credentials, { pageSize: 4 });
  const keys = [
    '../up',
    './here',
    '/lead',
    'a b+c',
    'a%20b',
    'a/../b',
    'a//b',
    'cr\rx',
    'tab\tx',
    '\u0001control',
    'é\u202E😀',
  ];
  for (const key of keys) await put(server.client, bucket, key, `body of ${key}`);
  const objects = await list({ provider, bucket });
  assert.deepEqual(keysOf(objects), keys.toSorted());
  for (const object of objects) assert.equal(await readAll({ provider }, object), `body of ${object.key}`);
});

serverTest(moto, 'only classes that must be restored are marked', async (server) => {
  const bucket = await newBucket(server, 'archive-bucket');
  const classes = ['DEEP_ARCHIVE', 'GLACIER', 'GLACIER_IR', 'STANDARD', 'STANDARD_IA'] as const;
  for (const StorageClass of classes) {
    await server.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: StorageClass, Body: 'x', StorageClass }));
  }
  const objects = await list({ provider: s3Provider(server, server.credentials), bucket });
  assert.deepEqual(
    objects.map(({ storageClass }) => storageClass),
    ['DEEP_ARCHIVE', 'GLACIER', undefined, undefined, undefined],
  );
});

serverTest(moto, 'an object is read whole from a store of another make', async (server) => {
  const bucket = await newBucket(server, 'plain-bucket');
  const provider = s3Provider(server, server.credentials, { rangeBytes: 100 });
  await put(server.client, bucket, 'key', 'x'.repeat(1001));
  assert.equal(await readAll({ provider }, await only({ provider, bucket })), 'x'.repeat(1001));
});
