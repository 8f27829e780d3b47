import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Exposure,
  S3AccessPoint,
  S3Acl,
  S3Evidence,
  S3ObjectAcls,
  S3Replication,
} from '../../src/model/exposure.ts';
import {
  ALL_OFF,
  ALL_ON,
  allow,
  bucket,
  type Draft,
  deny,
  FOREIGN,
  judge,
  known,
  OWN,
  policyOf,
  refused,
} from './evidence.ts';

const AT = `arn:aws:s3:eu-west-1:${OWN}:accesspoint/etl`;
/** Hands every request through the own access points over to their policies. */
const handsOver = (changes: Draft = {}) =>
  allow({
    Action: 's3:*',
    Resource: ['arn:aws:s3:::lake', 'arn:aws:s3:::lake/*'],
    Condition: { StringEquals: { 's3:DataAccessPointAccount': OWN } },
    ...changes,
  });
const pointAllow = (changes: Draft = {}) => allow({ Resource: `${AT}/object/open/*`, ...changes });
const point = (statements: Draft[], changes: Partial<S3AccessPoint> = {}): S3AccessPoint => ({
  name: 'etl',
  networkOrigin: 'Internet',
  vpc: null,
  policy: policyOf(...statements),
  policyStatusIsPublic: known<boolean>(null),
  publicAccessBlock: known(ALL_OFF),
  ...changes,
});

function judged(bucketStatements: Draft[], points: S3AccessPoint[], facts: Partial<S3Evidence> = {}): Exposure {
  return judge(bucket({ policy: policyOf(...bucketStatements), accessPoints: known(points), ...facts }));
}

test('a bucket that hands over is as open as its access points', () => {
  assert.equal(judged([handsOver()], [point([pointAllow()])]).effective.read, 'public');
  assert.equal(judged([handsOver()], [point([pointAllow({ Principal: { AWS: OWN } })])]).verdict, 'private');
  assert.equal(judged([handsOver()], []).verdict, 'private');
  const { grants, effective } = judged([handsOver()], [point([pointAllow({ Principal: { AWS: FOREIGN } })])]);
  assert.equal(effective.read, 'cross-account');
  assert.deepEqual(grants.find(({ cause }) => cause.doc !== 'bucket policy')?.scope.prefixes, ['open/*']);
});

test('an access point gives no more than the bucket hands over', () => {
  const open = point([pointAllow({ Action: ['s3:GetObject', 's3:PutObject'] })]);
  const onlyRead = judged([handsOver({ Action: 's3:GetObject' })], [open]);
  assert.deepEqual([onlyRead.effective.read, onlyRead.effective.write], ['public', 'private']);
  const nothing = judged([], [open]);
  assert.equal(nothing.verdict, 'private');
  assert.equal(nothing.grants[0]?.state, 'blocked');
});

test('a Deny of the bucket holds for its access points, unless it spares them', () => {
  const open = [point([pointAllow()])];
  assert.equal(judged([handsOver(), deny()], open).verdict, 'private');
  const outside = deny({ Condition: { StringNotEquals: { 's3:DataAccessPointAccount': OWN } } });
  assert.equal(judged([handsOver(), outside], open).verdict, 'public');
});

test('a switch of the point, of the bucket or of the account takes a public policy of a point back', () => {
  const shut = point([pointAllow()], { publicAccessBlock: known(ALL_ON) });
  const { grants } = judged([handsOver()], [shut]);
  const through = grants.find(({ path, cause }) => path === 'access-point' && cause.doc !== 'bucket policy');
  assert.deepEqual([through?.state, through?.blockedBy], ['dormant', ['access point etl.RestrictPublicBuckets']]);
  for (const level of ['publicAccessBlock', 'accountPublicAccessBlock']) {
    assert.equal(judged([handsOver()], [point([pointAllow()])], { [level]: known(ALL_ON) }).verdict, 'private');
  }
});

test('a point in a VPC is reached from there only', () => {
  const inside = point([pointAllow()], { networkOrigin: 'VPC', vpc: 'vpc-1' });
  const { verdict, grants } = judged([handsOver()], [inside]);
  assert.equal(verdict, 'organization');
  assert.deepEqual(grants.at(-1)?.principal, { class: 'network', ids: ['vpc-1'], trusted: true });
});

test('points that were not read leave open what was handed over, and nothing else', () => {
  const hidden = refused<S3AccessPoint[]>('s3:ListAccessPoints');
  const open = judge(bucket({ policy: policyOf(handsOver()), accessPoints: hidden }));
  assert.equal(open.verdict, 'unknown');
  assert.match(open.fix.join('\n'), /grant it s3:ListAccessPoints/);
  const shut = judge(bucket({ accessPoints: hidden }));
  assert.equal(shut.verdict, 'private');
  assert.equal(shut.unknowns[0]?.permission, 's3:ListAccessPoints');
  const unread = point([], { policy: refused('s3:GetAccessPointPolicy') });
  assert.equal(judged([handsOver()], [unread]).verdict, 'unknown');
  assert.equal(judged([handsOver()], [point([], { policy: known<unknown>('no policy') })]).verdict, 'unknown');
});

test('what is handed over to points that nobody asked about is unknown', () => {
  const { verdict, because } = judge(bucket({ policy: policyOf(handsOver()) }));
  assert.equal(verdict, 'unknown');
  assert.match(because.join('\n'), /its access points decide, and their policies were not read/);
});

