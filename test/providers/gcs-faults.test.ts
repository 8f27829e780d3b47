import assert from 'node:assert/strict';
import { after } from 'node:test';
import fc from 'fast-check';
import { isAssayError } from '../../src/errors.ts';
import type { ObjectRef } from '../../src/model/object.ts';
import type { GcsProvider } from '../../src/providers/gcs.ts';
import type { GcsOptions } from '../../src/providers/gcs-options.ts';
import { type FakeGcs, startFakeGcs } from '../servers/fake-gcs.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import { optional, type StopHandle, serverTest } from '../servers/server-process.ts';
import { coded, collect, gather, keysOf, list, only } from './contract.ts';
import { gcsProvider, newGcsBucket } from './gcs-harness.ts';

const BODY = Buffer.from(Array.from({ length: 200_000 }, (_unused, at) => (at * 131 + (at >> 7)) & 0xff));

interface Faulty extends StopHandle {
  server: FakeGcs;
  proxy: FaultProxy;
  object: ObjectRef;
}

async function startFaulty(): Promise<Faulty> {
  const server = await startFakeGcs();
  const proxy = await startFaultProxy(server.endpoint);
  const bucket = await newGcsBucket(server);
  await server.put(bucket.name, 'object', BODY);
  const object = await only({ provider: gcsProvider(server.endpoint), bucket });
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
function through({ proxy }: Faulty, options: GcsOptions = {}): GcsProvider {
  proxy.clear();
  return gcsProvider(proxy.endpoint, options);
}

async function readThrough(provider: GcsProvider, object: ObjectRef): Promise<Buffer> {
  const source = await provider.openObject(object);
  try {
    return await collect(source.stream());
  } finally {
    await source.close();
  }
}

const isMedia = ({ url }: SeenRequest) => url.includes('alt=media');
const isSecondPage = ({ url }: SeenRequest) => url.includes('pageToken=');

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

serverTest(
  faulty,
  'every range is asked for by the listed generation, and a resumed one from the next byte',
  async (one) => {
    const provider = through(one, { rangeBytes: 150_000 });
    one.proxy.inject({ kind: 'truncate', afterBytes: 1000 });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    assert.deepEqual(
      one.proxy.seen.map(({ headers }) => headers.range),
      ['bytes=0-149999', 'bytes=1000-150999', 'bytes=151000-199999'],
    );
    for (const { url, headers } of one.proxy.seen) {
      assert.ok(url.includes(`generation=${one.object.version}`));
      assert.equal(headers['accept-encoding'], 'gzip');
      assert.equal(headers.authorization, undefined);
    }
    assert.deepEqual(provider.counters, { requests: 3, retries: 1, bytes: BODY.length });
  },
);

serverTest(faulty, 'a body that falls silent is broken off and resumed, a bounded number of times', async (one) => {
  const provider = through(one, { idleTimeoutMs: 50 });
  one.proxy.inject({ kind: 'stall', afterBytes: 12_345 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
  assert.ok(provider.counters.retries >= 1);
  const impatient = through(one, { idleTimeoutMs: 30, maxRetries: 2 });
  one.proxy.inject({ kind: 'stall', afterBytes: 0, times: 10 });
  await assert.rejects(readThrough(impatient, one.object), coded('timeout'));
  assert.equal(one.proxy.seen.length, 3);
});

serverTest(faulty, 'a trickle of bytes between breaks does not retry for ever', async (one) => {
  const provider = through(one, { maxRetries: 3 });
  one.proxy.inject({ kind: 'truncate', afterBytes: 10, times: 1000 });
  await assert.rejects(readThrough(provider, one.object), coded('network'));
  assert.equal(one.proxy.seen.length, 4);
});

serverTest(faulty, 'a body that is whole but shorter than asked for is not believed', async (one) => {
  const provider = through(one, { maxRetries: 3 });
  one.proxy.inject({ kind: 'short', afterBytes: 500 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
});

serverTest(faulty, 'a store that asks to slow down is asked again, less at a time', async (one) => {
  for (const status of [429, 503]) {
    const provider = through(one);
    one.proxy.inject({ kind: 'status', status, code: 'slowDown', times: 3 });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    assert.equal(provider.counters.retries, 3);
    assert.equal(provider.limitOf(one.object.bucket), 32);
  }
});

serverTest(faulty, 'a store that refuses for good ends as an error that names call, bucket and code', async (one) => {
  const provider = through(one, { maxRetries: 2 });
  one.proxy.inject({ kind: 'status', status: 503, code: 'slowDown', times: 100 });
  await assert.rejects(readThrough(provider, one.object), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'network');
    const start = `^storage\\.objects\\.get on an object of gs://${one.object.bucket.name}: .*HTTP 503`;
    assert.match(error.message, new RegExp(start));
    return true;
  });
});

serverTest(faulty, 'an object overwritten between two ranges is never mixed', async (one) => {
  const provider = through(one, { rangeBytes: 100_000 });
  const bucket = await newGcsBucket(one.server);
  await one.server.put(bucket.name, 'changes', BODY);
  const object = await only({ provider, bucket });
  one.proxy.clear();
  one.proxy.inject({
    kind: 'before',
    when: ({ headers }) => headers.range === 'bytes=100000-199999',
    run: () => one.server.put(bucket.name, 'changes', Buffer.alloc(BODY.length, 'x')),
  });
  const source = await provider.openObject(object);
  const chunks: Buffer[] = [];
  await assert.rejects(async () => {
    for await (const chunk of source.stream()) chunks.push(chunk);
  }, coded('object-changed'));
  assert.ok(Buffer.concat(chunks).equals(BODY.subarray(0, 100_000)));
});

serverTest(faulty, 'an answer of another generation, length or place than asked for is not believed', async (one) => {
  for (const [name, value, code] of [
    ['x-goog-generation', '1', 'object-changed'],
    ['content-range', `bytes 0-199999/${BODY.length + 1}`, 'object-changed'],
    ['content-range', `bytes 7-199999/${BODY.length}`, 'network'],
    ['x-goog-stored-content-encoding', 'gzip', 'network'],
    ['content-encoding', 'gzip', 'network'],
  ] as const) {
    const provider = through(one);
    one.proxy.inject({ kind: 'header', name, value });
    await assert.rejects(readThrough(provider, one.object), coded(code), name);
  }
});

serverTest(faulty, 'a listing whose page fails twice still gives every object', async (one) => {
  const provider = through(one, { pageSize: 2 });
  const bucket = await newGcsBucket(one.server);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) await one.server.put(bucket.name, key, key);
  one.proxy.inject({ kind: 'status', status: 500, code: 'backendError', when: isSecondPage });
  one.proxy.inject({ kind: 'truncate', afterBytes: 20, when: isSecondPage });
  assert.deepEqual(keysOf(await list({ provider, bucket })), keys);
  assert.equal(provider.counters.retries, 2);
});

serverTest(faulty, 'a listing whose second page fails for good throws after its first', async (one) => {
  const provider = through(one, { pageSize: 2, maxRetries: 1 });
  const bucket = await newGcsBucket(one.server);
  for (const key of ['a', 'b', 'c']) await one.server.put(bucket.name, key, key);
  one.proxy.inject({ kind: 'status', status: 503, code: 'slowDown', when: isSecondPage, times: 100 });
  const pages: string[][] = [];
  await assert.rejects(async () => {
    for await (const { objects } of provider.listObjects({ text: '', bucket, prefix: '' }, null)) {
      pages.push(keysOf(objects));
    }
  }, coded('listing-failed'));
  assert.deepEqual(pages, [['a', 'b']]);
});

serverTest(faulty, 'a read ends with its signal, also in the middle of a silent body', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'stall', afterBytes: 1000, when: isMedia });
  const stop = new AbortController();
  const source = await provider.openObject(one.object, stop.signal);
  await assert.rejects(async () => {
    for await (const chunk of source.stream()) if (chunk.length > 0) stop.abort();
  }, coded('cancelled'));
});

serverTest(faulty, 'closing the object or the provider ends a read that waits', async (one) => {
  for (const what of ['object', 'provider'] as const) {
    const provider = through(one);
    one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
    const source = await provider.openObject(one.object);
    const reading = gather(source.stream());
    const close = () => (what === 'object' ? source.close() : provider.close());
    const closing = waitFor(() => provider.counters.bytes > 0).then(close);
    await assert.rejects(Promise.all([reading, closing]), coded('cancelled'));
  }
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
