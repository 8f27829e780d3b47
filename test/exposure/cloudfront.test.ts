import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPublic } from '../../src/exposure/evaluate.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import { recordEvidence } from '../../src/exposure/record-evidence.ts';
import type { CloudFrontBehavior, CloudFrontDistribution } from '../../src/model/cloudfront.ts';
import type { Exposure } from '../../src/model/exposure.ts';
import { allow, bucket, type Draft, FOREIGN, judge, known, OWN, policyOf, refused } from './evidence.ts';

const ARN = `arn:aws:cloudfront::${OWN}:distribution/E1`;
const IDENTITY = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL';
const READ = ['HEAD', 'GET'];
const ALL = [...READ, 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'];

/** The statement that the console of CloudFront writes. */
function forCloudFront(changes: Draft = {}): Draft {
  return allow({
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Condition: { StringEquals: { 'AWS:SourceArn': ARN } },
    ...changes,
  });
}

function distribution(
  changes: CloudFrontDistribution = {},
  byDefault: CloudFrontBehavior = {},
  origin: NonNullable<NonNullable<CloudFrontDistribution['Origins']>['Items']>[number] = {},
): CloudFrontDistribution {
  return {
    Id: 'E1',
    ARN,
    DomainName: 'd1.cloudfront.net',
    Enabled: true,
    WebACLId: '',
    Origins: {
      Items: [{ Id: 'lake', DomainName: 'lake.s3.eu-west-1.amazonaws.com', OriginAccessControlId: 'C1', ...origin }],
    },
    DefaultCacheBehavior: {
      TargetOriginId: 'lake',
      AllowedMethods: { Items: READ },
      TrustedKeyGroups: { Enabled: false },
      TrustedSigners: { Enabled: false },
      ...byDefault,
    },
    ...changes,
  };
}

function judged(distributions: CloudFrontDistribution[], ...statements: Draft[]): Exposure {
  const policy = policyOf(...(statements.length > 0 ? statements : [forCloudFront()]));
  return judge(bucket({ policy, distributions: known(distributions) }));
}

test('a distribution without signed URLs gives everyone what the bucket gives it', () => {
  const found = judged([distribution()]);
  assert.equal(found.effective.read, 'public');
  assert.equal(found.effective.list, 'private');
  assert.equal(isPublic(found), true);
  assert.equal(found.vendorPublic, false, 'AWS calls such a policy not public');
  const [grant] = found.grants;
  assert.deepEqual([grant?.path, grant?.principal.class, grant?.cause.statementIndex], ['cdn', 'internet', 0]);
  assert.match(found.because.join('\n'), /Anyone on the internet can read objects.*d1\.cloudfront\.net/);
  assert.ok(!found.unknowns.some(({ call }) => call.startsWith('cloudfront:')));
  assert.ok(!found.fix.some((line) => /Turn Block Public Access on/.test(line)), 'that would not end it');
  const fix = found.fix.join('\n');
  assert.match(fix, /Remove statement 0 of the bucket policy, or let CloudFront answer signed URLs or cookies only/);
  assert.match(fix, /^aws s3api delete-bucket-policy/m);
});

describe('what stands between a distribution and everyone', () => {
  const cases: [title: string, given: CloudFrontDistribution, read: Exposure['effective']['read']][] = [
    ['signed URLs by key groups', distribution({}, { TrustedKeyGroups: { Enabled: true } }), 'organization'],
    ['signed URLs by accounts', distribution({}, { TrustedSigners: { Enabled: true } }), 'organization'],
    ['a web ACL may refuse', distribution({ WebACLId: 'arn:aws:wafv2:us-east-1:1:global/webacl/x' }), 'unknown'],
    [
      'code that sees requests may refuse them',
      distribution({}, { FunctionAssociations: { Items: [{ EventType: 'viewer-request' }] } }),
      'unknown',
    ],
    [
      'code that sees only answers does not',
      distribution({}, { FunctionAssociations: { Items: [{ EventType: 'viewer-response' }] } }),
      'public',
    ],
    ['certificates of viewers', distribution({ ViewerMtlsConfig: { Mode: 'required' } }), 'unknown'],
    ['it is switched off', distribution({ Enabled: false }), 'private'],
    ['another distribution is named', distribution({ ARN: `${ARN}2`, Id: 'E12' }), 'private'],
    ['it does not sign', distribution({}, {}, { OriginAccessControlId: '' }), 'private'],
    ['its origin is another bucket', distribution({}, {}, { DomainName: 'lake-2.s3.amazonaws.com' }), 'private'],
    [
      'its origin is a website',
      distribution({}, {}, { DomainName: 'lake.s3-website-us-east-1.amazonaws.com' }),
      'private',
    ],
    ['an old address of the bucket', distribution({}, {}, { DomainName: 'lake.s3-eu-west-1.amazonaws.com' }), 'public'],
    [
      'an access point that may lead here',
      distribution({}, {}, { DomainName: 'x-s3alias.s3.eu-west-1.amazonaws.com' }),
      'unknown',
    ],
    ['the evidence leaves its origins out', { Id: 'E1', ARN, Enabled: true }, 'unknown'],
    ['no path leads to it', distribution({}, { TargetOriginId: 'elsewhere' }), 'private'],
    [
      'a group of origins leads to it',
      distribution(
        { OriginGroups: { Items: [{ Id: 'both', Members: { Items: [{ OriginId: 'x' }, { OriginId: 'lake' }] } }] } },
        { TargetOriginId: 'both' },
      ),
      'public',
    ],
  ];
  for (const [title, given, read] of cases) {
    test(title, () => assert.equal(judged([given]).effective.read, read));
  }
});

test('a distribution that is off comes back when it is turned on', () => {
  const [grant] = judged([distribution({ Enabled: false })]).grants;
  assert.deepEqual([grant?.state, grant?.blockedBy], ['dormant', ['the disabled state of CloudFront distribution E1']]);
});

test('an identity of CloudFront is looked for in the origins, and may be of another account', () => {
  const statement = allow({ Principal: { AWS: IDENTITY } });
  const old = { S3OriginConfig: { OriginAccessIdentity: 'origin-access-identity/cloudfront/E2QWRUHAPOMQZL' } };
  const origin = { ...old, OriginAccessControlId: '' };
  assert.equal(judged([distribution({}, {}, origin)], statement).effective.read, 'public');
  const other = judged([distribution()], statement);
  assert.equal(other.effective.read, 'unknown');
  assert.match(other.because.join('\n'), /may be one of another account/);
});

test('only the keys under the paths that are open are public', () => {
  const given = distribution(
    {
      CacheBehaviors: {
        Items: [
          { PathPattern: '/private/*', TargetOriginId: 'lake', TrustedKeyGroups: { Enabled: true } },
          { PathPattern: 'api/*', TargetOriginId: 'elsewhere' },
        ],
      },
    },
    {},
    { OriginPath: '/site' },
  );
  const open = judged([given]).grants.find(({ reach }) => reach === 'public');
  assert.deepEqual(open?.scope, { prefixes: ['site/*'], except: ['site/private/*', 'site/api/*'] });
  const signed = judged([given]).grants.find(({ reach }) => reach === 'organization');
  assert.deepEqual(signed?.scope.prefixes, ['site/private/*']);
  const narrow = forCloudFront({ Resource: 'arn:aws:s3:::lake/site/images/*' });
  assert.deepEqual(judged([given], narrow).grants[0]?.scope, { prefixes: ['site/images/*'], except: [] });
});

test('writing and deleting need methods that do, listing the root of the bucket', () => {
  const statement = forCloudFront({
    Action: ['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    Resource: ['arn:aws:s3:::lake', 'arn:aws:s3:::lake/*'],
  });
  const reaches = ({ effective }: Exposure) => [effective.list, effective.read, effective.write, effective.delete];
  assert.deepEqual(reaches(judged([distribution()], statement)), ['public', 'public', 'private', 'private']);
  const writable = distribution({}, { AllowedMethods: { Items: ALL } });
  assert.deepEqual(reaches(judged([writable], statement)), ['public', 'public', 'public', 'public']);
  const below = distribution({}, {}, { OriginPath: '/site' });
  assert.deepEqual(reaches(judged([below], statement)), ['private', 'public', 'private', 'private']);
});

test('a distribution of another account is foreign, whatever one has', () => {
  const Condition = { StringEquals: { 'AWS:SourceArn': `arn:aws:cloudfront::${FOREIGN}:distribution/E1` } };
  const found = judged([distribution()], forCloudFront({ Condition }));
  assert.equal(found.verdict, 'cross-account');
  assert.deepEqual(found.crossAccount, [FOREIGN]);
});

test('distributions that were not or may not be listed leave it open, with the permission', () => {
  const policy = policyOf(forCloudFront());
  for (const facts of [{}, { distributions: refused<CloudFrontDistribution[]>('cloudfront:ListDistributions') }]) {
    const found = judge(bucket({ policy, ...facts }));
    assert.equal(found.effective.read, 'unknown');
    assert.ok(found.unknowns.some(({ permission }) => permission === 'cloudfront:ListDistributions'));
  }
});

test('distributions are judged the same from a record, and as the call answers them', () => {
  const evidence = bucket({ policy: policyOf(forCloudFront()), distributions: known([distribution()]) });
  const context = { collectedAt: '2026-01-02T03:04:05Z' };
  const written = JSON.parse(JSON.stringify(recordEvidence('one', evidence, context)));
  const wrapped = {
    ...written,
    facts: { ...written.facts, distributions: { DistributionList: { Items: [distribution()] } } },
  };
  for (const document of [written, wrapped]) {
    const read = readEvidence(document);
    assert.ok('evidence' in read && read.evidence.provider === 'aws-s3', JSON.stringify(read));
    assert.deepEqual(judge(read.evidence), judge(evidence));
  }
});

test('a statement that names others beside CloudFront loses CloudFront alone', () => {
  const Principal = { Service: ['cloudfront.amazonaws.com', 'logging.s3.amazonaws.com'] };
  const Condition = { StringLike: { 'AWS:SourceArn': `arn:aws:cloudfront::${OWN}:distribution/*` } };
  const fix = judged([distribution()], forCloudFront({ Principal, Condition })).fix.join('\n');
  assert.match(fix, /Remove CloudFront from statement 0/);
  assert.match(fix, /"logging\.s3\.amazonaws\.com"/);
});