test('the policy of a point is mended, not that of the bucket', () => {
  const { fix } = judged([handsOver()], [point([pointAllow()])]);
  assert.match(fix.join('\n'), /aws s3control put-access-point-policy --account-id 210987654321 --name etl --policy/);
  assert.doesNotMatch(fix.join('\n'), /put-bucket-policy/);
});

test('points of several regions are judged like others, and mended in their own way', () => {
  const exposure = judge(
    bucket({
      policy: policyOf(handsOver()),
      accessPoints: known<S3AccessPoint[]>([]),
      multiRegionAccessPoints: known([point([pointAllow({ Resource: '*' })], { name: 'everywhere' })]),
    }),
  );
  assert.equal(exposure.effective.read, 'public');
  assert.match(exposure.because.join('\n'), /policy of multi-region access point everywhere/);
  assert.match(exposure.fix.join('\n'), /put-multi-region-access-point-policy .* --region us-west-2/);
});

const EVERYONE = { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' };
const sample = (grants: S3ObjectAcls['grants'], isPartial = false) =>
  bucket({ objectOwnership: known('ObjectWriter'), objectAcls: known({ objects: 40, isPartial, grants }) });

test('ACLs of sampled objects give what they say, and what was sampled is told', () => {
  const open = judge(sample([{ Grantee: EVERYONE, Permission: 'READ', objects: 3 }]));
  assert.equal(open.effective.read, 'public');
  assert.equal(open.effective.list, 'private');
  assert.match(open.because.join('\n'), /ACLs of 3 of 40 sampled objects, READ/);
  assert.match(open.fix.join('\n'), /IgnorePublicAcls on/);
  const foreign = judge(
    sample([{ Grantee: { Type: 'CanonicalUser', ID: 'fe' }, Permission: 'WRITE_ACP', objects: 1 }]),
  );
  assert.equal(foreign.effective.changePermissions, 'cross-account');
  assert.match(foreign.fix.join('\n'), /put-bucket-ownership-controls/);
  const clean = judge(sample([], true));
  assert.equal(clean.verdict, 'private');
  assert.deepEqual(clean.unknowns, [{ call: 's3:GetObjectAcl', reason: 'sampled', permission: 's3:GetObjectAcl' }]);
  assert.match(
    clean.because.join('\n'),
    /Those of 40 objects were read: none .*; the other objects were not looked at/,
  );
  assert.deepEqual(judge(sample([])).unknowns, []);
});

test('a switch that hides public ACLs is said to hide them', () => {
  const { because } = judge(bucket({ objectOwnership: known('ObjectWriter'), publicAccessBlock: known(ALL_ON) }));
  assert.match(because.join('\n'), /bucket\.IgnorePublicAcls hides what ACLs would give to everyone/);
});

const copies = (Account?: string): Partial<S3Evidence> => ({
  replication: known<S3Replication>({
    Rules: [
      {
        ID: 'away',
        Status: 'Enabled',
        Filter: { And: { Prefix: 'train/' } },
        Destination: { Bucket: 'arn:aws:s3:::copies', ...(Account === undefined ? {} : { Account }) },
      },
      { Status: 'Disabled', Destination: { Bucket: 'arn:aws:s3:::old', Account: FOREIGN } },
    ],
  }),
});

test('copies that go to another account are read there', () => {
  const away = judge(bucket(copies(FOREIGN)));
  assert.equal(away.effective.read, 'cross-account');
  assert.deepEqual(away.crossAccount, [FOREIGN]);
  assert.deepEqual(
    away.grants.map(({ path, scope }) => [path, scope.prefixes]),
    [['replication-out', ['train/*']]],
  );
  assert.equal(judge(bucket(copies(OWN))).verdict, 'private');
  const trusting = judge(bucket(copies(FOREIGN)), { trusted: { accounts: [FOREIGN] } });
  assert.deepEqual([trusting.verdict, trusting.crossAccount], ['organization', []]);
  assert.match(
    judge(bucket(copies())).because.join('\n'),
    /copies objects to arn:aws:s3:::copies; whose bucket that is/,
  );
});

test('a website and a key of its own are told where anyone or a foreign account reads', () => {
  const facts: Partial<S3Evidence> = {
    website: known({ IndexDocument: { Suffix: 'index.html' } }),
    encryption: known({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/data' }),
    acl: known<S3Acl>(null),
  };
  const open = judge(bucket({ ...facts, policy: policyOf(allow()) })).because.join('\n');
  assert.match(open, /served as a website \(index\.html\)/);
  assert.match(open, /New objects are encrypted with alias\/data/);
  assert.deepEqual(judge(bucket(facts)).because, []);
  const foreign = judge(bucket({ ...facts, policy: policyOf(allow({ Principal: { AWS: FOREIGN } })) }));
  assert.ok(foreign.unknowns.some(({ call }) => call === 'kms:GetKeyPolicy'));
});

test('a distribution of CloudFront is named as not read', () => {
  const AWS = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL';
  const { grants, unknowns } = judge(bucket({ policy: policyOf(allow({ Principal: { AWS } })) }));
  assert.equal(grants[0]?.path, 'cdn');
  assert.ok(unknowns.some(({ permission }) => permission === 'cloudfront:ListDistributions'));
});
