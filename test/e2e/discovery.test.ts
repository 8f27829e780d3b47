import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { runCli } from '../cli/run-cli.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { standIn } from '../servers/stand-in.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { CHAT, s3Scan } from './s3-scan.ts';

const [gateway, moto] = await Promise.all([optional(startVersitygw), optional(startMoto)]);
after(async () => {
  await gateway.server?.stop();
  await moto.server?.stop();
});
const onGateway = s3Scan(gateway.server?.env ?? {});
const onMoto = s3Scan(moto.server?.env ?? {});

serverTest(gateway, 's3:// scans every bucket, and with --exposed-first begins with the public one', async (server) => {
  const [first, second, open] = [await newBucket(server), await newBucket(server), await newBucket(server)];
  await put(server.client, first, 'a.txt', 'nothing here');
  await put(server.client, second, 'chat.jsonl', CHAT);
  await put(server.client, open, 'b.txt', 'nothing here either');
  const resource = `arn:aws:s3:::${open.name}/*`;
  await server.putPolicy(open.name, [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: resource }]);

  const { code, report, stderr } = await onGateway.report(['s3://']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(report.scan.targets, [first.uri, second.uri, open.uri]);
  assert.equal(report.coverage.objects.complete, 3);
  const levels = Object.fromEntries(report.buckets.map(({ uri, sensitivity }) => [uri, sensitivity.level]));
  assert.deepEqual(levels, { [first.uri]: 'none', [second.uri]: 'restricted', [open.uri]: 'none' });

  const exposed = await onGateway.report(['s3://', '--exposed-first']);
  assert.deepEqual(exposed.report.scan.targets, [open.uri, first.uri, second.uri]);
});

serverTest(gateway, 'a bucket that cannot be listed is named and the others are scanned', async (server) => {
  const shut = await newBucket(server);
  const user = server.secondUser.accessKeyId;
  const closed = { Effect: 'Deny', Principal: { AWS: [user] }, Action: 's3:*' };
  const own = { Effect: 'Allow', Principal: { AWS: [user] }, Action: 's3:*' };
  const arns = (name: string) => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  await server.putPolicy(shut.name, [{ ...closed, Resource: arns(shut.name) }]);
  const open = await newBucket(server);
  await put(server.client, open, 'x.txt', 'nothing here');
  await server.putPolicy(open.name, [{ ...own, Resource: arns(open.name) }]);
  const env = { AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: server.secondUser.secretAccessKey };
  const { code, report } = await onGateway.report([shut.uri, open.uri], env);
  assert.equal(code, 3);
  assert.ok(
    report.result.reasons.some((reason) => reason.includes(shut.uri)),
    report.result.reasons.join(),
  );
  assert.equal(report.coverage.objects.complete, 1);
});

serverTest(gateway, 'a role that cannot be assumed is named and the other buckets are scanned', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'x.txt', 'nothing here');
  const role = 'arn:aws:iam::111122223333:role/assay';
  const { code, report } = await onGateway.report(['s3://'], { ASSAY_S3_ROLES: `self,${role}` });
  assert.equal(code, 3);
  assert.ok(
    report.result.reasons.some((reason) => reason.includes(role)),
    report.result.reasons.join(),
  );
  assert.ok(report.scan.targets.includes(bucket.uri));

  const alone = await onGateway.run(['s3://'], { ASSAY_S3_ROLES: role });
  assert.equal(alone.code, 2, 'there is no other endpoint to ask for it');
  assert.match(alone.stderr, /s3\.stsEndpoint/);
});

/** A bucket in the account of the role. */
async function bucketAs(server: Moto, role: string, name: string): Promise<void> {
  const { endpoint, region } = server;
  const sts = new STSClient({ endpoint, region, credentials: server.credentials });
  const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'test' }));
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  await client.send(new PutObjectCommand({ Bucket: name, Key: 'chat.jsonl', Body: CHAT }));
  client.destroy();
  sts.destroy();
}

