import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, bucket, deny, FOREIGN, judge, judgePolicy, OWN, policyOf } from './evidence.ts';

test('listing needs the bucket itself in Resource', () => {
  const list = allow({ Action: 's3:ListBucket' });
  assert.equal(judgePolicy([list]).effective.list, 'private');
  assert.equal(judgePolicy([{ ...list, Resource: 'arn:aws:s3:::lake' }]).effective.list, 'public');
});

test('a session in a directory bucket lists, reads, writes and deletes', () => {
  const session = allow({
    Principal: { AWS: FOREIGN },
    Action: 's3express:CreateSession',
    Resource: `arn:aws:s3express:us-west-2:${OWN}:bucket/lake`,
  });
  const { effective, grants } = judgePolicy([session]);
  assert.deepEqual(
    [effective.list, effective.read, effective.write, effective.delete, effective.changePermissions],
    ['cross-account', 'cross-account', 'cross-account', 'cross-account', 'private'],
  );
  assert.deepEqual(grants[0]?.rawActions, ['s3express:CreateSession']);
});

test('an account of AWS that delivers logs may write them, and is a stranger when it may read', () => {
  const logs = { AWS: 'arn:aws:iam::127311923021:root' };
  const writes = judgePolicy([allow({ Principal: logs, Action: 's3:PutObject' })]);
  assert.deepEqual([writes.effective.write, writes.crossAccount], ['organization', []]);
  const reads = judgePolicy([allow({ Principal: logs })]);
  assert.deepEqual([reads.effective.read, reads.crossAccount], ['cross-account', ['127311923021']]);
});

test('a canonical user whose account may be the own one is named, and not called foreign', () => {
  const policy = policyOf(allow({ Principal: { CanonicalUser: 'ab'.repeat(32) } }));
  const { verdict, crossAccount } = judge(bucket({ policy, owner: { account: OWN, canonicalId: null } }));
  assert.deepEqual([verdict, crossAccount], ['unknown', [`canonical:${'ab'.repeat(32)}`]]);
});

test('a service is no account, whoever it acts for', () => {
  const Condition = { StringEquals: { 'aws:SourceAccount': FOREIGN } };
  const { crossAccount, effective } = judgePolicy([allow({ Principal: { Service: 's3.amazonaws.com' }, Condition })]);
  assert.deepEqual([effective.read, crossAccount], ['cross-account', []]);
});

test('without the name of the bucket every resource of a policy is taken for it', () => {
  const statement = allow({ Resource: 'arn:aws:s3tables:us-east-1:111122223333:bucket/x' });
  const judged = (name: string | null) => judge(bucket({ bucket: name, policy: policyOf(statement) })).verdict;
  assert.equal(judged(null), 'public');
});

test('write, delete and change of permissions are told apart', () => {
  const { effective } = judgePolicy([allow({ Action: ['s3:P*Object', 's3:DeleteObject', 's3:PutObjectAcl'] })]);
  assert.deepEqual(effective, {
    list: 'private',
    read: 'private',
    write: 'public',
    delete: 'public',
    changePermissions: 'public',
  });
});

test('a denied prefix is named as the exception of the grant', () => {
  const { grants } = judgePolicy([allow(), deny({ Resource: 'arn:aws:s3:::lake/tax/*' })]);
  assert.deepEqual(grants[0]?.scope, { prefixes: ['*'], except: ['tax/*'] });
});

test('accounts are the ones of the principals cut with those of the conditions', () => {
  const both = allow({
    Principal: { AWS: [FOREIGN, '456789012345'] },
    Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${FOREIGN}:role/x` } },
  });
  assert.deepEqual(judgePolicy([both]).crossAccount, [FOREIGN]);
});

test('a trusted account stays inside the organisation', () => {
  const statements = [allow({ Principal: { AWS: FOREIGN } })];
  const exposure = judgePolicy(statements, { trusted: { accounts: [FOREIGN] } });
  assert.equal(exposure.verdict, 'organization');
  assert.deepEqual(exposure.crossAccount, []);
});

test('an account inside the path of a role is not trusted for it', () => {
  const statements = [allow({ Principal: { AWS: `arn:aws:iam::${FOREIGN}:role/x-456789012345` } })];
  assert.deepEqual(judgePolicy(statements, { trusted: { accounts: ['456789012345'] } }).crossAccount, [FOREIGN]);
});

test('the own organisation is inside, another one is foreign', () => {
  const inside = [allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-home000001' } } })];
  assert.equal(judgePolicy(inside, { owner: { org: 'o-home000001' } }).verdict, 'organization');
  const outside = judgePolicy(inside, { owner: { org: 'o-else000001' } });
  assert.equal(outside.verdict, 'cross-account');
  assert.deepEqual(outside.crossAccount, ['org:o-home000001']);
});

test('the sentence names the statement, who, what and the condition', () => {
  const { because } = judgePolicy([
    allow({ Sid: 'PublicRead', Action: ['s3:GetObject', 's3:DeleteObject'], Resource: 'arn:aws:s3:::lake/open/*' }),
  ]);
  assert.equal(
    because[0],
    'Anyone on the internet can read objects and delete objects under open/*: statement 0 "PublicRead" of the bucket policy.',
  );
});

test('a statement that grants nothing is said to', () => {
  const { because } = judgePolicy([allow({ Sid: 'Typo', Resource: 'arn:aws:s3:::lake' })]);
  assert.match(because.join('\n'), /Statement 0 "Typo" of the bucket policy grants nothing here/);
});

test('a policy that is none is unknown, not private', () => {
  assert.equal(judgePolicy([allow({ Effect: 'Maybe' })]).verdict, 'unknown');
});
