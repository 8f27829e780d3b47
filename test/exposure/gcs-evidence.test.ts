import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import { NOW } from './gcs-sample.ts';

const UNIFORM = {
  iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'inherited' },
};
const FINE = { iamConfiguration: { uniformBucketLevelAccess: { enabled: false } } };
const ANYONE = { bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }] };
const LISTED = [{ entity: 'allUsers', role: 'READER' }];
const FACTS = { bucket: UNIFORM, iamPolicy: null, acl: null };

function verdict(facts: Record<string, unknown>, more: Record<string, unknown> = {}): unknown {
  const read = readEvidence({ schema: 'assay.evidence/v1', id: 'one', provider: 'gcs', facts, ...more });
  if ('error' in read) return read.error;
  return isPublic(evaluateExposure(read.evidence, { collectedAt: NOW, ...read.context }));
}

test('what is known to be none is no doubt, what was not asked or refused is one', () => {
  assert.equal(verdict(FACTS), false);
  for (const fact of ['bucket', 'iamPolicy', 'acl']) {
    const { [fact]: _, ...rest }: Record<string, unknown> = { ...FACTS, bucket: FINE };
    assert.equal(verdict(rest), 'unknown', `without ${fact}`);
    assert.equal(verdict({ ...rest, [fact]: { unavailable: 'AccessDenied' } }), 'unknown', `${fact} refused`);
  }
});

test('the organisation policy is read in each of its forms, and was it not asked nothing changes', () => {
  const facts = { ...FACTS, iamPolicy: ANYONE };
  assert.equal(verdict(facts), true);
  const enforced = { spec: { rules: [{ enforce: true }] } };
  for (const orgPolicy of [
    true,
    { 'storage.publicAccessPrevention': true },
    { 'constraints/storage.publicAccessPrevention': enforced },
    enforced,
    { constraint: 'constraints/storage.publicAccessPrevention', booleanPolicy: { enforced: true } },
  ]) {
    assert.equal(verdict({ ...facts, orgPolicy }), false, JSON.stringify(orgPolicy));
    assert.equal(verdict({ ...facts, bucket: { ...UNIFORM, org_policy: orgPolicy } }), false);
  }
  for (const orgPolicy of [false, null, { 'storage.publicAccessPrevention': false }, { spec: { rules: [] } }]) {
    assert.equal(verdict({ ...facts, orgPolicy }), true, JSON.stringify(orgPolicy));
  }
});

test('facts are read as the calls answer them, wrapped or not', () => {
  for (const acl of [LISTED, { kind: 'storage#bucketAccessControls', items: LISTED }]) {
    assert.equal(verdict({ ...FACTS, bucket: FINE, acl }), true);
    assert.equal(verdict({ ...FACTS, acl }), false);
  }
  // A bucket asked for with all its properties holds its ACL.
  assert.equal(verdict({ bucket: { ...FINE, acl: LISTED }, iamPolicy: null }), true);
  // The name of uniform access before 2019.
  const old = { iamConfiguration: { bucketPolicyOnly: { enabled: true } } };
  assert.equal(verdict({ ...FACTS, bucket: old, acl: LISTED }), false);
  const objectAcls = [{ name: 'a/b', acl: LISTED }];
  assert.equal(verdict({ ...FACTS, bucket: FINE, objectAcls }), true);
  assert.equal(verdict({ ...FACTS, managedFolders: [{ name: 'a/', iamPolicy: ANYONE }] }), true);
  assert.equal(verdict({ ...FACTS, inherited: [{ resource: 'folders/1', iamPolicy: ANYONE }] }), true);
  const role = 'projects/p/roles/r';
  const custom = { ...FACTS, iamPolicy: { bindings: [{ role, members: ['allUsers'] }] } };
  assert.equal(verdict(custom), 'unknown');
  assert.equal(verdict({ ...custom, roles: { [role]: { includedPermissions: ['storage.objects.get'] } } }), true);
  assert.equal(verdict({ ...custom, roles: { [role]: ['compute.instances.get'] } }), false);
});

test('owner and trusted projects decide who is foreign', () => {
  const iamPolicy = {
    bindings: [{ role: 'roles/storage.objectAdmin', members: ['serviceAccount:s@team.iam.gserviceaccount.com'] }],
  };
  const crossAccount = (more: Record<string, unknown>) => {
    const read = readEvidence({ provider: 'gcs', facts: { ...FACTS, iamPolicy }, ...more });
    assert.ok('evidence' in read);
    return evaluateExposure(read.evidence, { collectedAt: NOW, ...read.context }).crossAccount;
  };
  assert.deepEqual(crossAccount({}), ['team']);
  assert.deepEqual(crossAccount({ owner: { account: 'mine' } }), ['team']);
  assert.deepEqual(crossAccount({ owner: { account: 'team' } }), []);
  assert.deepEqual(crossAccount({ owner: { account: 'mine' }, trusted: { accounts: ['team'] } }), []);
});

test('a bare policy of a bucket is judged alone', () => {
  const judge = (document: unknown) => {
    const read = readEvidence(document);
    assert.ok('evidence' in read);
    return isPublic(evaluateExposure(read.evidence, { collectedAt: NOW, ...read.context }));
  };
  assert.equal(judge({ ...ANYONE, etag: 'CAE=', version: 1 }), true);
  assert.equal(judge({ bindings: [], etag: 'CAE=' }), false);
});

test('a condition of another shape counts as met', () => {
  const [open] = ANYONE.bindings;
  for (const condition of [{}, { title: 'x' }, 'always'])
    assert.equal(verdict({ ...FACTS, iamPolicy: { bindings: [{ ...open, condition }] } }), true);
});

test('facts of another shape are an error, never a clean bucket', () => {
  for (const [facts, message] of [
    [{ ...FACTS, bucket: 'lake' }, 'facts.bucket cannot be read'],
    [{ ...FACTS, iamPolicy: { bindings: 'none' } }, 'facts.iamPolicy cannot be read'],
    [{ ...FACTS, iamPolicy: { bindings: [{ members: ['allUsers'] }] } }, 'facts.iamPolicy cannot be read'],
    [{ ...FACTS, acl: [{ entity: 'allUsers' }] }, 'facts.acl cannot be read'],
    [{ ...FACTS, managedFolders: [{ iamPolicy: null }] }, 'facts.managedFolders cannot be read'],
  ] as const) {
    assert.equal(verdict(facts), message);
  }
});
