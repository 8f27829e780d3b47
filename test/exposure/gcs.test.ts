import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binding, FINE, judge, known, policy, prevented, reaching, refused, UNIFORM } from './gcs-sample.ts';

const ANYONE = policy(binding('storage.objectViewer', 'allUsers'));

test('a role gives everyone what its permissions allow, and no more', () => {
  for (const [role, actions] of [
    ['storage.objectViewer', ['list', 'read']],
    ['storage.legacyObjectReader', ['read']],
    ['storage.legacyBucketReader', ['list']],
    ['storage.legacyBucketWriter', ['list', 'write', 'delete']],
    ['storage.legacyBucketOwner', ['list', 'write', 'delete', 'changePermissions']],
    ['storage.objectCreator', ['write']],
    ['storage.objectUser', ['list', 'read', 'write', 'delete']],
    ['storage.objectAdmin', ['list', 'read', 'write', 'delete']],
    ['storage.admin', ['list', 'read', 'write', 'delete', 'changePermissions']],
    ['cloudbuild.builds.builder', ['list', 'read', 'write', 'delete']],
  ] as const) {
    const found = judge({ iamPolicy: policy(binding(role, 'allUsers')) });
    assert.deepEqual([reaching(found, 'public'), found.public], [actions, true], role);
    assert.equal(found.vendorPublic, true);
  }
});

test('a role without any permission on storage opens nothing, whoever has it', () => {
  for (const role of ['run.invoker', 'storage.hmacKeyAdmin', 'storage.viewer', 'owner']) {
    const found = judge({ iamPolicy: policy(binding(role, 'allUsers')) });
    assert.deepEqual([found.public, found.verdict, found.grants], [false, 'private', []], role);
    assert.match(found.because.join(), new RegExp(`roles/${role}, which holds no permission`));
  }
});

test('reading the settings of a bucket is little, but it is public', () => {
  const found = judge({ iamPolicy: policy(binding('storage.bucketViewer', 'allUsers')) });
  assert.deepEqual([found.public, found.verdict], [true, 'private']);
});

test('a role that nobody can look up is unknown for everyone, and no doubt for the own project', () => {
  for (const role of ['projects/p/roles/custom', 'roles/storage.notYetKnown']) {
    const open = judge({ iamPolicy: policy({ role, members: ['allUsers'] }) });
    assert.deepEqual([open.public, open.verdict], ['unknown', 'unknown']);
    assert.ok(open.unknowns.some(({ permission }) => permission === 'iam.roles.get'));
    assert.equal(judge({ iamPolicy: policy({ role, members: ['projectOwner:own-project'] }) }).verdict, 'private');
    const foreign = judge({ iamPolicy: policy({ role, members: ['serviceAccount:s@other.iam.gserviceaccount.com'] }) });
    assert.deepEqual([foreign.public, foreign.verdict, foreign.crossAccount], [false, 'unknown', ['other']]);
  }
  const roles = { 'projects/p/roles/custom': known(['storage.objects.get', 'compute.instances.get']) };
  const given = judge({ iamPolicy: policy({ role: 'projects/p/roles/custom', members: ['allUsers'] }), roles });
  assert.deepEqual([given.public, reaching(given, 'public')], [true, ['read']]);
});

test('a role on the project that may change who has access is take-over, on a bucket it is nothing', () => {
  for (const role of ['owner', 'resourcemanager.projectIamAdmin', 'storage.hmacKeyAdmin', 'iam.securityAdmin']) {
    const iamPolicy = policy(binding(role, 'serviceAccount:s@other.iam.gserviceaccount.com'));
    const above = judge({ inherited: known([{ resource: 'projects/11', iamPolicy }]) });
    assert.equal(above.effective.changePermissions, 'cross-account', role);
  }
});

test('public access prevention on the bucket or above it leaves grants to everyone dormant', () => {
  const acl = known([{ entity: 'allUsers', role: 'READER' }]);
  for (const [facts, by] of [
    [{ metadata: known(prevented(FINE)) }, 'bucket.publicAccessPrevention'],
    [{ metadata: known(FINE), orgPolicy: known({ publicAccessPrevention: true }) }, 'orgPolicy.publicAccessPrevention'],
  ] as const) {
    const found = judge({ iamPolicy: ANYONE, acl, ...facts });
    assert.deepEqual([found.public, found.verdict, found.vendorPublic], [false, 'private', false]);
    assert.equal(found.grants.length, 2);
    for (const { state, blockedBy } of found.grants) assert.deepEqual([state, blockedBy], ['dormant', [by]]);
    assert.match(found.because.join(), new RegExp(`could list the keys and read objects.* Only ${by} stops it`));
  }
});

