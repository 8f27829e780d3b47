import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateExposure } from '../../src/exposure/evaluate.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import { type Recordable, recordEvidence } from '../../src/exposure/record-evidence.ts';
import type { Fact, S3AccessPoint, S3Evidence } from '../../src/model/exposure.ts';
import { ALL_OFF, allow, bucket, deny, FOREIGN, known, OWNER_ID, policyOf, refused } from './evidence.ts';

const context = {
  collectedAt: '2026-01-02T03:04:05Z',
  trusted: { accounts: ['456789012345'], orgs: [], vpcs: ['vpc-1'] },
};

function again(evidence: Recordable): void {
  const document: unknown = JSON.parse(JSON.stringify(recordEvidence('one', evidence, context)));
  const read = readEvidence(document);
  assert.ok('evidence' in read, JSON.stringify(read));
  assert.equal(read.collectedAt, context.collectedAt);
  assert.deepEqual(
    evaluateExposure(read.evidence, { collectedAt: read.collectedAt ?? '', ...read.context }),
    evaluateExposure(evidence, context),
  );
}

const lacking: Fact<never> = { state: 'unsupported', call: 's3:GetPublicAccessBlock' };
const point: S3AccessPoint = {
  name: 'etl',
  networkOrigin: 'VPC',
  vpc: 'vpc-1',
  policy: policyOf(allow({ Resource: '*' })),
  policyStatusIsPublic: known(false),
  publicAccessBlock: known(ALL_OFF),
};
const IN_ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };
const FACTS: Partial<S3Evidence>[] = [
  {},
  { policy: policyOf(allow(), deny({ Resource: 'arn:aws:s3:::lake/tax/*' })), policyStatusIsPublic: known(true) },
  { policy: refused('s3:GetBucketPolicy'), publicAccessBlock: lacking, endpoint: 'http://127.0.0.1:7070' },
  {
    publicAccessBlock: {
      state: 'refused',
      call: 's3:GetPublicAccessBlock',
      reason: 'timeout',
      permission: 's3:GetBucketPublicAccessBlock',
    },
  },
  { owner: { account: null, canonicalId: OWNER_ID }, acl: refused('s3:GetBucketAcl') },
  { accessPoints: known([point]), multiRegionAccessPoints: refused('s3:ListMultiRegionAccessPoints') },
  { policy: policyOf(allow({ Condition: IN_ORG })), organization: known({ Id: 'o-1234567890' }) },
  { policy: policyOf(allow({ Condition: IN_ORG })), organization: known<never>(null) },
  { policy: policyOf(allow({ Condition: IN_ORG })), organization: refused('organizations:DescribeOrganization') },
  { accessPoints: known([{ ...point, policy: refused('s3:GetAccessPointPolicy') }]) },
  {
    objectOwnership: known('ObjectWriter'),
    objectAcls: known({
      objects: 3,
      isPartial: true,
      grants: [{ Grantee: { ID: 'fe' }, Permission: 'READ', objects: 2 }],
    }),
    website: known<never>(null),
    replication: known({ Rules: [{ Status: 'Enabled', Destination: { Bucket: 'x', Account: FOREIGN } }] }),
    encryption: known({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/x' }),
  },
];

test('what was recorded of an S3 bucket is judged the same again', () => {
  for (const facts of FACTS) again(bucket(facts));
});

const GIVEN = [
  {
    provider: 'azure-blob',
    bucket: 'account/data',
    owner: { account: 'subscription', org: 'tenant' },
    facts: {
      account: { allowBlobPublicAccess: true, publicNetworkAccess: 'Enabled' },
      containers: [{ name: 'data', publicAccess: 'Container' }],
      accessPolicies: { unavailable: 'AuthorizationFailed' },
    },
  },
  {
    provider: 'gcs',
    bucket: 'lake',
    owner: { account: '123456' },
    facts: {
      bucket: {
        iamConfiguration: { publicAccessPrevention: 'inherited', uniformBucketLevelAccess: { enabled: true } },
      },
      iamPolicy: { bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }] },
      managedFolders: [{ name: 'open/', iamPolicy: { unavailable: 'AccessDenied' } }],
    },
  },
];

test('what was recorded of the other clouds is judged the same again', () => {
  for (const document of GIVEN) {
    const read = readEvidence({ schema: 'assay.evidence/v1', id: 'one', ...document });
    assert.ok('evidence' in read && read.evidence.provider !== 'filesystem', JSON.stringify(read));
    again(read.evidence);
  }
});
