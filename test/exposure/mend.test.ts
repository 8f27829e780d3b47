import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ExposureContext, isPublic } from '../../src/exposure/evaluate.ts';
import { compareReach } from '../../src/exposure/reach.ts';
import type { Exposure, S3Acl, S3Evidence } from '../../src/model/exposure.ts';
import { ALL_OFF, allow, bucket, deny, FOREIGN, judge, known, OWN, OWNER_ID, policyOf } from './evidence.ts';
import { allows, denies, statement } from './policies.ts';

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const OTHER = 'fe'.repeat(32);
const acl = (...grants: S3Acl['Grants']): S3Acl => ({
  Owner: { ID: OWNER_ID },
  Grants: [{ Grantee: { Type: 'CanonicalUser', ID: OWNER_ID }, Permission: 'FULL_CONTROL' }, ...grants],
});
const toEveryone = { Grantee: { Type: 'Group', URI: ALL_USERS }, Permission: 'READ' };
const toOther = { Grantee: { Type: 'CanonicalUser', ID: OTHER }, Permission: 'WRITE' };

/** The words of a command line, as a shell reads them. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\'/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );
}

function option(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}

/** The bucket after the commands of the fix, but for the switch that is offered beside the smallest changes. */
function applied(evidence: S3Evidence, fix: readonly string[]): S3Evidence {
  const lines = fix[0]?.startsWith('Turn Block Public Access on') ? fix.slice(2) : fix;
  let after = evidence;
  for (const words of lines.filter((line) => line.startsWith('aws ')).map(wordsOf)) {
    const [, , command] = words;
    if (command === 'delete-bucket-policy') after = { ...after, policy: known<unknown>(null) };
    if (command === 'put-bucket-policy') {
      after = { ...after, policy: known<unknown>(JSON.parse(option(words, '--policy') ?? '')) };
    }
    if (command === 'put-bucket-acl') {
      const list = option(words, '--access-control-policy');
      after = { ...after, acl: known(list === undefined ? acl() : (JSON.parse(list) as S3Acl)) };
    }
    if (command === 'put-public-access-block') {
      const switches = (option(words, '--public-access-block-configuration') ?? '').split(',');
      const isOn = Object.fromEntries(switches.map((one) => [one.split('=')[0], one.endsWith('=true')]));
      after = { ...after, publicAccessBlock: known({ ...ALL_OFF, ...isOn }) };
    }
    if (command === 'put-bucket-ownership-controls')
      after = { ...after, objectOwnership: known('BucketOwnerEnforced') };
  }
  return after;
}

const home: Partial<ExposureContext>[] = [{}, { owner: { org: 'o-home000001' } }];
const openness = fc.constantFrom(acl(), acl(toEveryone), acl(toOther, toEveryone), acl(toOther));

test('after the commands of the fix no stranger is left, neither the public nor a foreign account', () => {
  fc.assert(
    fc.property(allows, denies, openness, fc.constantFrom(...home), (open, closed, grants, context) => {
      const evidence = bucket({
        policy: policyOf(...open, ...closed),
        acl: known(grants),
        objectOwnership: known('ObjectWriter'),
      });
      const before = judge(evidence, context);
      if (isPublic(before) !== true && before.crossAccount.length === 0) return;
      const after = judge(applied(evidence, before.fix), context);
      assert.equal(isPublic(after), false, before.fix.join('\n'));
      assert.deepEqual(
        after.crossAccount.filter((name) => !name.startsWith('org:')),
        [],
      );
      assertNoWider(after, before);
    }),
    { numRuns: 1_000 },
  );
});

function assertNoWider(after: Exposure, before: Exposure): void {
  for (const field of ['list', 'read', 'write', 'delete', 'changePermissions'] as const) {
    assert.ok(compareReach(after.effective[field], before.effective[field]) >= 0, field);
  }
}

test('the order of the statements does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(statement('Allow', 2), statement('Deny', 2)), { maxLength: 5 }), (statements) => {
      const [one, other] = [statements, statements.toReversed()].map((list) =>
        judge(bucket({ policy: policyOf(...list) })),
      );
      assert.deepEqual(one?.effective, other?.effective);
      assert.deepEqual(one?.crossAccount, other?.crossAccount);
    }),
    { numRuns: 1_000 },
  );
});

test('no Deny and no switch widens what any policy gives', () => {
  fc.assert(
    fc.property(allows, denies, statement('Deny', 2), fc.boolean(), (open, closed, more, isSwitch) => {
      const facts = { policy: policyOf(...open, ...closed) };
      const restricted = { ...facts, publicAccessBlock: known({ ...ALL_OFF, RestrictPublicBuckets: true }) };
      const tighter = isSwitch ? restricted : { policy: policyOf(...open, ...closed, more) };
      assertNoWider(judge(bucket(tighter)), judge(bucket(facts)));
    }),
    { numRuns: 1_000 },
  );
});

const outside = (operator: string, key: string, value: string) => deny({ Condition: { [operator]: { [key]: value } } });

