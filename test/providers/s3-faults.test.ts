import assert from 'node:assert/strict';
import { after } from 'node:test';
import fc from 'fast-check';
import { isAssayError } from '../../src/errors.ts';
import type { ObjectRef } from '../../src/model/object.ts';
import type { S3Provider } from '../../src/providers/s3.ts';
import type { S3Options } from '../../src/providers/s3-options.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import { optional, type StopHandle, serverTest } from '../servers/server-process.ts';
import { startVersitygw, type Versitygw } from '../servers/versitygw.ts';
import { coded, collect, gather, list, listPages, only } from './contract.ts';
import { newBucket, put, s3Provider } from './s3-harness.ts';

const BODY = Buffer.from(Array.from({ length: 200_000 }, (_unused, at) => (at * 131 + (at >> 7)) & 0xff));

interface Faulty extends StopHandle {
  server: Versitygw;
  proxy: FaultProxy;
  object: ObjectRef;
}

async function startFaulty(): Promise<Faulty> {
  const server = await startVersitygw();
  const proxy = await startFaultProxy(server.endpoint);
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'object', BODY);
  const object = await only({ provider: s3Provider(server, server.root), bucket });
  return {
    server,
    proxy,
    object,
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

const faulty = await optional(startFaulty);
after(() => faulty.server?.stop());

/** A provider behind the proxy, which starts without faults. */
function through({ server, proxy }: Faulty, options: S3Options = {}): S3Provider {
  proxy.clear();
  return s3Provider({ ...server, endpoint: proxy.endpoint }, server.root, options);
}

async function readThrough(provider: S3Provider, object: ObjectRef): Promise<Buffer> {
  const source = await provider.openObject(object);
  try {
    return await collect(source.stream());
  } finally {
    await source.close();
  }
}

function rangesOf(seen: readonly SeenRequest[]): (string | undefined)[] {
  return seen.map(({ headers }) => headers.range);
}

const isListing = ({ url }: SeenRequest) => url.includes('list-type=2');

serverTest(faulty, 'a body reset or cut at any bytes is resumed where it broke', async (one) => {
  const cuts = fc.array(
    fc.record({ kind: fc.constantFrom('reset' as const, 'truncate' as const), afterBytes: fc.nat(40_000) }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(cuts, fc.constantFrom(30_000, 70_000, 1_000_000), async (faults, rangeBytes) => {
      const provider = through(one, { rangeBytes });
      for (const fault of faults) one.proxy.inject(fault);
      assert.ok((await readThrough(provider, one.object)).equals(BODY));
      await provider.close();
    }),
    { numRuns: 20 },
  );
});

serverTest(faulty, 'every range is asked for by the listed ETag, and a resumed one from the next byte', async (one) => {
  const provider = through(one, { rangeBytes: 150_000 });
  one.proxy.inject({ kind: 'truncate', afterBytes: 1000 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
  assert.deepEqual(rangesOf(one.proxy.seen), ['bytes=0-149999', 'bytes=1000-150999', 'bytes=151000-199999']);
  for (const { headers } of one.proxy.seen) assert.equal(headers['if-match'], `"${one.object.version}"`);
  assert.deepEqual(provider.counters, { requests: 3, retries: 1, bytes: BODY.length });
});

serverTest(faulty, 'a body that falls silent is broken off and resumed', async (one) => {
  const provider = through(one, { idleTimeoutMs: 50 });
  one.proxy.inject({ kind: 'stall', afterBytes: 12_345 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
  assert.ok(provider.counters.retries >= 1);
});

serverTest(faulty, 'a body that stays silent ends as a timeout after its tries', async (one) => {
  const provider = through(one, { idleTimeoutMs: 30, maxRetries: 2 });
  one.proxy.inject({ kind: 'stall', afterBytes: 0, times: 10 });
  await assert.rejects(readThrough(provider, one.object), coded('timeout'));
  assert.equal(one.proxy.seen.length, 3);
});

serverTest(faulty, 'a trickle of bytes between breaks does not retry for ever', async (one) => {
  const provider = through(one, { maxRetries: 3 });
  one.proxy.inject({ kind: 'truncate', afterBytes: 10, times: 1000 });
  await assert.rejects(readThrough(provider, one.object), coded('network'));
  assert.equal(one.proxy.seen.length, 4);
});

serverTest(
  faulty,
  'a body that is whole but shorter than asked for is resumed, a bounded number of times',
  async (one) => {
    const provider = through(one, { maxRetries: 3 });
    one.proxy.inject({ kind: 'short', afterBytes: 500 });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    one.proxy.clear();
    one.proxy.inject({ kind: 'short', afterBytes: 500, times: 100 });
    await assert.rejects(readThrough(provider, one.object), coded('network'));
    assert.equal(one.proxy.seen.length, 4);
  },
);

serverTest(faulty, 'a store that asks to slow down is asked again, less at a time', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'status', status: 503, code: 'SlowDown', times: 3 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
  assert.equal(provider.counters.retries, 3);
  assert.equal(one.proxy.seen.length, 4);
  assert.equal(provider.limitOf(one.object.bucket), 32);
});

serverTest(faulty, 'a store that refuses for good ends as an error that names call, bucket and code', async (one) => {
  const provider = through(one, { maxRetries: 2 });
  one.proxy.inject({ kind: 'status', status: 503, code: 'SlowDown', times: 100 });
  await assert.rejects(readThrough(provider, one.object), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'network');
    assert.match(
      error.message,
      new RegExp(`^s3:GetObject on an object of s3://${one.object.bucket.name}.*SlowDown, HTTP 503`),
    );
    return true;
  });
});

serverTest(faulty, 'an object overwritten between two ranges is never mixed', async (one) => {
  const provider = through(one, { rangeBytes: 100_000 });
  const bucket = await newBucket(one.server);
  await put(one.server.client, bucket, 'changes', BODY);
  const object = await only({ provider, bucket });
  one.proxy.clear();
  one.proxy.inject({
    kind: 'before',
    when: ({ headers }) => headers.range === 'bytes=100000-199999',
    run: () => put(one.server.client, bucket, 'changes', Buffer.alloc(BODY.length, 'x')),
  });
  const source = await provider.openObject(object);
  const chunks: Buffer[] = [];
  await assert.rejects(async () => {
    for await (const chunk of source.stream()) chunks.push(chunk);
  }, coded('object-changed'));
  assert.ok(Buffer.concat(chunks).equals(BODY.subarray(0, 100_000)));
});

serverTest(
  faulty,
  'an answer with another ETag or length is not believed, though the store says it matches',
  async (one) => {
    for (const [name, value] of [
      ['etag', '"00000000000000000000000000000000"'],
      ['content-range', `bytes 0-199999/${BODY.length + 1}`],
    ] as const) {
      const provider = through(one);
      one.proxy.inject({ kind: 'header', name, value });
      await assert.rejects(readThrough(provider, one.object), coded('object-changed'));
    }
  },
);

serverTest(faulty, 'an answer from another place than asked for is not believed', async (one) => {
  const provider = through(one);
  const source = await provider.openObject(one.object);
  one.proxy.inject({ kind: 'header', name: 'content-range', value: `bytes 0-99/${BODY.length}` });
  await assert.rejects(source.read(100, 200), coded('network'));
});

serverTest(faulty, 'a listing whose page fails twice still gives every object', async (one) => {
  const provider = through(one, { pageSize: 2 });
  const bucket = await newBucket(one.server);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) await put(one.server.client, bucket, key, key);
  const isSecondPage = (request: SeenRequest) => isListing(request) && request.url.includes('continuation-token');
  one.proxy.inject({ kind: 'status', status: 500, code: 'InternalError', when: isSecondPage });
  one.proxy.inject({ kind: 'truncate', afterBytes: 100, when: isSecondPage });
  const objects = await list({ provider, bucket });
  assert.deepEqual(
    objects.map(({ key }) => key),
    keys,
  );
});

serverTest(faulty, 'a listing whose second page fails for good throws after its first', async (one) => {
  const provider = through(one, { pageSize: 2, maxRetries: 1 });
  const bucket = await newBucket(one.server);
  for (const key of ['a', 'b', 'c']) await put(one.server.client, bucket, key, key);
  one.proxy.inject({
    kind: 'status',
    status: 503,
    code: 'SlowDown',
    when: (request) => isListing(request) && request.url.includes('continuation-token'),
    times: 100,
  });
  const pages: string[][] = [];
  await assert.rejects(async () => {
    for await (const { objects } of provider.listObjects({ text: '', bucket, prefix: '' }, null)) {
      pages.push(objects.map(({ key }) => key));
    }
  }, coded('listing-failed'));
  assert.deepEqual(pages, [['a', 'b']]);
});

serverTest(faulty, 'a clock that is wrong is set by the answer, and named when that does not help', async (one) => {
  const provider = through(one);
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
  const provider = through(one);
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
  const provider = through(one);
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
  const provider = through(one);
  await assert.rejects(provider.openObject({ ...one.object, storageClass: 'GLACIER' }), coded('archived-tier'));
  one.proxy.inject({ kind: 'status', status: 403, code: 'InvalidObjectState' });
  await assert.rejects(readThrough(provider, one.object), coded('archived-tier'));
});

serverTest(faulty, 'a read ends with its signal, also in the middle of a silent body', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
  const stop = new AbortController();
  const source = await provider.openObject(one.object, stop.signal);
  await assert.rejects(async () => {
    for await (const chunk of source.stream()) if (chunk.length > 0) stop.abort();
  }, coded('cancelled'));
});

serverTest(faulty, 'closing the object ends a read that waits', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
  const source = await provider.openObject(one.object);
  const reading = gather(source.stream());
  await assert.rejects(
    Promise.all([reading, waitFor(() => provider.counters.bytes > 0).then(() => source.close())]),
    coded('cancelled'),
  );
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
