import assert from 'node:assert/strict';
import { after } from 'node:test';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectAclCommand,
} from '@aws-sdk/client-s3';
import {
  CreateAccessPointCommand,
  CreateMultiRegionAccessPointCommand,
  PutAccessPointPolicyCommand,
} from '@aws-sdk/client-s3-control';
import { evaluateExposure } from '../../src/exposure/evaluate.ts';
import type { S3Evidence } from '../../src/model/exposure.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { put, s3Bucket, s3Provider } from './s3-harness.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());

const REGION = 'us-east-1';

async function newBucket({ client }: Moto, name: string) {
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return s3Bucket(name);
}

function collect(server: Moto, name: string): Promise<S3Evidence> {
  const { endpoint, credentials } = server;
  const options = { stsEndpoint: endpoint, controlEndpoint: endpoint };
  return s3Provider(server, credentials, options).collectExposure(s3Bucket(name));
}

const judged = (evidence: S3Evidence) => evaluateExposure(evidence, { collectedAt: '2026-01-02T03:04:05Z' });

serverTest(moto, 'what a bucket hands over to its access points is read from their policies', async (server) => {
  const { client, control, account } = server;
  const { name } = await newBucket(server, 'handed-over');
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
        Condition: { StringEquals: { 's3:DataAccessPointAccount': account } },
      },
    ],
  };
  await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy: JSON.stringify(policy) }));
  const open = {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  const make = async (point: string, isShut: boolean) => {
    await control.send(
      new CreateAccessPointCommand({
        AccountId: account,
        Name: point,
        Bucket: name,
        PublicAccessBlockConfiguration: { ...open, RestrictPublicBuckets: isShut },
      }),
    );
    const arn = `arn:aws:s3:${REGION}:${account}:accesspoint/${point}`;
    const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${arn}/object/open/*` };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await control.send(new PutAccessPointPolicyCommand({ AccountId: account, Name: point, Policy }));
  };
  await make('shut', true);
  // This server calls every policy of an access point public; the bucket's own status it leaves out.
  const shut = await collect(server, name);
  assert.equal(shut.accessPoints?.state, 'known');
  assert.equal(judged({ ...shut, policyStatusIsPublic: { state: 'known', value: false } }).effective.read, 'private');
  await make('open', false);
  const exposure = judged({ ...(await collect(server, name)), policyStatusIsPublic: { state: 'known', value: false } });
  assert.equal(exposure.effective.read, 'public', exposure.because.join('\n'));
  const [grant] = exposure.grants
    .filter(({ state, path }) => state === 'effective' && path === 'access-point')
    .slice(-1);
  assert.deepEqual(grant?.scope.prefixes, ['open/*']);
  assert.match(exposure.because.join('\n'), /statement 0 of the policy of access point open/);
  assert.match(exposure.fix.join('\n'), /aws s3control (put|delete)-access-point-policy --account-id \d+ --name open/);
});

serverTest(moto, 'multi-region access points that lead into the bucket are found', async (server) => {
  const { control, account } = server;
  const { name } = await newBucket(server, 'many-regions');
  const ClientToken = 'one';
  const Details = { Name: 'everywhere', Regions: [{ Bucket: name }] };
  await control.send(new CreateMultiRegionAccessPointCommand({ AccountId: account, ClientToken, Details }));
  const points = (await collect(server, name)).multiRegionAccessPoints;
  assert.ok(points?.state === 'known');
  assert.deepEqual(
    points.value?.map((point) => point.name),
    ['everywhere'],
  );
  await newBucket(server, 'one-region');
  assert.deepEqual((await collect(server, 'one-region')).multiRegionAccessPoints, { state: 'known', value: [] });
});

serverTest(moto, 'objects with ACLs of their own are sampled where ACLs count, folder by folder', async (server) => {
  const { client } = server;
  const bucket = await newBucket(server, 'object-acls');
  const { name } = bucket;
  await client.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: name,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    }),
  );
  const keys = ['a/1', 'a/2', 'a/3', 'b/1', 'top', 'z/1'];
  for (const key of keys) await put(client, bucket, key, 'x');
  await client.send(new PutObjectAclCommand({ Bucket: name, Key: 'b/1', ACL: 'public-read' }));
  const evidence = await collect(server, name);
  assert.ok(evidence.objectAcls?.state === 'known', JSON.stringify(evidence.objectAcls));
  const { objects, isPartial, grants } = evidence.objectAcls.value ?? { objects: 0, isPartial: false, grants: [] };
  assert.deepEqual([objects, isPartial], [5, true]);
  assert.deepEqual(
    grants.map(({ Permission, objects: count }) => [Permission, count]),
    [['READ', 1]],
  );
  assert.doesNotMatch(JSON.stringify(evidence.objectAcls), /b\/1/);
  const exposure = judged(evidence);
  assert.equal(exposure.effective.read, 'public');
  assert.match(exposure.because.join('\n'), /ACLs of 1 of 5 sampled objects, READ/);
  assert.match(exposure.fix.join('\n'), /IgnorePublicAcls=true/);

  await client.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: name,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  );
  assert.equal((await collect(server, name)).objectAcls, undefined);
});

serverTest(moto, 'website, replication and encryption are read as they are, and as none', async (server) => {
  const { client, account } = server;
  const { name } = await newBucket(server, 'surroundings');
  const before = await collect(server, name);
  assert.deepEqual(before.website, { state: 'known', value: null });
  assert.deepEqual(before.replication, { state: 'known', value: null });
  const enabled = { VersioningConfiguration: { Status: 'Enabled' } } as const;
  await newBucket(server, 'copies');
  for (const Bucket of [name, 'copies']) await client.send(new PutBucketVersioningCommand({ Bucket, ...enabled }));
  await client.send(
    new PutBucketWebsiteCommand({ Bucket: name, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } }),
  );
  await client.send(
    new PutBucketEncryptionCommand({
      Bucket: name,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/data' } }],
      },
    }),
  );
  await client.send(
    new PutBucketReplicationCommand({
      Bucket: name,
      ReplicationConfiguration: {
        Role: `arn:aws:iam::${account}:role/copy`,
        Rules: [
          {
            ID: 'away',
            Status: 'Enabled',
            Priority: 1,
            Filter: { Prefix: '' },
            DeleteMarkerReplication: { Status: 'Disabled' },
            Destination: { Bucket: 'arn:aws:s3:::copies', Account: '345678901234' },
          },
        ],
      },
    }),
  );
  const evidence = await collect(server, name);
  assert.deepEqual(evidence.website, { state: 'known', value: { IndexDocument: { Suffix: 'index.html' } } });
  assert.deepEqual(evidence.encryption, {
    state: 'known',
    value: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/data' },
  });
  const exposure = judged(evidence);
  assert.deepEqual(exposure.crossAccount, ['345678901234']);
  assert.equal(exposure.grants.filter(({ path }) => path === 'replication-out').length, 1);
});
