import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Reach } from '../../src/model/exposure.ts';
import { allow, type Draft, deny, FOREIGN, judgePolicy, OWN } from './evidence.ts';

/** Title says why; the answer is the reach of reading objects. */
type Case = [why: string, statements: Draft[], read: Reach];

function table(name: string, cases: Case[]): void {
  describe(name, () => {
    for (const [why, statements, read] of cases) {
      test(why, () => {
        const exposure = judgePolicy(statements);
        assert.equal(exposure.effective.read, read, exposure.because.join('\n'));
      });
    }
  });
}
const when = (operator: string, key: string, value: string | string[]) =>
  allow({ Condition: { [operator]: { [key]: value } } });

table('principals', [
  ['a bare star is everyone', [allow()], 'public'],
  ['a star under AWS is everyone', [allow({ Principal: { AWS: '*' } })], 'public'],
  ['a star among accounts is everyone', [allow({ Principal: { AWS: [OWN, '*'] } })], 'public'],
  ['NotPrincipal with Allow is everyone else', [allow({ Principal: undefined, NotPrincipal: { AWS: OWN } })], 'public'],
  ['the own account by number is private', [allow({ Principal: { AWS: OWN } })], 'private'],
  ['the own account by root ARN is private', [allow({ Principal: { AWS: `arn:aws:iam::${OWN}:root` } })], 'private'],
  [
    'a role of another account is foreign',
    [allow({ Principal: { AWS: `arn:aws:iam::${FOREIGN}:role/etl` } })],
    'cross-account',
  ],
  [
    'an account in another partition is foreign',
    [allow({ Principal: { AWS: `arn:aws-cn:iam::${FOREIGN}:root` } })],
    'cross-account',
  ],
  ['a wildcard account in an ARN may be anyone', [allow({ Principal: { AWS: 'arn:aws:iam::*:role/etl' } })], 'public'],
  ['a deleted principal reaches nothing', [allow({ Principal: { AWS: 'AROAQ3EGSEXAMPLE12345' } })], 'private'],
  ['a statement without principal grants nothing', [allow({ Principal: undefined })], 'private'],
  ['a number that is no account is nobody', [allow({ Principal: { AWS: '12345' } })], 'private'],
  ['another canonical user is foreign', [allow({ Principal: { CanonicalUser: 'ab'.repeat(32) } })], 'cross-account'],
  [
    'a web identity provider is open to everyone with a login there',
    [allow({ Principal: { Federated: 'accounts.google.com' } })],
    'public',
  ],
  [
    'a SAML provider of the own account is private',
    [allow({ Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/idp` } })],
    'private',
  ],
  [
    'a service for any customer is a confused deputy',
    [allow({ Principal: { Service: 'cloudtrail.amazonaws.com' } })],
    'cross-account',
  ],
  [
    'a service that acts for the own account is private',
    [
      allow({
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': OWN } },
      }),
    ],
    'private',
  ],
  ['a star under any kind of user is everyone', [allow({ Principal: { CanonicalUser: '*' } })], 'public'],
  [
    'a service that carries requests of a foreign account',
    [
      allow({
        Principal: { Service: 's3.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:s3:eu-west-1:${FOREIGN}:storage-lens/x` } },
      }),
    ],
    'cross-account',
  ],
  [
    'a CloudFront distribution may show it to anyone, and is not read',
    [allow({ Principal: { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL' } })],
    'unknown',
  ],
]);

table('conditions that limit who', [
  [
    'the own organisation is not known unless the caller says so',
    [when('StringEquals', 'aws:PrincipalOrgID', 'o-abcde12345')],
    'unknown',
  ],
  ['a fixed foreign account', [when('StringEquals', 'aws:PrincipalAccount', FOREIGN)], 'cross-account'],
  ['the own account', [when('StringEquals', 'AWS:principalaccount', OWN)], 'private'],
  [
    'roles of one account under any name',
    [when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`)],
    'private',
  ],
  ['a network endpoint', [when('StringEquals', 'aws:SourceVpce', 'vpce-0a1b2c3d')], 'organization'],
  ['an address range of /8 or narrower', [when('IpAddress', 'aws:SourceIp', '52.0.0.0/8')], 'organization'],
  [
    'addresses that no one on the internet has',
    [when('IpAddress', 'aws:SourceIp', ['192.168.0.0/16', '10.0.0.0/8'])],
    'organization',
  ],
  [
    'ForAnyValue, which a missing key does not satisfy',
    [when('ForAnyValue:StringEquals', 'aws:PrincipalAccount', OWN)],
    'private',
  ],
  ['an address as text', [when('StringEquals', 'aws:SourceIp', '203.0.113.9')], 'organization'],
  ['a fixed text that is no account', [when('StringEquals', 'aws:SourceAccount', 'ours')], 'unknown'],
  ['a fixed text that is no ARN', [when('ArnEquals', 'aws:PrincipalArn', 'etl')], 'unknown'],
  [
    'ForAllValues of a key that must be there',
    [
      allow({
        Condition: {
          'ForAllValues:StringEquals': { 'aws:PrincipalAccount': OWN },
          Null: { 'aws:PrincipalAccount': 'false' },
        },
      }),
    ],
    'private',
  ],
  ['a fixed role session', [when('StringLike', 'aws:userid', 'AROAEXAMPLEID123:*')], 'unknown'],
  [
    'one limiting condition among others that limit nothing',
    [allow({ Condition: { StringEquals: { 'aws:PrincipalAccount': OWN }, StringLike: { 'aws:UserAgent': '*' } } })],
    'private',
  ],
]);

table('conditions that limit nobody', [
  ['a wildcard account', [when('StringLike', 'aws:PrincipalAccount', '2109*')], 'public'],
  ['one open value among fixed ones', [when('StringLike', 'aws:PrincipalAccount', [OWN, '*'])], 'public'],
  ['an ARN whose account is a wildcard', [when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/etl')], 'public'],
  ['an address range wider than /8', [when('IpAddress', 'aws:SourceIp', '52.0.0.0/7')], 'public'],
  ['an IPv6 range wider than /32', [when('IpAddress', 'aws:SourceIp', '2001:db8::/31')], 'public'],
  ['two halves of the internet', [when('IpAddress', 'aws:SourceIp', ['0.0.0.0/1', '128.0.0.0/1'])], 'public'],
  ['IfExists, since a missing key satisfies it', [when('StringEqualsIfExists', 'aws:PrincipalAccount', OWN)], 'public'],
  [
    'ForAllValues, since an empty set satisfies it',
    [when('ForAllValues:StringEquals', 'aws:PrincipalAccount', OWN)],
    'public',
  ],
  [
    'ForAllValues of a key that may be missing',
    [
      allow({
        Condition: {
          'ForAllValues:StringEquals': { 'aws:PrincipalAccount': OWN },
          Null: { 'aws:PrincipalAccount': [] },
        },
      }),
    ],
    'public',
  ],
  ['a key that nobody knows', [when('StringEquals', 'aws:Unknown', 'x')], 'public'],
  ['an operator that nobody knows', [when('StringIs', 'aws:PrincipalAccount', OWN)], 'public'],
  ['a date', [when('DateLessThan', 'aws:CurrentTime', '2999-01-01T00:00:00Z')], 'public'],
  ['a negated operator', [when('StringNotEquals', 'aws:PrincipalAccount', FOREIGN)], 'public'],
  ['the account of our own resource', [when('StringEquals', 'aws:ResourceAccount', OWN)], 'public'],
  ['a referer, which the caller chooses', [when('StringLike', 'aws:Referer', 'https://example.org/*')], 'public'],
  ['transport encryption', [when('Bool', 'aws:SecureTransport', 'true')], 'public'],
  ['a policy variable', [when('StringEquals', 'aws:PrincipalAccount', '$' + '{aws:PrincipalTag/home}')], 'public'],
  ['the user id that every anonymous caller has', [when('StringEquals', 'aws:userid', 'anonymous')], 'public'],
  ['multi-factor authentication of any account', [when('Bool', 'aws:MultiFactorAuthPresent', 'true')], 'public'],
]);

table('conditions that can not be met', [
  ['a star is a letter under StringEquals', [when('StringEquals', 'aws:PrincipalAccount', '*')], 'private'],
  [
    'a principal of one account may not be of another',
    [allow({ Principal: { AWS: FOREIGN }, Condition: { StringEquals: { 'aws:PrincipalAccount': '456789012345' } } })],
    'private',
  ],
]);

table('Deny statements', [
  ['an unconditional Deny takes everything', [allow(), deny()], 'private'],
  ['a Deny for other actions takes nothing', [allow(), deny({ Action: 's3:PutObject' })], 'public'],
  [
    'a Deny for a part of the keys leaves the rest',
    [allow(), deny({ Resource: 'arn:aws:s3:::lake/secret/*' })],
    'public',
  ],
  [
    'a Deny for all keys but a few leaves those',
    [allow(), deny({ Resource: undefined, NotResource: 'arn:aws:s3:::lake/open/*' })],
    'public',
  ],
  [
    'a Deny for everyone outside an account leaves the account',
    [allow(), deny({ Condition: { StringNotEquals: { 'aws:PrincipalAccount': OWN } } })],
    'private',
  ],
  [
    'NotPrincipal in a Deny leaves who it names',
    [allow(), deny({ Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${OWN}:root` } })],
    'private',
  ],
  [
    'a Deny outside a network leaves the network',
    [allow(), deny({ Condition: { StringNotEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } } })],
    'organization',
  ],
  [
    'a Deny of plain http leaves everyone',
    [allow(), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    'public',
  ],
  [
    'a Deny that needs a second condition is not counted',
    [
      allow(),
      deny({ Condition: { StringNotEquals: { 'aws:PrincipalAccount': OWN }, Bool: { 'aws:ViaAWSService': 'false' } } }),
    ],
    'public',
  ],
  [
    'ForAnyValue in a Deny misses callers without the key',
    [allow(), deny({ Condition: { 'ForAnyValue:StringNotEquals': { 'aws:PrincipalAccount': OWN } } })],
    'public',
  ],
  [
    'a Deny for one foreign account leaves the other',
    [allow({ Principal: { AWS: [FOREIGN, '456789012345'] } }), deny({ Principal: { AWS: FOREIGN } })],
    'cross-account',
  ],
]);

table('actions and resources', [
  ['a statement without actions may mean any', [allow({ Action: undefined })], 'public'],
  ['wildcards in any case', [allow({ Action: 'S3:gEt*' })], 'public'],
  ['a question mark stands for one letter', [allow({ Action: 's3:GetObjec?' })], 'public'],
  ['NotAction gives all the others', [allow({ Action: undefined, NotAction: 's3:PutObject' })], 'public'],
  ['NotAction leaves out what it names', [allow({ Action: undefined, NotAction: ['s3:Get*', 's3:List*'] })], 'private'],
  ['an object action on the bucket grants nothing', [allow({ Resource: 'arn:aws:s3:::lake' })], 'private'],
  ['another bucket is not ours', [allow({ Resource: 'arn:aws:s3:::lake-2/*' })], 'private'],
  ['a pattern over buckets reaches ours', [allow({ Resource: 'arn:aws:s3:::la*' })], 'public'],
  [
    'NotResource of another bucket reaches ours',
    [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::other/*' })],
    'public',
  ],
]);
