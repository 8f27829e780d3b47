import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateAccessPointCommand, CreateMultiRegionAccessPointCommand } from '@aws-sdk/client-s3-control';
import { SUBRESOURCES } from '../providers/documented-policy.ts';
import { type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { runCli } from './run-cli.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());
const folder = mkdtempSync(join(tmpdir(), 'assay-privilege-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const BUCKET = 'lake';
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: ['345678901234', '456789012345'] },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${BUCKET}/*`,
    },
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${BUCKET}/*`,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } },
    },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${BUCKET}/*`,
      Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/E1' } },
    },
  ],
};

/** New objects are under a key that the bucket names by an alias. */
async function encrypt({ client, endpoint, region, credentials }: Moto): Promise<void> {
  const kms = new KMSClient({ endpoint, region, credentials });
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/lake', TargetKeyId: key?.KeyId }));
  kms.destroy();
  const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/lake' };
  const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] };
  await client.send(new PutBucketEncryptionCommand({ Bucket: BUCKET, ServerSideEncryptionConfiguration }));
}

async function fill({ client, control, account }: Moto): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
  await client.send(new PutBucketOwnershipControlsCommand({ Bucket: BUCKET, OwnershipControls }));
  await client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify(POLICY) }));
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'train/a.txt', Body: 'text' }));
  await control.send(new CreateAccessPointCommand({ AccountId: account, Name: 'point', Bucket: BUCKET }));
  const Details = { Name: 'everywhere', Regions: [{ Bucket: BUCKET }] };
  await control.send(new CreateMultiRegionAccessPointCommand({ AccountId: account, ClientToken: 'x', Details }));
}

const OF_BUCKET: Record<string, string> = { ...SUBRESOURCES, 'list-type': 's3:ListBucket' };
const OF_ACCOUNT: [RegExp, string][] = [
  [/^configuration\/publicAccessBlock$/, 's3:GetAccountPublicAccessBlock'],
  [/^accesspoint$/, 's3:ListAccessPoints'],
  [/^accesspoint\/[^/]+$/, 's3:GetAccessPoint'],
  [/^accesspoint\/[^/]+\/policy$/, 's3:GetAccessPointPolicy'],
  [/^accesspoint\/[^/]+\/policyStatus$/, 's3:GetAccessPointPolicyStatus'],
  [/^mrap\/instances$/, 's3:ListMultiRegionAccessPoints'],
  [/^mrap\/instances\/[^/]+\/policy$/, 's3:GetMultiRegionAccessPointPolicy'],
  [/^mrap\/instances\/[^/]+\/policystatus$/, 's3:GetMultiRegionAccessPointPolicyStatus'],
];

/** Of a call that is named in a header, since it is no path. */
function actionByTarget(target: string): string {
  const [service = '', call = ''] = target.split('.');
  assert.match(call, /^(Describe|Get|List)/, `${target} changes something`);
  return `${service.startsWith('AWSOrganizations') ? 'organizations' : 'kms'}:${call}`;
}

/** The permission that a request takes; null: none, since it is not signed or only asks who the caller is. */
function actionOf({ method, url, headers }: SeenRequest): string | null {
  if (headers.authorization === undefined) return null;
  const { pathname, searchParams } = new URL(url, 'http://any');
  if (/\/sts\/aws4_request/.test(headers.authorization)) return null;
  const { 'x-amz-target': target } = headers;
  if (typeof target === 'string') return actionByTarget(target);
  assert.match(method, /^(GET|HEAD)$/, `${method} ${url} changes something`);
  if (pathname === '/2020-05-31/distribution') return 'cloudfront:ListDistributions';
  const above = /^\/v20180820\/(.*)$/.exec(pathname)?.[1];
  if (above !== undefined) return OF_ACCOUNT.find(([path]) => path.test(above))?.[1] ?? `unknown: ${above}`;
  const [, key] = /^\/[^/]+(?:\/(.+))?$/.exec(pathname) ?? [];
  if (key !== undefined) {
    if (searchParams.has('acl')) return 's3:GetObjectAcl';
    return searchParams.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject';
  }
  const [, action] = Object.entries(OF_BUCKET).find(([name]) => searchParams.has(name)) ?? [];
  return action ?? (method === 'HEAD' ? 's3:ListBucket' : `unknown: ${url}`);
}

serverTest(moto, 'every call of a run is one that the printed policy allows, and none writes', async (server, t) => {
  await fill(server);
  await encrypt(server);
  const proxy = await startFaultProxy(server.endpoint);
  t.after(() => proxy.stop());
  const env = {
    ...server.env,
    AWS_ENDPOINT_URL_S3: proxy.endpoint,
    AWS_ENDPOINT_URL_S3_CONTROL: proxy.endpoint,
    AWS_ENDPOINT_URL_STS: proxy.endpoint,
    AWS_ENDPOINT_URL_KMS: proxy.endpoint,
    AWS_ENDPOINT_URL_CLOUDFRONT: proxy.endpoint,
    AWS_ENDPOINT_URL_ORGANIZATIONS: proxy.endpoint,
    ASSAY_HOME: join(folder, 'state'),
  };
  const printed = await runCli(['doctor', `s3://${BUCKET}`, '--print-policy'], { env });
  const { Statement: statements } = JSON.parse(printed.stdout) as { Statement: { Action: string | string[] }[] };
  const allowed = new Set(statements.flatMap(({ Action }) => Action));
  assert.deepEqual(proxy.seen, []);
  for (const args of [
    ['doctor', `s3://${BUCKET}`],
    ['exposure', `s3://${BUCKET}`, '--record', join(folder, 'facts.json')],
    ['scan', `s3://${BUCKET}`, '--quiet'],
  ]) {
    const { code, stderr, stdout } = await runCli(args, { env });
    assert.ok(code === 0, `${args[0]}: ${code} ${stderr} ${stdout}`);
  }
  const used = new Set(proxy.seen.map(actionOf).filter((action) => action !== null));
  assert.deepEqual(
    [...used].filter((action) => !allowed.has(action)),
    [],
  );
  // In unversioned buckets nothing else of the policy is left over.
  assert.deepEqual(
    [...allowed].filter((action) => !used.has(action)),
    ['s3:GetObjectVersion'],
  );
});

serverTest(moto, 'what was recorded gives the same answer when it is judged again', async (server) => {
  const env = { ...server.env, ASSAY_TRUSTED_ACCOUNTS: '456789012345' };
  const file = join(folder, 'again.json');
  const live = await runCli(['exposure', `s3://${BUCKET}`, '--record', file, '-f', 'json'], { env });
  const again = await runCli(['exposure', '--evidence', file, '-f', 'json']);
  assert.deepEqual(JSON.parse(again.stdout), JSON.parse(live.stdout));
  assert.deepEqual(JSON.parse(live.stdout).crossAccount, ['345678901234', 'org:o-1234567890']);
  const document = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(
    [document.schema, document.provider, document.bucket, document.trusted.accounts],
    ['assay.evidence/v1', 'aws-s3', BUCKET, ['456789012345']],
  );
});
