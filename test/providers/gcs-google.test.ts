import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isAssayError } from '../../src/errors.ts';
import { gcsSigner } from '../../src/providers/gcs-access.ts';
import { coded, list, readAll } from './contract.ts';
import { type Answer, denied, type GoogleStub, gcsBucket, gcsProvider, startGoogleStub } from './gcs-harness.ts';

const bucket = gcsBucket('lake');
const OBJECT = { bucket, key: 'jane.doe@example.com', version: '7', byteLength: 4, lastModified: '' };

async function stub(t: TestContext, answer: (path: string) => Answer | undefined): Promise<GoogleStub> {
  const google = await startGoogleStub(answer);
  t.after(() => google.stop());
  return google;
}

test('who lacks a permission is told which one, and no name of an object', async (t) => {
  const who = 'scanner@p.iam.gserviceaccount.com';
  const google = await stub(t, (path) => {
    const permission = path.endsWith('/o') ? 'storage.objects.list' : 'storage.objects.get';
    const message = `${who} does not have ${permission} access to the Google Cloud Storage bucket. Permission '${permission}' denied on resource (or it may not exist).`;
    return denied(403, 'forbidden', message);
  });
  const provider = gcsProvider(google.endpoint);
  for (const [call, permission] of [
    [() => list({ provider, bucket }), 'storage.objects.list'],
    [() => readAll({ provider }, OBJECT), 'storage.objects.get'],
  ] as const) {
    await assert.rejects(call(), (error) => {
      assert.ok(isAssayError(error));
      assert.deepEqual([error.code, error.permission], ['access-denied', permission]);
      assert.match(error.message, /gs:\/\/lake/);
      assert.ok(error.message.includes(permission));
      assert.ok(!`${error.message}${error.cause}`.includes('jane.doe') && !error.message.includes(who));
      return true;
    });
  }
  assert.equal(provider.counters.retries, 0);
});

test('a key of Cloud KMS that cannot be used is no missing permission on the object', async (t) => {
  const message = "Permission 'cloudkms.cryptoKeyVersions.useToDecrypt' denied on resource 'k' (or it may not exist).";
  const google = await stub(t, () => denied(403, 'forbidden', message));
  await assert.rejects(readAll({ provider: gcsProvider(google.endpoint) }, OBJECT), coded('encrypted'));
});

test('where readers pay the project is sent with every call, and its absence is a clear error', async (t) => {
  const pays = 'Bucket is a requester pays bucket but no user project provided.';
  const google = await stub(t, () => denied(400, 'required', pays));
  await assert.rejects(list({ provider: gcsProvider(google.endpoint), bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'access-denied');
    assert.match(error.message, /readers of this bucket pay; name the project .*--gcs-user-project/);
    return true;
  });
  const paid = await stub(t, (path) => (path.endsWith('/o') ? { body: {} } : undefined));
  const provider = gcsProvider(paid.endpoint, { userProject: 'payer' });
  await list({ provider, bucket });
  await assert.rejects(readAll({ provider }, OBJECT), coded('not-found'));
  assert.ok(paid.seen.length >= 2);
  for (const { url } of paid.seen) assert.match(url, /[?&]userProject=payer(&|$)/);
});

test('a bucket that is not there, an answer that is no JSON and an entry without a size are errors', async (t) => {
  for (const [answer, code] of [
    [denied(404, 'notFound', 'The specified bucket does not exist.'), 'bucket-not-found'],
    [{ body: '<html>a gateway' }, 'network'],
    [{ body: { items: [{ name: 'a', generation: '1' }] } }, 'listing-failed'],
    [denied(401, 'authError', 'Invalid Credentials'), 'bad-credentials'],
    [denied(401, 'required', 'Anonymous caller does not have storage.objects.list access'), 'access-denied'],
  ] as const) {
    const google = await stub(t, () => answer);
    await assert.rejects(list({ provider: gcsProvider(google.endpoint, { maxRetries: 1 }), bucket }), coded(code));
  }
});

test('a page that names itself as the next one does not list for ever', async (t) => {
  const google = await stub(t, () => ({ body: { nextPageToken: 'again' } }));
  await assert.rejects(list({ provider: gcsProvider(google.endpoint), bucket }), coded('listing-failed'));
});

test('a token goes with every request, and none to a store without TLS or when nobody shall sign', async (t) => {
  const google = await stub(t, () => ({ body: {} }));
  const token = async () => 'made-here';
  await list({ provider: gcsProvider(google.endpoint, { token }), bucket });
  await list({ provider: gcsProvider(google.endpoint, { token, anonymous: true }), bucket });
  await list({ provider: gcsProvider(google.endpoint), bucket });
  const sent = google.seen.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ['Bearer made-here', undefined, undefined]);
});

test('the default credentials are those of the file that the environment names', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-gcs-'));
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const google = await stub(t, (path) =>
    path === '/token' ? { body: { access_token: 'exchanged', token_type: 'Bearer', expires_in: 3600 } } : undefined,
  );
  const file = join(folder, 'credentials.json');
  // Else the library asks Google for the project of the pool.
  process.env = { ...before, GOOGLE_APPLICATION_CREDENTIALS: file, GOOGLE_CLOUD_PROJECT: 'p' };
  writeFileSync(join(folder, 'subject'), 'a subject token');
  const pool = 'projects/1/locations/global/workloadIdentityPools/pool/providers/oidc';
  writeFileSync(
    file,
    JSON.stringify({
      type: 'external_account',
      audience: `//iam.googleapis.com/${pool}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${google.endpoint}/token`,
      credential_source: { file: join(folder, 'subject') },
    }),
  );
  const { authorization } = await gcsSigner({})('https://storage.googleapis.com/storage/v1/b/lake');
  assert.equal(authorization, 'Bearer exchanged');
  writeFileSync(file, 'not JSON');
  const provider = gcsProvider('https://storage.googleapis.com');
  await assert.rejects(list({ provider, bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'bad-credentials');
    assert.match(
      error.message,
      /GOOGLE_APPLICATION_CREDENTIALS.*gcloud auth application-default login.*--gcs-anonymous/,
    );
    assert.ok(!error.message.includes(folder));
    return true;
  });
});
