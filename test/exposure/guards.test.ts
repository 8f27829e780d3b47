import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublic } from '../../src/exposure/evaluate.ts';
import type { S3Evidence, S3PublicAccessBlock } from '../../src/model/exposure.ts';
import {
  ALL_OFF,
  ALL_ON,
  ALL_USERS,
  AUTHENTICATED,
  acl,
  allow,
  bucket,
  deny,
  FOREIGN,
  judge,
  known,
  OWN,
  policyOf,
  refused,
} from './evidence.ts';

const openAcl = { acl: known(acl([ALL_USERS, 'READ'])), objectOwnership: known('ObjectWriter') };
const openPolicy = { policy: policyOf(allow()) };

test('a switch that is on at either level protects', () => {
  for (const levels of [
    { publicAccessBlock: known(ALL_ON), accountPublicAccessBlock: known(ALL_OFF) },
    { publicAccessBlock: known(ALL_OFF), accountPublicAccessBlock: known(ALL_ON) },
  ]) {
    assert.equal(judge(bucket({ ...openPolicy, ...levels })).verdict, 'private');
    assert.equal(judge(bucket({ ...openAcl, ...levels })).verdict, 'private');
  }
});

test('the two switches that only refuse future changes protect nothing that exists', () => {
  const future = known({ ...ALL_OFF, BlockPublicAcls: true, BlockPublicPolicy: true });
  assert.equal(judge(bucket({ ...openPolicy, publicAccessBlock: future })).verdict, 'public');
  assert.equal(judge(bucket({ ...openAcl, publicAccessBlock: future })).verdict, 'public');
});

test('RestrictPublicBuckets ends foreign access as well while the policy is public', () => {
  const policy = policyOf(allow(), allow({ Principal: { AWS: FOREIGN }, Action: 's3:PutObject' }));
  const exposure = judge(bucket({ policy, publicAccessBlock: known({ ...ALL_OFF, RestrictPublicBuckets: true }) }));
  assert.equal(exposure.effective.write, 'private');
  assert.deepEqual(exposure.crossAccount, []);
  assert.deepEqual(
    exposure.grants.map((grant) => [grant.state, grant.blockedBy]),
    [
      ['dormant', ['bucket.RestrictPublicBuckets']],
      ['dormant', ['bucket.RestrictPublicBuckets']],
    ],
  );
});

test('RestrictPublicBuckets does nothing to a policy that is not public', () => {
  const policy = policyOf(allow({ Principal: { AWS: FOREIGN } }));
  assert.equal(judge(bucket({ policy, publicAccessBlock: known(ALL_ON) })).verdict, 'cross-account');
});

test('a Deny does not make a policy less public for the switch', () => {
  const policy = policyOf(
    allow({ Action: 's3:PutObject' }),
    allow({ Principal: { AWS: FOREIGN } }),
    deny({ Action: 's3:PutObject' }),
  );
  const exposure = judge(bucket({ policy, publicAccessBlock: known(ALL_ON) }));
  assert.equal(exposure.vendorPublic, true);
  assert.equal(exposure.verdict, 'private');
});

test('a grant behind a switch is said to wait for it', () => {
  const { because } = judge(bucket({ ...openPolicy, accountPublicAccessBlock: known(ALL_ON) }));
  assert.match(
    because[0] as string,
    /^Anyone on the internet could read objects: .* Only account\.RestrictPublicBuckets stops it\.$/,
  );
});

test('what each permission of an ACL allows', () => {
  const answers = [
    ['READ', 'list'],
    ['WRITE', 'write'],
    ['WRITE_ACP', 'changePermissions'],
  ] as const;
  for (const [permission, field] of answers) {
    const { effective } = judge(bucket({ ...openAcl, acl: known(acl([ALL_USERS, permission])) }));
    const open = Object.entries(effective).filter(([, reach]) => reach === 'public');
    assert.deepEqual(
      open.map(([name]) => name),
      [field],
      permission,
    );
  }
});

test('reading an ACL is not listing, and still something everyone can do', () => {
  const exposure = judge(bucket({ ...openAcl, acl: known(acl([AUTHENTICATED, 'READ_ACP'])) }));
  assert.equal(exposure.verdict, 'private');
  assert.equal(isPublic(exposure), true);
});

test('every identity of the vendor is the public', () => {
  assert.equal(judge(bucket({ ...openAcl, acl: known(acl([AUTHENTICATED, 'READ'])) })).verdict, 'public');
});

test('enforced ownership voids every ACL', () => {
  const exposure = judge(bucket({ ...openAcl, objectOwnership: known('BucketOwnerEnforced') }));
  assert.equal(exposure.verdict, 'private');
  assert.equal(isPublic(exposure), false);
});

test('another canonical user in an ACL is a foreign account', () => {
  const other = { Grantee: { Type: 'CanonicalUser', ID: 'fe'.repeat(32) }, Permission: 'READ' };
  const exposure = judge(bucket({ ...openAcl, acl: known({ ...acl(), Grants: [other] }) }));
  assert.equal(exposure.verdict, 'cross-account');
  assert.deepEqual(exposure.crossAccount, [`canonical:${'fe'.repeat(32)}`]);
});

