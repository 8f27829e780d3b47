import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityMember, type GcsHome, memberWho } from '../../src/exposure/gcs-members.ts';
import { binding, judge, known, policy } from './gcs-sample.ts';

const NOBODY = { accounts: [], orgs: [], orgUnits: [], vpcs: [], vpces: [], ips: [] };
const HOME: GcsHome = { project: 'own', projectNumber: '11', org: 'example.com', trusted: NOBODY };
const STRANGE: GcsHome = { ...HOME, project: null, projectNumber: null, org: null };

function sees(home: GcsHome, member: string): string {
  const { class: kind, reach, foreign } = memberWho(member, home);
  return [kind, reach, foreign].filter((word) => word !== '').join(' ');
}

test('each kind of member is told apart', () => {
  const pool = 'iam.googleapis.com/projects/99/locations/global/workloadIdentityPools/github';
  for (const [member, seen] of [
    ['allUsers', 'internet public'],
    ['allAuthenticatedUsers', 'any-authenticated public'],
    ['principalSet://goog/public:all', 'internet public'],
    ['user:jane@example.com', 'same-org organization'],
    ['user:jane@EXAMPLE.com', 'same-org organization'],
    ['user:jane@notexample.com', 'foreign-account cross-account org:notexample.com'],
    ['group:all@other.org', 'foreign-org cross-account org:other.org'],
    ['group:cloud-storage-analytics@google.com', 'service organization'],
    ['domain:example.com', 'same-org organization'],
    ['domain:other.org', 'foreign-org cross-account org:other.org'],
    ['projectOwner:own', 'same-account private'],
    ['projectViewer:11', 'same-account private'],
    ['projectEditor:other', 'foreign-account cross-account other'],
    ['serviceAccount:a@own.iam.gserviceaccount.com', 'same-account private'],
    ['serviceAccount:a@other.iam.gserviceaccount.com', 'foreign-account cross-account other'],
    ['serviceAccount:a@own-2.iam.gserviceaccount.com', 'foreign-account cross-account own-2'],
    ['serviceAccount:a@b.example.com.iam.gserviceaccount.com', 'foreign-account cross-account example.com:b'],
    ['serviceAccount:11-compute@developer.gserviceaccount.com', 'same-account private'],
    ['serviceAccount:12-compute@developer.gserviceaccount.com', 'foreign-account cross-account 12'],
    ['serviceAccount:own@appspot.gserviceaccount.com', 'same-account private'],
    ['serviceAccount:other.svc.id.goog[ns/sa]', 'foreign-account cross-account other'],
    ['serviceAccount:service-11@gcp-sa-aiplatform.iam.gserviceaccount.com', 'service private'],
    ['serviceAccount:service-12@gcp-sa-aiplatform.iam.gserviceaccount.com', 'service cross-account 12'],
    ['serviceAccount:12@cloudbuild.gserviceaccount.com', 'service cross-account 12'],
    // Anybody can give an account of a project such a name.
    ['serviceAccount:service-11@other.iam.gserviceaccount.com', 'foreign-account cross-account other'],
    ['deleted:user:jane@other.org?uid=1', 'dangling private'],
    ['deleted:serviceAccount:a@other.iam.gserviceaccount.com?uid=1', 'dangling private'],
    [`principalSet://${pool}/*`, 'foreign-org cross-account org:workloadIdentityPools/github'],
    [`principal://${pool}/subject/repo:a`, 'foreign-account cross-account 99'],
    [`principal://${pool.replace('99', '11')}/subject/repo:a`, 'same-org organization'],
    ['principalSet://cloudresourcemanager.googleapis.com/projects/12', 'foreign-account cross-account 12'],
    ['principalSet://cloudresourcemanager.googleapis.com/organizations/1', 'unknown unknown'],
    ['something:else', 'unknown unknown'],
    ['', 'unknown unknown'],
  ] as const) {
    assert.equal(sees(HOME, member), seen, member);
  }
});

test('without an owner nobody is taken for one of the own people', () => {
  for (const [member, seen] of [
    ['serviceAccount:a@other.iam.gserviceaccount.com', 'unknown unknown other'],
    ['user:jane@example.com', 'unknown unknown'],
    ['domain:example.com', 'unknown unknown'],
    ['allUsers', 'internet public'],
  ] as const) {
    assert.equal(sees(STRANGE, member), seen, member);
  }
  const idOnly = { ...STRANGE, project: 'own' };
  assert.equal(sees(idOnly, 'serviceAccount:12-compute@developer.gserviceaccount.com'), 'unknown unknown');
});

test('trusted projects and organisations are no foreigners', () => {
  const home = {
    ...HOME,
    trusted: { ...NOBODY, accounts: ['other'], orgs: ['other.org', '33'], orgUnits: ['folders/7'] },
  };
  for (const member of [
    'serviceAccount:a@other.iam.gserviceaccount.com',
    'domain:other.org',
    'principalSet://cloudresourcemanager.googleapis.com/organizations/33',
    'principalSet://cloudresourcemanager.googleapis.com/folders/7',
  ]) {
    const { reach, trusted } = memberWho(member, home);
    assert.deepEqual([reach, trusted], ['organization', true], member);
  }
});

test('entities of ACLs are the members that bindings would name', () => {
  for (const [entity, member] of [
    ['project-owners-11', 'projectOwner:11'],
    ['project-viewers-11', 'projectViewer:11'],
    ['user-jane@example.com', 'user:jane@example.com'],
    ['group-all@example.com', 'group:all@example.com'],
    ['domain-example.com', 'domain:example.com'],
    ['allUsers', 'allUsers'],
  ] as const) {
    assert.equal(entityMember(entity), member);
  }
});

test('the project that owns a bucket is known by the teams that every bucket begins with', () => {
  const owner = { project: null, projectNumber: null };
  const account = 'serviceAccount:a@mine.iam.gserviceaccount.com';
  const teams = binding('storage.legacyBucketOwner', ['projectOwner:mine', 'projectEditor:mine']);
  const iamPolicy = policy(teams, binding('storage.objectAdmin', account));
  assert.deepEqual(judge({ owner, iamPolicy }).crossAccount, []);
  const doubtful = policy(
    { ...teams, members: ['projectOwner:mine', 'projectOwner:yours'] },
    binding('storage.objectAdmin', account),
  );
  assert.equal(judge({ owner, iamPolicy: doubtful }).verdict, 'unknown');
  const readers = policy(
    binding('storage.legacyBucketReader', 'projectViewer:mine'),
    binding('storage.objectAdmin', account),
  );
  assert.deepEqual(judge({ owner, iamPolicy: readers }).crossAccount, []);
  // A team of another project that may read is no owner.
  const reader = policy(teams, binding('storage.objectViewer', 'projectViewer:yours'));
  assert.deepEqual(judge({ owner, iamPolicy: reader }).crossAccount, ['yours']);
});

test('the organisation above the bucket is the own one', () => {
  const iamPolicy = policy(
    binding('storage.objectViewer', 'principalSet://cloudresourcemanager.googleapis.com/organizations/33'),
  );
  const inherited = known([{ resource: 'organizations/33', iamPolicy: policy() }]);
  assert.equal(judge({ iamPolicy, inherited }).verdict, 'organization');
  const elsewhere = known([{ resource: 'organizations/34', iamPolicy: policy() }]);
  const found = judge({ iamPolicy, inherited: elsewhere });
  assert.deepEqual([found.verdict, found.crossAccount], ['cross-account', ['org:33']]);
});
