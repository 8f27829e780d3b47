/**
 * How many buckets a second one core judges, with reasons and fixes: policies drawn from a seed, two in ten of them open
 * to everyone. `node test/bench/exposure.ts [count]` asserts how many are public before it prints the rate.
 */
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import type { Fact, S3Acl, S3Evidence, S3PublicAccessBlock } from '../../src/model/exposure.ts';

const COUNT = Number(process.argv[2] ?? 20_000);
const ROUNDS = 3;
const OWN = '210987654321';

/** Numbers from 0 to below 1; the same ones each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const next = random(6);
const below = (limit: number): number => Math.floor(next() * limit);
const pick = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T;
const account = (): string => String(100_000_000_000 + below(900_000_000_000));

function statement(bucket: string): object {
  const arn = `arn:aws:s3:::${bucket}`;
  const isOpen = next() < 0.3;
  const roles = Array.from(
    { length: 1 + below(4) },
    () => `arn:aws:iam::${next() < 0.7 ? OWN : account()}:role/r${below(99)}`,
  );
  const limits: object[] = [
    { StringEquals: { 'aws:PrincipalOrgID': 'o-home000001' } },
    { StringEquals: { 'aws:SourceVpce': [`vpce-${below(99)}`, `vpce-${below(99)}`] } },
    { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '198.51.100.0/24'] } },
    { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } },
    { Bool: { 'aws:SecureTransport': 'true' } },
  ];
  return {
    Sid: `S${below(1_000)}`,
    Effect: 'Allow',
    Principal: isOpen ? '*' : { AWS: roles },
    Action: pick(['s3:GetObject', ['s3:GetObject', 's3:ListBucket'], 's3:*', ['s3:Get*', 's3:List*'], 's3:PutObject']),
    Resource: pick([[arn, `${arn}/*`], `${arn}/*`, `${arn}/train/${below(9)}/*`]),
    ...(isOpen ? next() < 0.6 && { Condition: pick(limits) } : next() < 0.2 && { Condition: pick(limits) }),
  };
}

function denial(bucket: string): object {
  const arn = `arn:aws:s3:::${bucket}`;
  const conditions = [
    { Bool: { 'aws:SecureTransport': 'false' } },
    { StringNotEquals: { 'aws:PrincipalOrgID': 'o-home000001' } },
    { StringNotEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
  ];
  return { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [arn, `${arn}/*`], Condition: pick(conditions) };
}

function known<T>(value: T | null): Fact<T> {
  return { state: 'known', value };
}

function bucketOf(index: number): S3Evidence {
  const bucket = `bucket-${index}`;
  const statements = Array.from({ length: 1 + below(5) }, () => statement(bucket));
  if (next() < 0.6) statements.push(denial(bucket));
  const isOn = next() < 0.2;
  const switches: S3PublicAccessBlock = {
    BlockPublicAcls: isOn,
    IgnorePublicAcls: isOn,
    BlockPublicPolicy: isOn,
    RestrictPublicBuckets: isOn,
  };
  return {
    provider: 'aws-s3',
    bucket,
    owner: { account: OWN, canonicalId: 'c0ffee' },
    policy: known<unknown>({ Version: '2012-10-17', Statement: statements }),
    acl: known<S3Acl>({ Owner: { ID: 'c0ffee' }, Grants: [{ Grantee: { ID: 'c0ffee' }, Permission: 'FULL_CONTROL' }] }),
    objectOwnership: known('BucketOwnerEnforced'),
    publicAccessBlock: known(switches),
    accountPublicAccessBlock: known<S3PublicAccessBlock>(null),
    policyStatusIsPublic: { state: 'refused', call: '', reason: 'not asked', permission: '' },
    endpoint: null,
  };
}

const buckets = Array.from({ length: COUNT }, (_, index) => bucketOf(index));
const context = { collectedAt: '2026-01-02T03:04:05Z', owner: { org: 'o-home000001' } };
const rates: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const start = process.cpuUsage();
  let open = 0;
  let mended = 0;
  for (const bucket of buckets) {
    const exposure = evaluateExposure(bucket, context);
    if (isPublic(exposure) === true) open += 1;
    if (exposure.fix.length > 0) mended += 1;
  }
  // Time of the processor, so that what else the machine does is not counted.
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1_000_000;
  if (COUNT === 20_000) assert.deepEqual([open, mended], [3682, 8902]);
  rates.push(COUNT / seconds);
  console.log(
    `round ${round + 1}: ${Math.round(COUNT / seconds)} policies a second; ${open} public, ${mended} with a fix`,
  );
}
console.log(
  `best ${Math.round(Math.max(...rates))} policies a second on one core (${cpus()[0]?.model}, Node ${process.version})`,
);
