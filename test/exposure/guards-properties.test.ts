import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPublic } from '../../src/exposure/evaluate.ts';
import { compareReach } from '../../src/exposure/reach.ts';
import type { Exposure, S3Evidence, S3PublicAccessBlock } from '../../src/model/exposure.ts';
import {
  ALL_OFF,
  ALL_ON,
  ALL_USERS,
  acl,
  bucket,
  type Draft,
  FOREIGN,
  judge,
  known,
  OWN,
  policyOf,
} from './evidence.ts';

const principal = fc.constantFrom<unknown>(
  '*',
  { AWS: '*' },
  { AWS: FOREIGN },
  { AWS: OWN },
  { Service: 'sns.amazonaws.com' },
);
const condition = fc.constantFrom<Draft>(
  {},
  { StringEquals: { 'aws:PrincipalAccount': FOREIGN } },
  { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
  { StringNotEquals: { 'aws:PrincipalAccount': OWN } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { IpAddress: { 'aws:SourceIp': '52.1.0.0/16' } },
);
const action = fc.constantFrom('s3:*', 's3:GetObject', 's3:ListBucket', 's3:Put*', 's3:DeleteObject');
const resource = fc.constantFrom<unknown>('*', 'arn:aws:s3:::lake', 'arn:aws:s3:::lake/*', 'arn:aws:s3:::lake/a/*');
const statement = (Effect: string) =>
  fc.record({
    Effect: fc.constant(Effect),
    Principal: principal,
    Action: action,
    Resource: resource,
    Condition: condition,
  });
const allows = fc.array(statement('Allow'), { minLength: 1, maxLength: 3 });
const denies = fc.array(statement('Deny'), { maxLength: 2 });
const block = fc.constantFrom<S3PublicAccessBlock | null>(null, ALL_OFF, ALL_ON, {
  ...ALL_OFF,
  RestrictPublicBuckets: true,
});
const openness = fc.constantFrom(
  known(acl()),
  known(acl([ALL_USERS, 'READ'])),
  known(acl([ALL_USERS, 'FULL_CONTROL'])),
);

function assertNoWider(after: Exposure, before: Exposure): void {
  for (const field of ['list', 'read', 'write', 'delete', 'changePermissions'] as const) {
    assert.ok(compareReach(after.effective[field], before.effective[field]) >= 0, field);
  }
}

test('adding a Deny never widens reach', () => {
  fc.assert(
    fc.property(allows, denies, statement('Deny'), (open, closed, more) => {
      const before = judge(bucket({ policy: policyOf(...open, ...closed) }));
      const after = judge(bucket({ policy: policyOf(...open, ...closed, more) }));
      assertNoWider(after, before);
    }),
  );
});

test('turning a guard on never widens reach', () => {
  fc.assert(
    fc.property(
      allows,
      denies,
      block,
      openness,
      fc.constantFrom('account', 'bucket', 'ownership'),
      (open, closed, one, acls, guard) => {
        const facts = {
          policy: policyOf(...open, ...closed),
          acl: acls,
          publicAccessBlock: known(one),
          objectOwnership: known('ObjectWriter'),
        };
        const on: Partial<S3Evidence> =
          guard === 'ownership'
            ? { objectOwnership: known('BucketOwnerEnforced') }
            : { [guard === 'account' ? 'accountPublicAccessBlock' : 'publicAccessBlock']: known(ALL_ON) };
        assertNoWider(judge(bucket({ ...facts, ...on })), judge(bucket(facts)));
      },
    ),
  );
});

test('bucket and account level are interchangeable', () => {
  fc.assert(
    fc.property(allows, block, block, openness, (open, one, other, acls) => {
      const facts = { policy: policyOf(...open), acl: acls, objectOwnership: known('ObjectWriter') };
      const ways = [
        judge(bucket({ ...facts, publicAccessBlock: known(one), accountPublicAccessBlock: known(other) })),
        judge(bucket({ ...facts, publicAccessBlock: known(other), accountPublicAccessBlock: known(one) })),
      ];
      assert.deepEqual(ways[0]?.effective, ways[1]?.effective);
    }),
  );
});

test('the command of the fix ends all public access', () => {
  fc.assert(
    fc.property(allows, denies, openness, (open, closed, acls) => {
      const facts = { policy: policyOf(...open, ...closed), acl: acls, objectOwnership: known('ObjectWriter') };
      if (isPublic(judge(bucket(facts))) !== true) return;
      assert.match(judge(bucket(facts)).fix.join('\n'), /put-public-access-block/);
      assert.equal(isPublic(judge(bucket({ ...facts, publicAccessBlock: known(ALL_ON) }))), false);
    }),
  );
});
