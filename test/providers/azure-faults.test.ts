import assert from 'node:assert/strict';
import { after } from 'node:test';
import fc from 'fast-check';
import { isAssayError } from '../../src/errors.ts';
import type { ObjectRef } from '../../src/model/object.ts';
import type { AzureProvider } from '../../src/providers/azure.ts';
import type { AzureOptions } from '../../src/providers/azure-options.ts';
import { type Azurite, startAzurite } from '../servers/azurite.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import { optional, type StopHandle, serverTest } from '../servers/server-process.ts';
import { azureProvider, newContainer, put } from './azure-harness.ts';
import { coded, collect, gather, keysOf, list, only } from './contract.ts';

const BODY = Buffer.from(Array.from({ length: 200_000 }, (_unused, at) => (at * 131 + (at >> 7)) & 0xff));

interface Faulty extends StopHandle {
  server: Azurite;
  proxy: FaultProxy;
  object: ObjectRef;
}

async function startFaulty(): Promise<Faulty> {
  const server = await startAzurite();
  const proxy = await startFaultProxy(new URL(server.endpoint).origin);
  const one = await newContainer(server);
  await put(server, one, 'object', BODY);
  const object = await only({ provider: azureProvider(server), bucket: one.bucket });
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
function through({ server, proxy }: Faulty, options: AzureOptions = {}): AzureProvider {
  proxy.clear();
  return azureProvider(server, { endpoint: `${proxy.endpoint}/${server.account}`, ...options });
}

async function readThrough(provider: AzureProvider, object: ObjectRef): Promise<Buffer> {
  const source = await provider.openObject(object);
  try {
    return await collect(source.stream());
  } finally {
    await source.close();
  }
}

const rangesOf = (seen: readonly SeenRequest[]) => seen.map(({ headers }) => headers['x-ms-range']);
const isSecondPage = ({ url }: SeenRequest) => url.includes('comp=list') && url.includes('marker=');

serverTest(faulty, 'a blob body reset or cut at any bytes is resumed where it broke', async (one) => {
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
  'every range of a blob is asked for by the listed ETag, and a resumed one from the next byte',
  async (one) => {
    const provider = through(one, { rangeBytes: 150_000 });
    one.proxy.inject({ kind: 'truncate', afterBytes: 1000 });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    assert.deepEqual(rangesOf(one.proxy.seen), ['bytes=0-149999', 'bytes=1000-150999', 'bytes=151000-199999']);
    for (const { headers } of one.proxy.seen) assert.equal(headers['if-match'], `"${one.object.version}"`);
    assert.deepEqual(provider.counters, { requests: 3, retries: 1, bytes: BODY.length });
  },
);

serverTest(faulty, 'a blob body that falls silent is broken off and resumed', async (one) => {
  const provider = through(one, { idleTimeoutMs: 100 });
  one.proxy.inject({ kind: 'stall', afterBytes: 12_345 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
  assert.ok(provider.counters.retries >= 1);
});

serverTest(faulty, 'a blob body that stays silent ends as a timeout after its tries', async (one) => {
  const provider = through(one, { idleTimeoutMs: 50, maxRetries: 2 });
  one.proxy.inject({ kind: 'stall', afterBytes: 0, times: 10 });
  await assert.rejects(readThrough(provider, one.object), coded('timeout'));
  assert.equal(one.proxy.seen.length, 3);
});

serverTest(faulty, 'a trickle of bytes of a blob between breaks does not retry for ever', async (one) => {
  const provider = through(one, { maxRetries: 3 });
  one.proxy.inject({ kind: 'truncate', afterBytes: 10, times: 1000 });
  await assert.rejects(readThrough(provider, one.object), coded('network'));
  assert.equal(one.proxy.seen.length, 4);
});

serverTest(faulty, 'a blob body that is whole but shorter than asked for is resumed', async (one) => {
  const provider = through(one, { maxRetries: 3 });
  one.proxy.inject({ kind: 'short', afterBytes: 500 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
});

serverTest(faulty, 'a busy blob service is asked again, less at a time', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'status', status: 503, code: 'ServerBusy', times: 3 });
  assert.ok((await readThrough(provider, one.object)).equals(BODY));
  assert.equal(provider.counters.retries, 3);
  assert.equal(one.proxy.seen.length, 4);
  assert.equal(provider.limitOf(one.object.bucket), 32);
});

serverTest(
  faulty,
  'a blob service that stays busy ends as an error that names call, container and code',
  async (one) => {
    const provider = through(one, { maxRetries: 2 });
    one.proxy.inject({ kind: 'status', status: 503, code: 'ServerBusy', times: 100 });
    await assert.rejects(readThrough(provider, one.object), (error) => {
      assert.ok(isAssayError(error));
      assert.equal(error.code, 'network');
      assert.ok(error.message.startsWith(`az:GetBlob on an object of ${one.object.bucket.uri}: `), error.message);
      assert.match(error.message, /\(ServerBusy, HTTP 503\)$/);
      return true;
    });
  },
);

serverTest(faulty, 'a blob overwritten between two ranges is never mixed', async (one) => {
  const provider = through(one, { rangeBytes: 100_000 });
  const container = await newContainer(one.server);
  await put(one.server, container, 'changes', BODY);
  const object = await only({ provider, bucket: container.bucket });
  one.proxy.clear();
  one.proxy.inject({
    kind: 'before',
    when: ({ headers }) => headers['x-ms-range'] === 'bytes=100000-199999',
    run: () => put(one.server, container, 'changes', Buffer.alloc(BODY.length, 'x')),
  });
  const source = await provider.openObject(object);
  const chunks: Buffer[] = [];
  await assert.rejects(async () => {
    for await (const chunk of source.stream()) chunks.push(chunk);
  }, coded('object-changed'));
  assert.ok(Buffer.concat(chunks).equals(BODY.subarray(0, 100_000)));
});

serverTest(faulty, 'an answer of another ETag, length or place than asked for is not believed', async (one) => {
  for (const [name, value, code] of [
    ['etag', '"0x000000000000000"', 'object-changed'],
    ['content-range', `bytes 0-199999/${BODY.length + 1}`, 'object-changed'],
    ['content-range', `bytes 100-199999/${BODY.length}`, 'network'],
  ] as const) {
    const provider = through(one);
    one.proxy.inject({ kind: 'header', name, value });
    await assert.rejects(readThrough(provider, one.object), coded(code));
  }
});

serverTest(
  faulty,
  'once the store names a version, the rest is read from it, and by ETag where versions are refused',
  async (one) => {
    const provider = through(one, { rangeBytes: 100_000 });
    const version = '2026-01-02T03:04:05.0000000Z';
    const isVersion = ({ url }: SeenRequest) => url.includes('versionid=');
    one.proxy.inject({ kind: 'header', name: 'x-ms-version-id', value: version, when: (seen) => !isVersion(seen) });
    one.proxy.inject({ kind: 'status', status: 403, code: 'AuthorizationPermissionMismatch', when: isVersion });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    const asked = one.proxy.seen.map(({ url }) => new URL(url, 'http://store.invalid').searchParams.get('versionid'));
    assert.deepEqual(asked, [null, version, null]);
    assert.deepEqual(provider.counters, { requests: 3, retries: 0, bytes: BODY.length });
  },
);

serverTest(faulty, 'a listing of blobs whose page fails twice still gives every object', async (one) => {
  const provider = through(one, { pageSize: 2 });
  const container = await newContainer(one.server);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) await put(one.server, container, key, key);
  one.proxy.inject({ kind: 'status', status: 500, code: 'OperationTimedOut', when: isSecondPage });
  one.proxy.inject({ kind: 'truncate', afterBytes: 100, when: isSecondPage });
  assert.deepEqual(keysOf(await list({ provider, bucket: container.bucket })), keys);
});

serverTest(faulty, 'a listing of blobs whose second page fails for good throws after its first', async (one) => {
  const provider = through(one, { pageSize: 2, maxRetries: 1 });
  const container = await newContainer(one.server);
  for (const key of ['a', 'b', 'c']) await put(one.server, container, key, key);
  one.proxy.inject({ kind: 'status', status: 503, code: 'ServerBusy', when: isSecondPage, times: 100 });
  const pages: string[][] = [];
  await assert.rejects(async () => {
    const target = { text: '', bucket: container.bucket, prefix: '' };
    for await (const { objects } of provider.listObjects(target, null)) pages.push(keysOf(objects));
  }, coded('listing-failed'));
  assert.deepEqual(pages, [['a', 'b']]);
});

serverTest(faulty, 'a blob that is archived after it was listed is told as such', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'status', status: 409, code: 'BlobArchived' });
  await assert.rejects(readThrough(provider, one.object), coded('archived-tier'));
});

serverTest(faulty, 'a blob under a key of the customer is told as encrypted', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'status', status: 409, code: 'BlobUsesCustomerSpecifiedEncryption' });
  await assert.rejects(readThrough(provider, one.object), coded('encrypted'));
});

serverTest(faulty, 'a read of a blob ends with its signal, also in the middle of a silent body', async (one) => {
  const provider = through(one);
  one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
  const stop = new AbortController();
  const source = await provider.openObject(one.object, stop.signal);
  await assert.rejects(async () => {
    for await (const chunk of source.stream()) if (chunk.length > 0) stop.abort();
  }, coded('cancelled'));
});

serverTest(faulty, 'closing the blob, or the provider, ends a read that waits', async (one) => {
  for (const isProvider of [false, true]) {
    const provider = through(one);
    one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
    const source = await provider.openObject(one.object);
    const reading = gather(source.stream());
    const closing = async () => {
      while (provider.counters.bytes === 0) await new Promise(setImmediate);
      await (isProvider ? provider : source).close();
    };
    await assert.rejects(Promise.all([reading, closing()]), coded('cancelled'));
  }
});
