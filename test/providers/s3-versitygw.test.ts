import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { isAssayError } from '../../src/errors.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw, type Versitygw } from '../servers/versitygw.ts';
import { CONTRACT, type ContractBucket, coded, collect, HOSTILE_KEYS, list, only, readAll } from './contract.ts';
import { newBucket, put, remove, s3Bucket, s3Provider } from './s3-harness.ts';

const gateway = await optional(startVersitygw);
after(() => gateway.server?.stop());

async function makeBucket(server: Versitygw): Promise<ContractBucket> {
  const bucket = await newBucket(server);
  return {
    provider: s3Provider(server, server.root, { pageSize: 3, rangeBytes: 100_000 }),
    bucket,
    missing: s3Bucket('no-such-bucket'),
    put: (key, bytes) => put(server.client, bucket, key, bytes),
    remove: (key) => remove(server.client, bucket, key),
    keys: [...HOSTILE_KEYS, 'marker/', 'marker/file'],
    pageOverflow: 7,
  };
}

for (const [title, run] of Object.entries(CONTRACT)) {
  serverTest(gateway, `versitygw ${title}`, (server, t) => run(() => makeBucket(server), t));
}

serverTest(
  gateway,
  'a key whose control character the server cannot write is unaddressable, not gone',
  async (server) => {
    const bucket = await newBucket(server);
    const provider = s3Provider(server, server.root);
    await put(server.client, bucket, 'bell\u0007', 'x');
    const object = await only({ provider, bucket });
    await assert.rejects(readAll({ provider }, object), coded('unaddressable-key'));
  },
);

serverTest(
  gateway,
  'an object overwritten while it is read goes on from its own version in a versioned bucket',
  async (server) => {
    const bucket = await newBucket(server);
    const provider = s3Provider(server, server.root, { rangeBytes: 1000 });
    const enabled = { Status: 'Enabled' } as const;
    await server.client.send(new PutBucketVersioningCommand({ Bucket: bucket.name, VersioningConfiguration: enabled }));
    await put(server.client, bucket, 'key', 'a'.repeat(5000));
    const source = await provider.openObject(await only({ provider, bucket }));
    assert.equal((await source.read(0, 10)).toString(), 'a'.repeat(10));
    await put(server.client, bucket, 'key', 'b'.repeat(5000));
    assert.equal((await collect(source.stream())).toString(), 'a'.repeat(5000));
  },
);

serverTest(
  gateway,
  'who may read objects but not versions of them reads a versioned bucket by ETag',
  async (server) => {
    const bucket = await newBucket(server);
    const enabled = { Status: 'Enabled' } as const;
    await server.client.send(new PutBucketVersioningCommand({ Bucket: bucket.name, VersioningConfiguration: enabled }));
    await put(server.client, bucket, 'key', 'a'.repeat(5000));
    const resource = `arn:aws:s3:::${bucket.name}`;
    const allow = { Effect: 'Allow', Principal: { AWS: [server.secondUser.accessKeyId] } };
    await server.putPolicy(bucket.name, [
      { ...allow, Action: 's3:ListBucket', Resource: resource },
      { ...allow, Action: 's3:GetObject', Resource: `${resource}/*` },
    ]);
    const provider = s3Provider(server, server.secondUser, { rangeBytes: 1000 });
    const object = await only({ provider, bucket });
    assert.equal(await readAll({ provider }, object), 'a'.repeat(5000));
    // Five ranges, and the one that was refused by its version.
    assert.deepEqual([provider.counters.requests, provider.counters.retries], [7, 0]);
    const source = await provider.openObject(object);
    assert.equal((await source.read(0, 10)).toString(), 'a'.repeat(10));
    await put(server.client, bucket, 'key', 'b'.repeat(5000));
    await assert.rejects(collect(source.stream()), coded('object-changed'));
  },
);

serverTest(gateway, 'a user without permission is told which one is missing', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'jane.doe@example.com', 'x');
  const object = await only({ provider: s3Provider(server, server.root), bucket });
  const provider = s3Provider(server, server.secondUser);
  await assert.rejects(list({ provider, bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'access-denied');
    assert.equal(error.permission, 's3:ListBucket');
    assert.match(error.message, new RegExp(`s3:ListObjectsV2 on s3://${bucket.name}: .*s3:ListBucket`));
    return true;
  });
  await assert.rejects(readAll({ provider }, object), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'access-denied');
    assert.equal(error.permission, 's3:GetObject');
    assert.ok(!`${error.message}${error.cause}`.includes('jane.doe'));
    return true;
  });
  assert.equal(provider.counters.retries, 0);
});

serverTest(gateway, 'what a policy grants to a second user, that user can do and no more', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'key', 'body');
  const resource = `arn:aws:s3:::${bucket.name}`;
  const principal = { AWS: [server.secondUser.accessKeyId] };
  await server.putPolicy(bucket.name, [
    { Effect: 'Allow', Principal: principal, Action: 's3:ListBucket', Resource: resource },
  ]);
  const provider = s3Provider(server, server.secondUser);
  const object = await only({ provider, bucket });
  await assert.rejects(readAll({ provider }, object), coded('access-denied'));
  const evidence = await provider.collectExposure(bucket);
  const permission = 's3:GetBucketPolicy';
  assert.deepEqual(evidence.policy, { state: 'refused', call: permission, reason: 'AccessDenied', permission });
  assert.equal(evidence.acl.state, 'refused');
  assert.equal(evidence.owner.canonicalId, null);
});