test('prevention stops no single project or account', () => {
  const iamPolicy = policy(binding('storage.objectViewer', 'serviceAccount:s@other.iam.gserviceaccount.com'));
  const found = judge({ metadata: known(prevented(UNIFORM)), iamPolicy });
  assert.deepEqual([found.public, found.verdict, found.crossAccount], [false, 'cross-account', ['other']]);
});

test('an ACL counts while uniform access is off, and is dormant while it is on', () => {
  const acl = known([
    { entity: 'project-owners-11', role: 'OWNER' },
    { entity: 'allAuthenticatedUsers', role: 'WRITER' },
  ]);
  const off = judge({ metadata: known(FINE), acl });
  assert.deepEqual([off.public, reaching(off, 'public')], [true, ['list', 'write', 'delete']]);
  const on = judge({ acl });
  assert.equal(on.public, false);
  const [own, everyone] = on.grants;
  assert.deepEqual([own?.principal.class, own?.state], ['same-account', 'effective']);
  assert.deepEqual([everyone?.state, everyone?.blockedBy], ['dormant', ['bucket.uniformBucketLevelAccess']]);
});

test('ACLs of objects open the folder that holds them', () => {
  const everyone = [{ entity: 'allUsers', role: 'READER' }];
  const objects = [
    { name: 'img/a/1.png', acl: everyone },
    { name: 'img/b/2.png', acl: everyone },
    { name: 'img/c/3.png', acl: [] },
  ];
  const found = judge({ metadata: known(FINE), objectAcls: known({ objects, isSample: true }) });
  assert.deepEqual([found.public, reaching(found, 'public')], [true, ['read']]);
  assert.deepEqual(found.grants[0]?.scope.prefixes, ['img/*']);
  assert.match(found.because.join(), /2 of 3 objects that were looked at.*a sample was read/s);
});

test('the default ACL says something of new objects only', () => {
  const found = judge({ metadata: known(FINE), defaultObjectAcl: known([{ entity: 'allUsers', role: 'READER' }]) });
  assert.equal(found.public, false);
  assert.match(found.because.join(), /New objects will be readable by everyone/);
});

test('without settings, policy or the ACL that counts nobody can say', () => {
  const asked = { metadata: known(FINE), iamPolicy: policy(), acl: known([]) };
  for (const fact of ['metadata', 'iamPolicy', 'acl'] as const) {
    for (const reason of ['AccessDenied', 'not asked']) {
      const found = judge({ ...asked, [fact]: refused(`storage.${fact}.get`, reason) });
      assert.deepEqual([found.public, found.verdict], ['unknown', 'unknown'], `${fact} ${reason}`);
    }
  }
  assert.equal(judge({ ...asked, metadata: known(UNIFORM), acl: refused('storage.acl') }).public, false);
  // What is proven stays proven.
  assert.equal(judge({ iamPolicy: ANYONE, inherited: refused('resourcemanager.projects.getIamPolicy') }).public, true);
});

test('what can only add was not asked: told, and no doubt; refused: a doubt', () => {
  const call = 'resourcemanager.projects.getIamPolicy';
  const silent = judge({ inherited: refused(call, 'not asked') });
  assert.deepEqual([silent.public, silent.verdict, silent.unknowns.length], [false, 'private', 1]);
  const denied = judge({ inherited: refused(call) });
  assert.deepEqual([denied.public, denied.verdict], ['unknown', 'unknown']);
  const guarded = judge({ inherited: refused(call), metadata: known(prevented(UNIFORM)) });
  assert.deepEqual([guarded.public, guarded.verdict], [false, 'unknown']);
});

test('a store that has neither policies nor switches is no doubt', () => {
  const lacks = { state: 'unsupported', call: 'x' } as const;
  const facts = { iamPolicy: lacks, managedFolders: lacks, inherited: lacks, orgPolicy: lacks, metadata: known({}) };
  const found = judge({ ...facts, endpoint: 'http://127.0.0.1:1' });
  assert.deepEqual([found.public, found.verdict, found.unknowns], [false, 'private', []]);
});