test('the group names of other stores are understood', () => {
  const grant = { Grantee: { Type: 'Group', URI: 'all-users' }, Permission: 'READ' };
  const exposure = judge(bucket({ ...openAcl, acl: known({ Grants: [grant] }), endpoint: 'http://127.0.0.1:7070' }));
  assert.equal(exposure.effective.list, 'public');
  assert.equal(exposure.effective.read, 'unknown');
});

test('a refused fact is unknown with the permission that is missing, never private', () => {
  const refusals: Partial<S3Evidence>[] = [
    { policy: refused('s3:GetBucketPolicy') },
    { acl: refused('s3:GetBucketAcl'), objectOwnership: known('ObjectWriter') },
    { publicAccessBlock: refused('s3:GetPublicAccessBlock') },
    { accountPublicAccessBlock: refused('s3control:GetPublicAccessBlock') },
  ];
  for (const facts of refusals) {
    const exposure = judge(bucket(facts));
    const call = JSON.stringify(facts);
    assert.equal(exposure.verdict, 'unknown', call);
    assert.equal(isPublic(exposure), 'unknown', call);
    assert.equal(exposure.unknowns[0]?.reason, 'AccessDenied', call);
    assert.match(exposure.fix.join('\n'), /Let the scanning identity read/);
  }
});

test('a proven public path beats a refused fact', () => {
  assert.equal(judge(bucket({ ...openPolicy, acl: refused('s3:GetBucketAcl') })).verdict, 'public');
});

test('an open policy is not proven public while a switch above it is not known', () => {
  const exposure = judge(
    bucket({ ...openPolicy, accountPublicAccessBlock: refused('s3control:GetPublicAccessBlock') }),
  );
  assert.equal(exposure.verdict, 'unknown');
  assert.equal(isPublic(exposure), 'unknown');
});

test('the account level may be refused when the bucket level is fully on', () => {
  const facts = {
    ...openPolicy,
    publicAccessBlock: known(ALL_ON),
    accountPublicAccessBlock: refused<S3PublicAccessBlock>('x:y'),
  };
  assert.equal(judge(bucket(facts)).verdict, 'private');
});

test('a feature that the store lacks is named and decides nothing', () => {
  const lacking = { state: 'unsupported', call: 's3:GetPublicAccessBlock' } as const;
  const facts = { publicAccessBlock: lacking, accountPublicAccessBlock: lacking, endpoint: 'http://127.0.0.1:7070' };
  const exposure = judge(bucket(facts));
  assert.equal(exposure.verdict, 'private');
  assert.match(
    exposure.because.join('\n'),
    /no Block Public Access of the bucket \(s3:GetPublicAccessBlock is not available there\)/,
  );
  assert.equal(judge(bucket({ ...facts, ...openPolicy })).verdict, 'public');
});

test("where the store calls a policy public and we do not, the store's word counts", () => {
  const policy = policyOf(allow({ Condition: { StringEquals: { 'aws:PrincipalAccount': OWN } } }));
  const exposure = judge(bucket({ policy, policyStatusIsPublic: known(true) }));
  assert.equal(exposure.verdict, 'public');
  assert.match(exposure.because.join('\n'), /the more open of the two counts/);
});

test('an own user of a store without accounts is told from another one', () => {
  const facts = { owner: { account: null, canonicalId: 'alice' }, endpoint: 'http://127.0.0.1:7070' };
  const named = (AWS: string) => judge(bucket({ ...facts, policy: policyOf(allow({ Principal: { AWS } })) }));
  assert.equal(named('alice').verdict, 'private');
  assert.deepEqual(named('bob').crossAccount, ['bob']);
});

test('the fix is a command for exactly this bucket and endpoint', () => {
  const { fix } = judge(bucket({ ...openPolicy, bucket: 'lake', endpoint: 'http://127.0.0.1:7070' }));
  assert.match(
    fix.join('\n'),
    /^aws s3api put-public-access-block --bucket lake .* --endpoint-url http:\/\/127\.0\.0\.1:7070$/m,
  );
});

test('a store without Block Public Access is told to change its policy', () => {
  const lacking = { state: 'unsupported', call: 's3:GetPublicAccessBlock' } as const;
  const { fix } = judge(bucket({ ...openPolicy, publicAccessBlock: lacking }));
  assert.doesNotMatch(fix.join('\n'), /put-public-access-block/);
  assert.match(fix.join('\n'), /^Name your own account in statement 0 of the bucket policy instead of everyone/);
});

test('control policies above the account are named as not read where they could matter, and change nothing', () => {
  const isNamed = (facts: Partial<S3Evidence>) =>
    judge(bucket(facts)).unknowns.some(({ call }) => call === 'organizations:DescribePolicy');
  assert.equal(isNamed(openPolicy), true);
  assert.equal(isPublic(judge(bucket(openPolicy))), true);
  assert.equal(isNamed({}), false);
  assert.equal(isNamed({ ...openPolicy, endpoint: 'http://127.0.0.1:7070' }), false);
});
