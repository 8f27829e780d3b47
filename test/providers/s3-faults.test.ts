import assert from 'node:assert/strict';
import { after } from 'node:test';
import { isAssayError } from '../../src/errors.ts';
import type { S3Provider } from '../../src/providers/s3.ts';
import type { S3Options } from '../../src/providers/s3-options.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { coded, list, listPages } from './contract.ts';
import { BODY, FAULT_CASES, readThrough, type Store, startFaulty } from './fault-cases.ts';
import { newBucket, put, s3Provider } from './s3-harness.ts';

async function startStore(): Promise<Store<S3Options, S3Provider>> {
  const server = await startVersitygw();
  return {
    origin: server.endpoint,
    provider: (endpoint, options) => s3Provider({ ...server, endpoint }, server.root, options),
    newBucket: () => newBucket(server),
    put: (bucket, key, body) => put(server.client, bucket, key, body),
    rangeHeader: 'range',
    checkPinned: ({ headers }, { version }) => assert.equal(headers['if-match'], `"${version}"`),
    isSecondPage: ({ url }) => url.includes('list-type=2') && url.includes('continuation-token'),
    busy: [{ status: 503, code: 'SlowDown' }],
    broken: 'InternalError',
    refusal: { before: 's3:GetObject', after: /\(SlowDown, HTTP 503\)$/ },
    wrong: [
      ['etag', '"00000000000000000000000000000000"', 'object-changed'],
      ['content-range', `bytes 0-199999/${BODY.length + 1}`, 'object-changed'],
      ['content-range', `bytes 100-199999/${BODY.length}`, 'network'],
    ],
    stop: () => server.stop(),
  };
}

const faulty = await optional(async () => startFaulty(await startStore()));
after(() => faulty.server?.stop());

for (const [title, run] of Object.entries(FAULT_CASES)) serverTest(faulty, `S3: ${title}`, run);

serverTest(faulty, 'a clock that is wrong is set by the answer, and named when that does not help', async (one) => {
  const provider = one.through();
  const skew = { kind: 'status', status: 403, code: 'RequestTimeTooSkewed' } as const;
  one.proxy.inject(skew);
  assert.equal((await listPages({ provider, bucket: one.object.bucket })).length, 1);
  one.proxy.inject({ ...skew, times: 100 });
  await assert.rejects(list({ provider, bucket: one.object.bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'bad-credentials');
    assert.match(error.message, /clock/);
    return true;
  });
});

serverTest(faulty, 'a store that sends from region to region is not followed for ever', async (one) => {
  const provider = one.through();
  one.proxy.inject({ kind: 'status', status: 400, code: 'AuthorizationHeaderMalformed', region: 'eu-west-1' });
  await assert.rejects(list({ provider, bucket: one.object.bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'wrong-region');
    assert.match(error.message, /the bucket is in us-east-1; set the region/);
    return true;
  });
  assert.equal(one.proxy.seen.length, 2);
});

serverTest(faulty, 'the permission that the store itself names is the one reported', async (one) => {
  const provider = one.through();
  const message = 'User: someone is not authorized to perform: kms:Decrypt on resource: key/1';
  one.proxy.inject({ kind: 'status', status: 403, code: 'AccessDenied', message });
  await assert.rejects(readThrough(provider, one.object), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'access-denied');
    assert.equal(error.permission, 'kms:Decrypt');
    assert.ok(!error.message.includes('someone'));
    return true;
  });
});

serverTest(faulty, 'an archived object is not asked for', async (one) => {
  const provider = one.through();
  await assert.rejects(provider.openObject({ ...one.object, storageClass: 'GLACIER' }), coded('archived-tier'));
  one.proxy.inject({ kind: 'status', status: 403, code: 'InvalidObjectState' });
  await assert.rejects(readThrough(provider, one.object), coded('archived-tier'));
});