test('a managed folder opens what lies in it', () => {
  const folder = policy(binding('storage.objectViewer', 'allUsers'), binding('storage.legacyBucketWriter', 'allUsers'));
  const found = judge({ managedFolders: known([{ name: 'open/', iamPolicy: folder }]) });
  assert.deepEqual(reaching(found, 'public'), ['list', 'read', 'write', 'delete']);
  for (const { scope, path } of found.grants) assert.deepEqual([scope.prefixes, path], [['open/*'], 'managed-folder']);
});

test('a filter of networks lets nobody in from elsewhere, unless it names all of the internet', () => {
  const filter = (...ranges: string[]) => ({
    ...UNIFORM,
    ipFilter: { mode: 'Enabled', publicNetworkSource: { allowedIpCidrRanges: ranges } },
  });
  for (const [metadata, verdict, isOpen] of [
    [filter('203.0.113.0/24'), 'organization', false],
    [filter(), 'organization', false],
    [filter('0.0.0.0/0'), 'public', true],
    [filter('203.0.113.0/24', '::/0'), 'public', true],
    [{ ...filter('203.0.113.0/24'), ipFilter: { mode: 'Disabled' } }, 'public', true],
  ] as const) {
    const found = judge({ metadata: known(metadata), iamPolicy: ANYONE });
    assert.deepEqual([found.verdict, found.public, found.vendorPublic], [verdict, isOpen, true]);
  }
});

test('where readers pay nobody comes without an identity', () => {
  const found = judge({ metadata: known({ ...UNIFORM, billing: { requesterPays: true } }), iamPolicy: ANYONE });
  assert.deepEqual([found.public, found.grants[0]?.principal.class], [true, 'any-authenticated']);
});

test('the fix is one binding where one is open, else the switch; commands and Terraform come with it', () => {
  const one = judge({ iamPolicy: ANYONE });
  const command =
    'gcloud storage buckets remove-iam-policy-binding gs://lake --member=allUsers --role=roles/storage.objectViewer --all';
  assert.ok(one.fix.includes(command));
  assert.ok(one.fix.some((line) => line.startsWith('--- iam-policy.json') && line.includes('-        "allUsers"')));
  const beside = judge({ iamPolicy: policy(binding('storage.objectViewer', ['allUsers', 'user:a@example.com'])) });
  const block = `resource "google_storage_bucket_iam_binding" "lake" {
  bucket  = "lake"
  role    = "roles/storage.objectViewer"
  members = ["user:a@example.com"]
}`;
  assert.ok(beside.fix.includes(block), beside.fix.join('\n'));
  assert.ok(one.grants[0]?.fix.includes(command));
  const two = judge({
    iamPolicy: policy(binding('storage.objectViewer', 'allUsers'), binding('storage.objectCreator', 'allUsers')),
  });
  assert.ok(two.fix.includes('gcloud storage buckets update gs://lake --public-access-prevention'));
  assert.match(
    two.fix.join('\n'),
    /resource "google_storage_bucket" "lake" \{\n.*\n {2}public_access_prevention = "enforced"\n\}/,
  );
  assert.deepEqual(judge({}).fix, []);
  const acl = known([
    { entity: 'project-owners-11', role: 'OWNER' },
    { entity: 'allUsers', role: 'READER' },
  ]);
  const account = 'serviceAccount:s@other.iam.gserviceaccount.com';
  const partner = judge({ iamPolicy: policy(binding('storage.objectAdmin', account)) });
  assert.match(partner.fix.join('\n'), new RegExp(`--member=${account} --role=roles/storage.objectAdmin`));
  const settings = judge({ iamPolicy: policy(binding('storage.bucketViewer', 'allUsers')) });
  assert.match(settings.fix.join('\n'), /remove-iam-policy-binding/);
  const foreign = judge({ metadata: known(FINE), acl: known([{ entity: 'project-viewers-12', role: 'READER' }]) });
  assert.ok(foreign.fix.includes('gcloud storage buckets update gs://lake --remove-acl-grant=project-viewers-12'));
  const listed = judge({ metadata: known(FINE), acl });
  assert.ok(listed.fix.includes('gcloud storage buckets update gs://lake --remove-acl-grant=allUsers'));
  assert.match(listed.fix.join('\n'), /role_entity = \["OWNER:project-owners-11"\]/);
});