serverTest(
  moto,
  'with roles, s3:// means the buckets of all their accounts, each read with its own role',
  async (server) => {
    const role = 'arn:aws:iam::111122223333:role/assay';
    const other = 'arn:aws:iam::444455556666:role/assay';
    await server.client.send(new CreateBucketCommand({ Bucket: 'own-bucket' }));
    await server.client.send(new PutObjectCommand({ Bucket: 'own-bucket', Key: 'a.txt', Body: 'nothing' }));
    await bucketAs(server, role, 'their-bucket');
    await bucketAs(server, other, 'others-bucket');

    const alone = await onMoto.report(['s3://']);
    assert.deepEqual(alone.report.scan.targets, ['s3://own-bucket']);

    const { code, report, stderr } = await onMoto.report(['s3://'], { ASSAY_S3_ROLES: `self,${role},${other}` });
    assert.equal(code, 0, stderr);
    assert.deepEqual(report.scan.targets, ['s3://own-bucket', 's3://their-bucket', 's3://others-bucket']);
    assert.equal(report.coverage.objects.complete, 3);
    assert.equal(report.findings[0]?.objects, 2);
  },
);

serverTest(
  moto,
  'with a role of the organisation every account is planned, judged and scanned, and one that lets nobody in is named',
  async (server, t) => {
    const { endpoint, region, credentials } = server;
    const organizations = new OrganizationsClient({ endpoint, region, credentials });
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const roles: string[] = [];
    for (const AccountName of ['member', 'shut']) {
      const command = new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` });
      const { CreateAccountStatus: made } = await organizations.send(command);
      roles.push(`arn:aws:iam::${made?.AccountId}:role/audit`);
    }
    organizations.destroy();
    const [member = '', shut = ''] = roles;
    await bucketAs(server, member, 'members-bucket');
    const sts = await standIn(t, endpoint, (body) => {
      const isShut = new URLSearchParams(body).get('RoleArn') === shut;
      return isShut
        ? { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' }
        : null;
    });
    const env = { ...server.env, AWS_ENDPOINT_URL_STS: sts, ASSAY_S3_ORGANIZATION_ROLE: 'audit' };

    const { code, report } = await onMoto.report(['s3://'], env);
    assert.equal(code, 3);
    assert.ok(report.scan.targets.includes('s3://members-bucket'));
    assert.ok(
      report.result.reasons.some((reason) => reason.includes(shut)),
      report.result.reasons.join(),
    );
    assert.equal(report.buckets.find(({ uri }) => uri === 's3://members-bucket')?.sensitivity.level, 'restricted');

    const planned = await runCli(['plan', 's3://', '-f', 'json'], { env });
    assert.equal(planned.code, 3, planned.stderr);
    assert.ok(planned.stdout.includes(shut), planned.stdout);
    const judged = await runCli(['exposure', 's3://', '-f', 'json'], { env });
    assert.equal(judged.code, 4, judged.stderr);
    const answers: { id: string; error?: string; verdict?: string }[] = JSON.parse(judged.stdout);
    assert.equal(answers.find(({ id }) => id === 's3://members-bucket')?.verdict, 'private');
    assert.match(answers.find(({ error }) => error !== undefined)?.error ?? '', new RegExp(shut));
  },
);

serverTest(gateway, 'assay exposure s3:// judges every bucket', async (server) => {
  const open = await newBucket(server);
  const resource = `arn:aws:s3:::${open.name}/*`;
  await server.putPolicy(open.name, [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: resource }]);
  const { code, stdout, stderr } = await runCli(['exposure', 's3://', '-f', 'json'], { env: server.env });
  assert.equal(code, 0, stderr);
  const answers: { id: string; verdict: string }[] = JSON.parse(stdout);
  assert.ok(answers.length > 1);
  assert.equal(answers.find(({ id }) => id === open.uri)?.verdict, 'public');
});
