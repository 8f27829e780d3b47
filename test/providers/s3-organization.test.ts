import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { isAssayError } from '../../src/errors.ts';
import { evaluateExposure } from '../../src/exposure/evaluate.ts';
import { discoverTargets } from '../../src/providers/discover-targets.ts';
import type { ProviderOptions } from '../../src/providers/open-provider.ts';
import { parseTargets } from '../../src/providers/parse-targets.ts';
import { type Moto, startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { type Answer, standIn } from '../servers/stand-in.ts';
import { s3Bucket, s3Provider } from './s3-harness.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());

function optionsOf({ endpoint, region, credentials }: Moto, more: ProviderOptions = {}): ProviderOptions {
  return {
    endpoint,
    region,
    credentials,
    stsEndpoint: endpoint,
    organizationsEndpoint: endpoint,
    organizationRole: 'audit/assay',
    retryBaseMs: 1,
    ...more,
  };
}

async function bucketOf(server: Moto, account: string, name: string): Promise<void> {
  const { endpoint, region } = server;
  const sts = new STSClient({ endpoint, region, credentials: server.credentials });
  const RoleArn = `arn:aws:iam::${account}:role/any`;
  const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  sts.destroy();
}

const REFUSED: Answer = {
  status: 403,
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
};

serverTest(
  moto,
  's3:// with an organisation role means the buckets of every account, and names those that let nobody in',
  async (server, t) => {
    const { endpoint, region, credentials } = server;
    const organizations = new OrganizationsClient({ endpoint, region, credentials });
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const ids: string[] = [];
    for (const name of ['open', 'shut']) {
      const command = new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` });
      const { CreateAccountStatus: made } = await organizations.send(command);
      ids.push(made?.AccountId ?? '');
    }
    organizations.destroy();
    const [open = '', shut = ''] = ids;
    await server.client.send(new CreateBucketCommand({ Bucket: 'managers' }));
    await bucketOf(server, open, 'members');
    await bucketOf(server, shut, 'hidden');
    const role = (account: string) => `arn:aws:iam::${account}:role/audit/assay`;
    const asked: (string | null)[] = [];
    const stsEndpoint = await standIn(t, endpoint, (body) => {
      const asks = new URLSearchParams(body).get('RoleArn');
      asked.push(asks);
      return asks === role(server.account) || asks === role(shut) ? REFUSED : null;
    });

    const targets = parseTargets(['s3://'], '/');
    const { targets: found, bucketRoles } = await discoverTargets(targets, optionsOf(server, { stsEndpoint }));
    assert.deepEqual(
      found.filter(({ lost }) => lost === undefined).map(({ text }) => text),
      ['s3://managers', 's3://members'],
    );
    assert.deepEqual(bucketRoles, { members: role(open) });
    const lost = found.filter((target) => target.lost !== undefined);
    assert.deepEqual(
      lost.map(({ text, lost: why }) => [text, why?.code]),
      [[`s3:// (${role(shut)})`, 'access-denied']],
    );
    assert.ok(asked.includes(role(server.account)), 'the own account is tried with the role first');
  },
);

const account = (id: string, state: object) => ({
  Id: id,
  Arn: `arn:aws-cn:organizations::1:account/o-1/${id}`,
  ...state,
});

serverTest(moto, 'accounts come page by page through throttling, and closed ones are left out', async (server, t) => {
  const pages = [
    { Accounts: [account('111111111111', { State: 'ACTIVE' }), account('222222222222', { State: 'SUSPENDED' })] },
    {
      Accounts: [account('333333333333', { Status: 'ACTIVE' }), account('444444444444', { Status: 'PENDING_CLOSURE' })],
    },
  ];
  const tokens: unknown[] = [];
  let requests = 0;
  const organizationsEndpoint = await standIn(t, server.endpoint, (body) => {
    requests += 1;
    if (requests === 2) return { status: 400, body: JSON.stringify({ __type: 'TooManyRequestsException' }) };
    const { NextToken: token } = JSON.parse(body);
    tokens.push(token);
    const page = token === undefined ? { ...pages[0], NextToken: 'second' } : pages[1];
    return { status: 200, body: JSON.stringify(page) };
  });
  const roles: string[] = [];
  const stsEndpoint = await standIn(t, server.endpoint, (body) => {
    const role = new URLSearchParams(body).get('RoleArn');
    if (role !== null) roles.push(role);
    return null;
  });
  await discoverTargets(parseTargets(['s3://'], '/'), optionsOf(server, { organizationsEndpoint, stsEndpoint }));
  assert.deepEqual(tokens, [undefined, 'second']);
  assert.deepEqual(roles.sort(), [
    'arn:aws-cn:iam::111111111111:role/audit/assay',
    'arn:aws-cn:iam::333333333333:role/audit/assay',
  ]);
});

serverTest(
  moto,
  'an organisation that may not be listed is refused with the permission, beside roles it is lost',
  async (server, t) => {
    const word = { __type: 'AccessDeniedException', Message: 'User is not authorized' };
    const organizationsEndpoint = await standIn(t, server.endpoint, () => ({
      status: 400,
      body: JSON.stringify(word),
    }));
    const options = optionsOf(server, { organizationsEndpoint });
    const targets = parseTargets(['s3://'], '/');
    await assert.rejects(
      discoverTargets(targets, options),
      (error) =>
        isAssayError(error) && error.code === 'access-denied' && error.permission === 'organizations:ListAccounts',
    );
    const { targets: found } = await discoverTargets(targets, { ...options, roles: ['self'] });
    assert.match(found.find(({ lost }) => lost !== undefined)?.lost?.message ?? '', /organizations:ListAccounts/);
    assert.ok(found.some(({ lost }) => lost === undefined));
  },
);

serverTest(moto, 'an account without an organisation is told so', async (server, t) => {
  const word = { __type: 'AWSOrganizationsNotInUseException', Message: 'none' };
  const organizationsEndpoint = await standIn(t, server.endpoint, () => ({ status: 400, body: JSON.stringify(word) }));
  await assert.rejects(
    discoverTargets(parseTargets(['s3://'], '/'), optionsOf(server, { organizationsEndpoint })),
    (error) => isAssayError(error) && error.code === 'config' && /in no organisation/.test(error.message),
  );
  await assert.rejects(
    discoverTargets(parseTargets(['s3://'], '/'), optionsOf(server, { organizationsEndpoint: null })),
    /needs s3\.organizationsEndpoint/,
  );
});

serverTest(moto, 'the own organisation is asked for where a policy names one, and is inside', async (server, t) => {
  const { endpoint, credentials } = server;
  const bucket = s3Bucket('shared-inside');
  await server.client.send(new CreateBucketCommand({ Bucket: bucket.name }));
  const policy = (org: string) => {
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': org } };
    const Resource = `arn:aws:s3:::${bucket.name}/*`;
    return {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource, Condition }],
    };
  };
  const put = (org: string) =>
    server.client.send(new PutBucketPolicyCommand({ Bucket: bucket.name, Policy: JSON.stringify(policy(org)) }));
  let answer: Answer = { status: 200, body: JSON.stringify({ Organization: { Id: 'o-0123456789' } }) };
  const organizationsEndpoint = await standIn(t, endpoint, () => answer);
  const options = { stsEndpoint: endpoint, organizationsEndpoint };
  const reachOf = async () => {
    const evidence = await s3Provider(server, credentials, options).collectExposure(bucket);
    const found = evaluateExposure(evidence, { collectedAt: '2026-01-02T03:04:05Z' });
    return { read: found.effective.read, missing: found.unknowns.map(({ permission }) => permission) };
  };
  await put('o-0123456789');
  assert.equal((await reachOf()).read, 'organization');
  await put('o-9999999999');
  assert.equal((await reachOf()).read, 'cross-account');
  answer = { status: 400, body: JSON.stringify({ __type: 'AWSOrganizationsNotInUseException' }) };
  assert.equal((await reachOf()).read, 'cross-account', 'who is in no organisation shares none');
  answer = { status: 400, body: JSON.stringify({ __type: 'AccessDeniedException' }) };
  const refused = await reachOf();
  assert.equal(refused.read, 'unknown');
  assert.ok(refused.missing.includes('organizations:DescribeOrganization'));
});
