import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isPublic } from '../../src/exposure/evaluate.ts';
import { compareReach } from '../../src/exposure/reach.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import { recordEvidence } from '../../src/exposure/record-evidence.ts';
import type { Exposure, Reach, S3Evidence, S3Key, S3ObjectEncryption } from '../../src/model/exposure.ts';
import { allow, bucket, type Draft, deny, FOREIGN, judge, known, OWN, policyOf, refused } from './evidence.ts';

const KEY = `arn:aws:kms:eu-west-1:${OWN}:key/k`;
const OTHER = '456789012345';

function keyPolicy(...statements: Draft[]): S3Key['policy'] {
  const own = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OWN}:root` }, Action: 'kms:*', Resource: '*' };
  return policyOf(own, ...statements);
}
function decrypt(changes: Draft = {}): Draft {
  return { Effect: 'Allow', Principal: { AWS: FOREIGN }, Action: 'kms:Decrypt', Resource: '*', ...changes };
}
function key(policy: S3Key['policy'] = keyPolicy(), grants: S3Key['grants'] = known([])): S3Key {
  return { id: KEY, policy, grants };
}
const ALL_KMS: S3ObjectEncryption = {
  objects: 3,
  isPartial: false,
  keys: [{ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY, objects: 3 }],
};

function evidence(statement: Draft, ofKey: S3Key | null, objects: S3ObjectEncryption | null = ALL_KMS): S3Evidence {
  return bucket({
    policy: policyOf(statement),
    encryption: known({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY }),
    ...(ofKey === null ? {} : { keys: known([ofKey]) }),
    ...(objects === null ? {} : { objectEncryption: known(objects) }),
  });
}
const toForeign = allow({ Principal: { AWS: [FOREIGN] } });

test('nobody without an identity reads objects that are all under a key', () => {
  const found = judge(evidence(allow(), key()));
  assert.equal(found.effective.read, 'private');
  assert.equal(isPublic(found), false);
  assert.equal(found.vendorPublic, true, 'the policy stays what it is');
  assert.deepEqual(
    [found.grants[0]?.state, found.grants[0]?.blockedBy],
    ['blocked', [`the key of every object, ${KEY}`]],
  );
});

describe('whom a key lets decrypt', () => {
  const cases: [title: string, statements: Draft[], grants: S3Key['grants'], read: Reach][] = [
    ['nobody else', [], known([]), 'private'],
    ['the account that the policy of the bucket names', [decrypt()], known([]), 'cross-account'],
    ['all of the actions by a star', [decrypt({ Action: 'kms:*' })], known([]), 'cross-account'],
    ['all but some actions', [decrypt({ Action: undefined, NotAction: 'kms:Encrypt' })], known([]), 'cross-account'],
    ['who can make grants can let itself', [decrypt({ Action: 'kms:CreateGrant' })], known([]), 'cross-account'],
    ['encrypting is not enough', [decrypt({ Action: ['kms:Encrypt', 'kms:GenerateDataKey'] })], known([]), 'private'],
    ['another account', [decrypt({ Principal: { AWS: OTHER } })], known([]), 'private'],
    [
      'everyone of the own account, as the keys of services have it',
      [decrypt({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'kms:CallerAccount': OWN } } })],
      known([]),
      'private',
    ],
    [
      'everyone through a service',
      [decrypt({ Principal: '*', Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } })],
      known([]),
      'cross-account',
    ],
    [
      'by a grant',
      [],
      known([{ GranteePrincipal: `arn:aws:iam::${FOREIGN}:role/x`, Operations: ['Decrypt'] }]),
      'cross-account',
    ],
    [
      'a grant for other operations',
      [],
      known([{ GranteePrincipal: `arn:aws:iam::${FOREIGN}:role/x`, Operations: ['Encrypt'] }]),
      'private',
    ],
    ['a grant that may be there', [], refused('kms:ListGrants'), 'cross-account'],
  ];
  for (const [title, statements, grants, read] of cases) {
    test(title, () =>
      assert.equal(judge(evidence(toForeign, key(keyPolicy(...statements), grants))).effective.read, read),
    );
  }
});

test('a public policy and a key for one account are reach of that account', () => {
  const found = judge(evidence(allow(), key(keyPolicy(decrypt()))));
  assert.equal(found.verdict, 'cross-account');
  assert.deepEqual(found.crossAccount, [FOREIGN]);
  assert.ok(found.grants.some(({ state, principal }) => state === 'blocked' && principal.class === 'internet'));
});

test('of several accounts those are blocked that the key leaves out', () => {
  const found = judge(evidence(allow({ Principal: { AWS: [FOREIGN, OTHER] } }), key(keyPolicy(decrypt()))));
  assert.deepEqual(found.crossAccount, [FOREIGN]);
  const blocked = found.grants.find(({ state }) => state === 'blocked');
  assert.deepEqual(blocked?.principal.ids, [OTHER]);
});

test('keys stop reading and nothing else', () => {
  const statement = allow({ Action: ['s3:*'], Resource: ['arn:aws:s3:::lake', 'arn:aws:s3:::lake/*'] });
  const { effective } = judge(evidence(statement, key()));
  assert.deepEqual(effective, {
    list: 'public',
    read: 'private',
    write: 'public',
    delete: 'public',
    changePermissions: 'public',
  });
});

describe('what is not known of objects or keys', () => {
  const cases: [title: string, given: S3Evidence, read: Reach][] = [
    ['the objects were not looked at', evidence(allow(), key(), null), 'public'],
    ['there are no objects', evidence(allow(), key(), { objects: 0, isPartial: false, keys: [] }), 'public'],
    [
      'one object is older than the key',
      evidence(allow(), key(), { ...ALL_KMS, keys: [...ALL_KMS.keys, { ServerSideEncryption: 'AES256', objects: 1 }] }),
      'public',
    ],
    [
      'one object says nothing of its encryption',
      evidence(allow(), key(), { ...ALL_KMS, keys: [...ALL_KMS.keys, { objects: 1 }] }),
      'public',
    ],
    ['the key was not asked about', evidence(allow(), null), 'public'],
    ['its policy may not be read', evidence(allow(), key(refused('kms:GetKeyPolicy'))), 'public'],
    ['its policy is none', evidence(allow(), key(known<unknown>('?'))), 'public'],
    ['only some objects were looked at', evidence(allow(), key(), { ...ALL_KMS, isPartial: true }), 'unknown'],
  ];
  for (const [title, given, read] of cases) test(title, () => assert.equal(judge(given).effective.read, read));

  test('a sample leaves open whether it is public, and says so', () => {
    const found = judge(evidence(allow(), key(), { ...ALL_KMS, isPartial: true }));
    assert.equal(isPublic(found), 'unknown');
    assert.ok(found.unknowns.some(({ call, reason }) => call === 's3:HeadObject' && reason === 'sampled'));
  });

  test('the permission that is missing is named', () => {
    const found = judge(evidence(toForeign, key(refused('kms:GetKeyPolicy'))));
    assert.equal(found.effective.read, 'cross-account');
    assert.ok(found.unknowns.some(({ permission }) => permission === 'kms:GetKeyPolicy'));
    assert.match(found.fix.join('\n'), /grant it kms:GetKeyPolicy/);
  });
});

test('the key that S3 keeps in an account lets in no other', () => {
  const objects = { ...ALL_KMS, keys: [{ ServerSideEncryption: 'aws:kms', objects: 3 }] };
  const given = evidence(toForeign, null, objects);
  assert.equal(judge({ ...given, encryption: known({ SSEAlgorithm: 'aws:kms' }) }).effective.read, 'private');
});

test('it is told whom the default key lets decrypt, and that it does not stop writing', () => {
  const said = (found: Exposure) => found.because.join('\n');
  const statement = allow({ Principal: { AWS: FOREIGN }, Action: ['s3:GetObject', 's3:PutObject'] });
  assert.match(said(judge(evidence(statement, key(), null))), /lets no other account decrypt/);
  assert.match(
    said(judge(evidence(statement, key(keyPolicy(decrypt())), null))),
    new RegExp(`lets ${FOREIGN} decrypt`),
  );
  assert.match(said(judge(evidence(statement, key(), null))), /alone it stops nobody from writing/);
});

test('keys and samples are judged the same from a record', () => {
  for (const ofKey of [key(keyPolicy(decrypt())), key(refused('kms:GetKeyPolicy'))]) {
    const given = evidence(toForeign, ofKey);
    const context = { collectedAt: '2026-01-02T03:04:05Z' };
    const read = readEvidence(JSON.parse(JSON.stringify(recordEvidence('one', given, context))));
    assert.ok('evidence' in read && read.evidence.provider === 'aws-s3', JSON.stringify(read));
    assert.deepEqual(judge(read.evidence), judge(given));
  }
});

describe('uploads where the policy refuses every other key', () => {
  const asks = (changes: Draft = {}, operator = 'StringNotEquals', value: unknown = KEY): Draft =>
    deny({
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::lake/*',
      Condition: { [operator]: { 's3:x-amz-server-side-encryption-aws-kms-key-id': value } },
      ...changes,
    });
  const writes = (rule: Draft, ofKey: S3Key = key(), Action: unknown = 's3:PutObject'): Exposure =>
    judge({ ...evidence(allow({ Action }), ofKey), policy: policyOf(allow({ Action }), rule) });
  const generate = decrypt({ Action: 'kms:GenerateDataKey*' });
  const cases: [title: string, found: Exposure, write: Reach][] = [
    ['need the key', writes(asks()), 'private'],
    ['need it where the key is only compared when there is one', writes(asks({}, 'ArnNotEqualsIfExists')), 'private'],
    ['are made by whom the key lets encrypt', writes(asks(), key(keyPolicy(generate))), 'cross-account'],
    ['are not made by whom it lets decrypt', writes(asks(), key(keyPolicy(decrypt()))), 'private'],
    ['any key of some may be anybody\u2019s', writes(asks({}, 'StringNotLike', 'arn:aws:kms:*')), 'public'],
    ['one key of several that is not known', writes(asks({}, 'StringNotEquals', [KEY, 'other'])), 'public'],
    ['a Deny that holds for the key itself', writes(asks({}, 'StringEquals')), 'public'],
    ['a Deny for one account', writes(asks({ Principal: { AWS: FOREIGN } })), 'public'],
    ['a Deny for a part of the keys', writes(asks({ Resource: 'arn:aws:s3:::lake/a/*' })), 'public'],
    ['a Deny for other actions', writes(asks({ Action: 's3:PutObjectTagging' })), 'public'],
    ['a Deny that also asks for something else', writes(withCondition(asks())), 'public'],
    ['other ways of writing stay', writes(asks(), key(), ['s3:PutObject', 's3:PutObjectTagging']), 'public'],
  ];
  for (const [title, found, write] of cases) test(title, () => assert.equal(found.effective.write, write));

  function withCondition(rule: Draft): Draft {
    return { ...rule, Condition: { ...(rule.Condition as object), Bool: { 'aws:SecureTransport': 'true' } } };
  }
});

test('what is known of keys never widens anything', () => {
  const accounts = fc.constantFrom(FOREIGN, OTHER, OWN, '*');
  const action = fc.constantFrom('kms:Decrypt', 'kms:*', 'kms:Encrypt', 'kms:CreateGrant');
  const lets = fc
    .record({ AWS: accounts, Action: action })
    .map(({ AWS, Action }) => decrypt({ Principal: { AWS }, Action }));
  const reader = fc.constantFrom<unknown>('*', { AWS: FOREIGN }, { AWS: [FOREIGN, OTHER] }, { AWS: [OWN, OTHER] });
  fc.assert(
    fc.property(reader, fc.array(lets, { maxLength: 3 }), fc.boolean(), (Principal, statements, isPartial) => {
      const statement = allow({ Principal, Action: ['s3:GetObject', 's3:PutObject'] });
      const without = judge(evidence(statement, null, null)).effective;
      const under = judge(evidence(statement, key(keyPolicy(...statements)), { ...ALL_KMS, isPartial })).effective;
      assert.ok(compareReach(under.read, without.read) >= 0, `${under.read} after ${without.read}`);
      assert.deepEqual({ ...under, read: without.read }, without);
    }),
  );
});
