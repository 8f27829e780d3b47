import assert from 'node:assert/strict';
import { after } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { CreateAliasCommand, CreateGrantCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketEncryptionCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { evaluateExposure } from '../../src/exposure/evaluate.ts';
import type { S3Evidence } from '../../src/model/exposure.ts';
import { startFaultProxy } from '../servers/fault-proxy.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { standIn } from '../servers/stand-in.ts';
import { put, s3Bucket, s3Provider } from './s3-harness.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());
const FOREIGN = '345678901234';

function allow(name: string, principal: object, more: object = {}): object {
  return { Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*`, ...more };
}

async function bucketWith({ client }: Moto, name: string, statement: object, key?: string) {
  await client.send(new CreateBucketCommand({ Bucket: name }));
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy }));
  if (key !== undefined) {
    const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: key };
    const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault }];
    const ServerSideEncryptionConfiguration = { Rules };
    await client.send(new PutBucketEncryptionCommand({ Bucket: name, ServerSideEncryptionConfiguration }));
  }
  return s3Bucket(name);
}

function judged(evidence: S3Evidence) {
  return evaluateExposure(evidence, { collectedAt: '2026-01-02T03:04:05Z' });
}

serverTest(moto, 'the key of a bucket that lets others in is asked whom it lets decrypt', async (server, t) => {
  const { endpoint, region, credentials, account } = server;
  const kms = new KMSClient({ endpoint, region, credentials });
  t.after(() => kms.destroy());
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }],
  };
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Policy: JSON.stringify(policy) }));
  const KeyId = key?.Arn ?? '';
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/lake', TargetKeyId: KeyId }));
  const bucket = await bucketWith(server, 'under-key', allow('under-key', { AWS: FOREIGN }), 'alias/lake');
  await put(server.client, bucket, 'a/one.txt', 'text');
  await put(server.client, bucket, 'b/two.txt', 'text');
  const proxy = await startFaultProxy(endpoint);
  t.after(() => proxy.stop());
  const options = { stsEndpoint: endpoint, kmsEndpoint: proxy.endpoint };

  const before = await s3Provider(server, credentials, options).collectExposure(bucket);
  assert.deepEqual(before.objectEncryption, {
    state: 'known',
    value: {
      objects: 2,
      isPartial: false,
      keys: [{ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/lake', objects: 2 }],
    },
  });
  assert.deepEqual(before.keys, {
    state: 'known',
    value: [{ id: 'alias/lake', policy: { state: 'known', value: policy }, grants: { state: 'known', value: [] } }],
  });
  assert.equal(judged(before).effective.read, 'private');

  const Operations = ['Decrypt' as const];
  await kms.send(new CreateGrantCommand({ KeyId, GranteePrincipal: `arn:aws:iam::${FOREIGN}:role/x`, Operations }));
  const after = await s3Provider(server, credentials, options).collectExposure(bucket);
  assert.equal(judged(after).effective.read, 'cross-account');

  proxy.clear();
  proxy.inject({ kind: 'status', status: 403, code: 'AccessDeniedException', times: 100 });
  const refused = await s3Provider(server, credentials, options).collectExposure(bucket);
  const found = judged(refused);
  assert.equal(found.effective.read, 'cross-account');
  assert.ok(
    found.unknowns.some(({ permission }) => permission === 'kms:DescribeKey'),
    JSON.stringify(found.unknowns),
  );

  const { keys } = await s3Provider(server, credentials).collectExposure(bucket);
  assert.deepEqual(keys, { state: 'unsupported', call: 'kms:GetKeyPolicy' });
});

serverTest(moto, 'keys are not asked about where nobody else is let in', async (server) => {
  const { account, endpoint, credentials } = server;
  const statement = allow('own-only', { AWS: `arn:aws:iam::${account}:role/x` });
  const bucket = await bucketWith(server, 'own-only', statement, 'alias/any');
  const options = { stsEndpoint: endpoint, kmsEndpoint: endpoint };
  const { keys, objectEncryption } = await s3Provider(server, credentials, options).collectExposure(bucket);
  assert.deepEqual([keys, objectEncryption], [undefined, undefined]);
});

/** A distribution as CloudFront lists it. */
function summary(id: string, bucket: string): string {
  return `<DistributionSummary><Id>${id}</Id><ARN>${arnOf(id)}</ARN><Status>Deployed</Status>
    <DomainName>${id}.cloudfront.net</DomainName><Enabled>true</Enabled><Comment>call Jane</Comment><WebACLId></WebACLId>
    <Origins><Quantity>1</Quantity><Items><Origin><Id>origin</Id>
      <DomainName>${bucket}.s3.us-east-1.amazonaws.com</DomainName><OriginPath></OriginPath>
      <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>
      <OriginAccessControlId>C1</OriginAccessControlId></Origin></Items></Origins>
    <DefaultCacheBehavior><TargetOriginId>origin</TargetOriginId>
      <TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners>
      <TrustedKeyGroups><Enabled>false</Enabled><Quantity>0</Quantity></TrustedKeyGroups>
      <AllowedMethods><Quantity>2</Quantity><Items><Method>HEAD</Method><Method>GET</Method></Items></AllowedMethods>
      <FunctionAssociations><Quantity>0</Quantity></FunctionAssociations></DefaultCacheBehavior>
    <CacheBehaviors><Quantity>0</Quantity></CacheBehaviors></DistributionSummary>`;
}

function page(id: string, bucket: string, next: string): string {
  return `<?xml version="1.0"?><DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
    <IsTruncated>${next !== ''}</IsTruncated><NextMarker>${next}</NextMarker><Quantity>1</Quantity>
    <Items>${summary(id, bucket)}</Items></DistributionList>`;
}

function arnOf(id: string): string {
  return `arn:aws:cloudfront::123456789012:distribution/${id}`;
}

serverTest(moto, 'distributions are listed once a provider, where a policy names CloudFront', async (server, t) => {
  const { endpoint, credentials } = server;
  const asked: (string | null)[] = [];
  let isAllowed = true;
  const cloudfrontEndpoint = await standIn(t, endpoint, (_body, { url = '' }) => {
    const { pathname, searchParams } = new URL(url, 'http://any');
    assert.equal(pathname, '/2020-05-31/distribution');
    const marker = searchParams.get('Marker');
    asked.push(marker);
    if (!isAllowed)
      return { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' };
    const body = marker === null ? page('E1', 'served', 'E1') : page('E2', 'also-served', '');
    return { status: 200, body };
  });
  const buckets = [];
  for (const [name, id] of [
    ['served', 'E1'],
    ['also-served', 'E2'],
  ] as const) {
    const Condition = { StringEquals: { 'aws:SourceArn': arnOf(id) } };
    buckets.push(await bucketWith(server, name, allow(name, { Service: 'cloudfront.amazonaws.com' }, { Condition })));
  }
  buckets.push(await bucketWith(server, 'not-served', allow('not-served', { AWS: FOREIGN })));
  const options = { stsEndpoint: endpoint, cloudfrontEndpoint };
  const provider = s3Provider(server, credentials, options);
  const [served, also, not] = await Promise.all(buckets.map((bucket) => provider.collectExposure(bucket)));
  assert.deepEqual(asked, [null, 'E1'], 'one list of two pages for all buckets');
  assert.equal(not?.distributions, undefined);
  for (const evidence of [served, also]) {
    assert.ok(evidence?.distributions?.state === 'known' && evidence.distributions.value?.length === 1);
    assert.ok(!JSON.stringify(evidence.distributions).includes('Jane'), 'comments are not kept');
    assert.equal(judged(evidence).effective.read, 'public');
  }

  isAllowed = false;
  const found = judged(await s3Provider(server, credentials, options).collectExposure(s3Bucket('served')));
  assert.equal(found.effective.read, 'unknown');
  const missing = {
    call: 'cloudfront:ListDistributions',
    reason: 'AccessDenied',
    permission: 'cloudfront:ListDistributions',
  };
  assert.ok(
    found.unknowns.some((unknown) => isDeepStrictEqual(unknown, missing)),
    JSON.stringify(found.unknowns),
  );
  const without = await s3Provider(server, credentials).collectExposure(s3Bucket('served'));
  assert.deepEqual(without.distributions, { state: 'unsupported', call: 'cloudfront:ListDistributions' });
});