test('a Deny that tells who is left does not put them further away than they were', () => {
  const inside = allow({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } });
  const named = outside('StringNotEquals', 'aws:PrincipalAccount', FOREIGN);
  assert.equal(judge(bucket({ policy: policyOf(inside) })).verdict, 'organization');
  assert.equal(judge(bucket({ policy: policyOf(inside, named) })).verdict, 'organization');
});

test('two denials that leave nobody do so with a third one in any place', () => {
  const network = outside('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24');
  const one = outside('StringNotEquals', 'aws:PrincipalAccount', FOREIGN);
  const other = outside('StringNotEquals', 'aws:PrincipalAccount', '456789012345');
  for (const denials of [
    [network, one, other],
    [one, network, other],
    [one, other, network],
  ]) {
    assert.equal(judge(bucket({ policy: policyOf(allow(), ...denials) })).verdict, 'private');
  }
});

const fixOf = (evidence: S3Evidence, context: Partial<ExposureContext> = {}) => judge(evidence, context).fix.join('\n');

test('a star beside accounts is taken out, and the accounts stay', () => {
  const policy = policyOf(allow({ Principal: { AWS: [OWN, '*'] } }));
  assert.match(fixOf(bucket({ policy })), /no more than needed: Remove the star from statement 0/);
  assert.match(fixOf(bucket({ policy })), /"Principal":\{"AWS":"210987654321"\}/);
});

test('one foreign account of several principals is taken out', () => {
  const policy = policyOf(allow({ Principal: { AWS: [`arn:aws:iam::${FOREIGN}:role/etl`, OWN] } }));
  assert.match(
    fixOf(bucket({ policy })),
    new RegExp(`^Remove ${FOREIGN} from statement 0 of the bucket policy\\.$`, 'm'),
  );
});

test('a statement for everyone is limited to the own organisation when that is known, else to the own account', () => {
  const policy = policyOf(allow());
  const org = fixOf(bucket({ policy }), { owner: { org: 'o-home000001' } });
  assert.match(org, /"StringEquals":\{"aws:PrincipalOrgID":"o-home000001"\}/);
  assert.match(fixOf(bucket({ policy })), /"Principal":\{"AWS":"arn:aws:iam::210987654321:root"\}/);
});

test('a service gets the condition of its source account', () => {
  const policy = policyOf(allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject' }));
  assert.match(fixOf(bucket({ policy })), /"Condition":\{"StringEquals":\{"aws:SourceAccount":"210987654321"\}\}/);
});

test('a statement that cannot be narrowed goes, and the policy with the last one', () => {
  const nobody = { owner: { account: null, canonicalId: null } };
  const alone = fixOf(bucket({ ...nobody, policy: policyOf(allow()) }));
  assert.match(alone, /Remove statement 0 of the bucket policy\.\n--- policy\.json\n/);
  assert.match(alone, /\naws s3api delete-bucket-policy --bucket lake$/);
  const two = fixOf(bucket({ ...nobody, policy: policyOf(allow(), deny({ Action: 's3:PutObject' })) }));
  assert.match(
    two,
    /put-bucket-policy --bucket lake --policy '\{"Version":"2012-10-17","Statement":\[\{"Effect":"Deny"/,
  );
});

test('the difference can be applied, and Terraform gets the same document', () => {
  const variable = '$' + '{aws:username}';
  const policy = policyOf(allow({ Principal: { AWS: [OWN, '*'] }, Resource: `arn:aws:s3:::lake/${variable}/*` }));
  const { fix } = judge(bucket({ policy }));
  const difference = fix.find((text) => text.startsWith('--- '));
  assert.equal(
    difference,
    [
      '--- policy.json',
      '+++ policy.json',
      '@@ -5,8 +5,5 @@',
      '       "Effect": "Allow",',
      '       "Principal": {',
      '-        "AWS": [',
      '-          "210987654321",',
      '-          "*"',
      '-        ]',
      '+        "AWS": "210987654321"',
      '       },',
      '       "Action": "s3:GetObject",',
    ].join('\n'),
  );
  const terraform = fix.find((text) => text.startsWith('resource '));
  assert.match(
    terraform ?? '',
    /^resource "aws_s3_bucket_policy" "lake" \{\n {2}bucket = "lake"\n {2}policy = jsonencode\(\{/,
  );
  assert.ok(terraform?.includes(`lake/$${variable}/*`));
});

test('grants of an ACL are taken out one by one, or all of them', () => {
  const facts = { objectOwnership: known('ObjectWriter') };
  const all = fixOf(bucket({ ...facts, acl: known(acl(toEveryone)) }));
  assert.match(all, /put-bucket-acl --bucket lake --acl private/);
  const trusted = { ...toOther, Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' } };
  const one = fixOf(bucket({ ...facts, acl: known(acl(toEveryone, trusted)) }));
  assert.match(one, /put-bucket-acl --bucket lake --access-control-policy '\{"Owner"/);
  assert.match(one, /LogDelivery/);
  assert.doesNotMatch(one, /AllUsers/);
});
