import assert from 'node:assert/strict';
import { after } from 'node:test';
import { startGcpStorageEmulator } from '../servers/gcp-storage-emulator.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { CHAT, s3Scan } from './s3-scan.ts';

const emulator = await optional(startGcpStorageEmulator);
after(() => emulator.server?.stop());
const { report } = s3Scan(emulator.server?.env ?? {});

const ANYONE = { role: 'roles/storage.objectViewer', members: ['allUsers'] };
const PARTNER = {
  role: 'roles/storage.objectAdmin',
  members: ['serviceAccount:feed@partner.iam.gserviceaccount.com'],
  condition: { title: 'inbox', expression: 'resource.name.startsWith("projects/_/buckets/lake/objects/in/")' },
};
const TEAMS = { role: 'roles/storage.legacyBucketOwner', members: ['projectEditor:own', 'projectOwner:own'] };

serverTest(
  emulator,
  'a bucket open to everyone with a key in it: what is open, why and what to change; prevention closes it',
  async (server) => {
    await server.createBucket('lake');
    await server.put('lake', 'in/chat.jsonl', CHAT);
    await server.setIamPolicy('lake', [TEAMS, ANYONE, PARTNER]);
    const open = await report(['gs://lake']);
    assert.equal(open.code, 0, open.stderr);
    const [bucket] = open.report.buckets;
    assert.ok(bucket !== undefined);
    assert.deepEqual([bucket.exposure.verdict, bucket.risk.level], ['public', 'critical']);
    assert.equal(bucket.exposure.effective.write, 'cross-account');
    assert.deepEqual(bucket.exposure.crossAccount, ['partner']);
    assert.match(bucket.exposure.because.join(), /binding 1 of the bucket IAM policy, roles\/storage\.objectViewer/);
    const command =
      'gcloud storage buckets remove-iam-policy-binding gs://lake --member=allUsers --role=roles/storage.objectViewer --all';
    assert.ok(bucket.exposure.fix.includes(command));
    assert.ok(bucket.exposure.grants.some(({ scope }) => scope.prefixes.includes('in/*')));

    await server.update('lake', {
      iamConfiguration: { publicAccessPrevention: 'enforced', uniformBucketLevelAccess: { enabled: true } },
    });
    const closed = await report(['gs://lake', '--rescan']);
    const exposure = closed.report.buckets[0]?.exposure;
    assert.deepEqual([exposure?.verdict, exposure?.effective.list], ['cross-account', 'private']);
    const dormant = exposure?.grants.filter(({ state }) => state === 'dormant').map(({ blockedBy }) => blockedBy);
    assert.deepEqual(dormant, [['bucket.publicAccessPrevention']]);
  },
);