serverTest(gateway, 'the exposure holds the policy that lets anybody in, word for word', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'key', 'body');
  const provider = s3Provider(server, server.root);
  const before = await provider.collectExposure(bucket);
  assert.deepEqual(before.policy, { state: 'known', value: null });

  const address = `${server.endpoint}/${bucket.name}/key`;
  assert.equal((await fetch(address)).status, 403);
  const statements = [
    {
      Sid: 'PublicRead',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${bucket.name}/*`,
    },
  ];
  await server.putPolicy(bucket.name, statements);
  assert.equal((await fetch(address)).status, 200);

  assert.deepEqual(await provider.collectExposure(bucket), {
    provider: 'aws-s3',
    bucket: bucket.name,
    owner: { account: null, canonicalId: server.root.accessKeyId },
    policy: { state: 'known', value: { Version: '2012-10-17', Statement: statements } },
    acl: {
      state: 'known',
      value: {
        Owner: { ID: server.root.accessKeyId },
        Grants: [{ Grantee: { Type: 'CanonicalUser', ID: server.root.accessKeyId }, Permission: 'FULL_CONTROL' }],
      },
    },
    objectOwnership: { state: 'known', value: 'BucketOwnerEnforced' },
    publicAccessBlock: { state: 'unsupported', call: 's3:GetPublicAccessBlock' },
    accountPublicAccessBlock: { state: 'unsupported', call: 's3:GetAccountPublicAccessBlock' },
    policyStatusIsPublic: { state: 'known', value: true },
    accessPoints: { state: 'unsupported', call: 's3:ListAccessPoints' },
    multiRegionAccessPoints: { state: 'unsupported', call: 's3:ListMultiRegionAccessPoints' },
    encryption: { state: 'unsupported', call: 's3:GetBucketEncryption' },
    replication: { state: 'unsupported', call: 's3:GetBucketReplication' },
    website: { state: 'known', value: null },
    endpoint: server.endpoint,
  });
});

serverTest(gateway, 'exposure of a bucket that is not there is an error, not a list of unknowns', async (server) => {
  const provider = s3Provider(server, server.root);
  await assert.rejects(provider.collectExposure(s3Bucket('no-such-bucket')), coded('bucket-not-found'));
});

serverTest(gateway, 'credentials that the store does not know or cannot verify are named as such', async (server) => {
  const bucket = await newBucket(server);
  for (const credentials of [
    { accessKeyId: 'nobody', secretAccessKey: 'nobody-secret' },
    { accessKeyId: server.root.accessKeyId, secretAccessKey: 'not-the-secret' },
  ]) {
    await assert.rejects(list({ provider: s3Provider(server, credentials), bucket }), (error) => {
      assert.ok(isAssayError(error));
      assert.equal(error.code, 'bad-credentials');
      assert.ok(!error.message.includes(credentials.secretAccessKey));
      return true;
    });
  }
});

serverTest(gateway, 'a region that the store corrects is followed', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'key', 'body');
  const provider = s3Provider(server, server.root, { region: 'eu-west-1' });
  assert.equal(await readAll({ provider }, await only({ provider, bucket })), 'body');
  assert.equal(provider.counters.retries, 0);
  const sideBySide = s3Provider(server, server.root, { region: 'eu-west-1' });
  const { policy, acl } = await sideBySide.collectExposure(bucket);
  assert.deepEqual([policy.state, acl.state], ['known', 'known']);
});

serverTest(gateway, 'a bucket of another owner than the expected one is refused', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'key', 'body');
  const object = await only({ provider: s3Provider(server, server.root), bucket });
  const provider = s3Provider(server, server.root, { expectedBucketOwner: '111122223333' });
  await assert.rejects(list({ provider, bucket }), coded('wrong-owner'));
  await assert.rejects(readAll({ provider }, object), coded('access-denied'));
});

serverTest(gateway, 'without any credentials the answer is a clear error', async (server) => {
  const script = `
    import { openProvider } from ${JSON.stringify(new URL('../../src/providers/open-provider.ts', import.meta.url).href)};
    const provider = await openProvider('aws-s3', { endpoint: ${JSON.stringify(server.endpoint)}, region: 'us-east-1' });
    const bucket = { provider: 'aws-s3', uri: 's3://any', name: 'any' };
    try {
      for await (const page of provider.listObjects({ text: '', bucket, prefix: '' }, null)) console.log(page);
    } catch (error) { console.log(error.code, error.message); }
    await provider.close();`;
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
  assert.match(stdout, /^bad-credentials s3:ListObjectsV2 on s3:\/\/any: no usable credentials; set AWS_ACCESS_KEY_ID/);
});
