import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { leastPolicy } from '../../src/providers/s3-permissions.ts';
import { runCli } from './run-cli.ts';

test('the policy that is printed is the one of the documentation', async () => {
  const text = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const [, documented = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  assert.deepEqual(leastPolicy([]), JSON.parse(documented));
  const { stdout } = await runCli(['doctor', '--print-policy']);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(documented));
  const named = await runCli(['doctor', 's3://mine', './data', '--print-policy']);
  assert.deepEqual(JSON.parse(named.stdout), JSON.parse(documented.replaceAll('EXAMPLE-BUCKET', 'mine')));
});

test('with a role for an organisation the policy of who assumes it is printed as well', async () => {
  const text = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const [, , documented = ''] = text.split('```json\n').map((part) => part.split('```')[0]);
  const { stdout } = await runCli(['doctor', '--print-policy'], { env: { ASSAY_S3_ORGANIZATION_ROLE: 'ROLE' } });
  assert.ok(stdout.endsWith(`${JSON.stringify(JSON.parse(documented), null, 2)}\n`), stdout);
});

test('the policy for every bucket of an account, and for earlier versions, adds what lists them', async () => {
  const policyOf = async (...args: string[]) => {
    const { stdout } = await runCli(['doctor', ...args, '--print-policy']);
    return JSON.parse(stdout).Statement as { Sid: string; Action: string | string[]; Resource: string }[];
  };
  const every = await policyOf('s3://');
  const [named, all] = [await policyOf('s3://mine'), every].map((one) => one.flatMap(({ Action }) => Action));
  assert.deepEqual(
    all?.filter((action) => !named?.includes(action)),
    ['s3:ListAllMyBuckets'],
  );
  assert.equal(every.find(({ Sid }) => Sid === 'AssayRead')?.Resource, 'arn:aws:s3:::*/*');
  const versions = await policyOf('s3://mine', '--s3-versions');
  assert.deepEqual(versions[0]?.Action, ['s3:ListBucket', 's3:ListBucketVersions']);
});

test('the policy of a part of a bucket reads and lists that part alone', () => {
  const { Statement: statements } = leastPolicy([{ bucket: 'b', prefix: 'train/' }]) as {
    Statement: { Sid: string; Resource: unknown; Condition?: unknown }[];
  };
  assert.deepEqual(statements[0]?.Condition, { StringLike: { 's3:prefix': 'train/*' } });
  assert.equal(statements[1]?.Resource, 'arn:aws:s3:::b/train/*');
  const two = leastPolicy([
    { bucket: 'b', prefix: 'train/' },
    { bucket: 'c', prefix: '' },
  ]) as { Statement: { Resource: unknown; Condition?: unknown }[] };
  assert.equal(two.Statement[0]?.Condition, undefined);
  assert.deepEqual(two.Statement[1]?.Resource, ['arn:aws:s3:::b/train/*', 'arn:aws:s3:::c/*']);
});
