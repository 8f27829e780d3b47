import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CreateBucketCommand, PutBucketPolicyCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import type { BucketReport } from '../../src/model/report.ts';
import { put, s3Bucket } from '../providers/s3-harness.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { CHAT, s3Scan } from './s3-scan.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());
const { report } = s3Scan(moto.server?.env ?? {});

const CLOSED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const OPEN = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

async function openBucket({ client }: Moto, name: string): Promise<string> {
  await client.send(new CreateBucketCommand({ Bucket: name }));
  await put(client, s3Bucket(name), 'chat.jsonl', CHAT);
  const statement = {
    Sid: 'OpenData',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${name}/*`,
  };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy: policy }));
  return `s3://${name}`;
}

async function bucketOf(uri: string): Promise<BucketReport> {
  const { code, stderr, report: json } = await report([uri]);
  assert.equal(code, 0, stderr);
  const [bucket] = json.buckets;
  assert.ok(bucket !== undefined);
  assert.equal(bucket.sensitivity.level, 'restricted');
  return bucket;
}

function assertBlocked({ exposure, risk }: BucketReport, by: RegExp): void {
  assert.deepEqual([exposure.verdict, exposure.effective.read, risk.level], ['private', 'private', 'low']);
  const statement = exposure.grants.find(({ path }) => path === 'bucket-policy');
  assert.equal(statement?.state, 'dormant');
  assert.match(statement?.blockedBy?.join() ?? '', by);
  assert.match(exposure.because.join('\n'), by);
}

serverTest(moto, 'a public policy is effective until the bucket blocks public access', async (server) => {
  const uri = await openBucket(server, 'bucket-level');
  const open = await bucketOf(uri);
  assert.deepEqual([open.exposure.verdict, open.risk.level], ['public', 'critical']);
  assert.deepEqual(open.exposure.unknowns, []);
  await server.client.send(
    new PutPublicAccessBlockCommand({ Bucket: 'bucket-level', PublicAccessBlockConfiguration: CLOSED }),
  );
  assertBlocked(await bucketOf(uri), /bucket/);
});

serverTest(moto, 'the account blocks the same policy for all of its buckets', async (server) => {
  const uri = await openBucket(server, 'account-level');
  await server.putAccountBlock(CLOSED);
  assertBlocked(await bucketOf(uri), /account/);
  await server.putAccountBlock(OPEN);
  assert.equal((await bucketOf(uri)).exposure.verdict, 'public');
});
