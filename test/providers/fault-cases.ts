import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAssayError } from '../../src/errors.ts';
import type { BucketRef, ObjectRef } from '../../src/model/object.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { ProviderCounters } from '../../src/providers/s3-options.ts';
import type { StoreOptions } from '../../src/providers/store-calls.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import type { StopHandle } from '../servers/server-process.ts';
import { coded, collect, gather, keysOf, list, only } from './contract.ts';

/** What the object of every case holds. */
export const BODY = Buffer.from(Array.from({ length: 200_000 }, (_unused, at) => (at * 131 + (at >> 7)) & 0xff));

export interface StoreProvider extends Provider {
  readonly counters: Readonly<ProviderCounters>;
  limitOf(bucket: BucketRef): number;
}

/** A store, and what is its own in how it is asked and how it refuses. */
export interface Store<Options extends StoreOptions, One extends StoreProvider> extends StopHandle {
  /** http://127.0.0.1:port */
  origin: string;
  /** By way of the proxy at this origin, or of none. */
  provider(origin: string, options: Options): One;
  newBucket(): Promise<BucketRef>;
  put(bucket: BucketRef, key: string, body: Buffer | string): Promise<void>;
  rangeHeader: string;
  /** Throws unless a request for a range asks for this version of the object. */
  checkPinned(request: SeenRequest, object: ObjectRef): void;
  isSecondPage(request: SeenRequest): boolean;
  /** Answers that ask for less. */
  busy: { status: number; code: string }[];
  /** The word of an answer 500. */
  broken: string;
  /** How the error of a read that stays refused begins and ends, the bucket in between. */
  refusal: { before: string; after: RegExp };
  /** Headers that make an answer to the whole object a wrong one, and the code that follows. */
  wrong: (readonly [name: string, value: string, code: 'object-changed' | 'network'])[];
}

/** A store behind a proxy with faults. */
export interface Faulty<Options extends StoreOptions = StoreOptions, One extends StoreProvider = StoreProvider>
  extends StopHandle {
  store: Store<Options, One>;
  proxy: FaultProxy;
  object: ObjectRef;
  /** A provider behind the proxy, which starts without faults. */
  through(options?: Options): One;
}

export async function startFaulty<Options extends StoreOptions, One extends StoreProvider>(
  store: Store<Options, One>,
): Promise<Faulty<Options, One>> {
  const proxy = await startFaultProxy(store.origin);
  const bucket = await store.newBucket();
  await store.put(bucket, 'object', BODY);
  const object = await only({ provider: store.provider(store.origin, {} as Options), bucket });
  return {
    store,
    proxy,
    object,
    through(options = {} as Options) {
      proxy.clear();
      return store.provider(proxy.endpoint, options);
    },
    async stop() {
      await proxy.stop();
      await store.stop();
    },
  };
}

export async function readThrough(provider: Provider, object: ObjectRef): Promise<Buffer> {
  const source = await provider.openObject(object);
  try {
    return await collect(source.stream());
  } finally {
    await source.close();
  }
}

type Options = StoreOptions & { pageSize?: number };

/** What every store must bear, by title. */
export const FAULT_CASES: Readonly<Record<string, (one: Faulty<Options>) => Promise<void>>> = {
  'a body reset or cut at any bytes is resumed where it broke': async (one) => {
    const cuts = fc.array(
      fc.record({ kind: fc.constantFrom('reset' as const, 'truncate' as const), afterBytes: fc.nat(40_000) }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(cuts, fc.constantFrom(30_000, 70_000, 1_000_000), async (faults, rangeBytes) => {
        const provider = one.through({ rangeBytes });
        for (const fault of faults) one.proxy.inject(fault);
        assert.ok((await readThrough(provider, one.object)).equals(BODY));
        await provider.close();
      }),
      { numRuns: 20 },
    );
  },

  'every range is asked for by the listed version, and a resumed one from the next byte': async (one) => {
    const { store, proxy, object } = one;
    const provider = one.through({ rangeBytes: 150_000 });
    proxy.inject({ kind: 'truncate', afterBytes: 1000 });
    assert.ok((await readThrough(provider, object)).equals(BODY));
    assert.deepEqual(
      proxy.seen.map(({ headers }) => headers[store.rangeHeader]),
      ['bytes=0-149999', 'bytes=1000-150999', 'bytes=151000-199999'],
    );
    for (const request of proxy.seen) store.checkPinned(request, object);
    assert.deepEqual(provider.counters, { requests: 3, retries: 1, bytes: BODY.length });
  },

  'a body that falls silent is broken off and resumed': async (one) => {
    const provider = one.through({ idleTimeoutMs: 100 });
    one.proxy.inject({ kind: 'stall', afterBytes: 12_345 });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    assert.ok(provider.counters.retries >= 1);
  },

  'a body that stays silent ends as a timeout after its tries': async (one) => {
    const provider = one.through({ idleTimeoutMs: 50, maxRetries: 2 });
    one.proxy.inject({ kind: 'stall', afterBytes: 0, times: 10 });
    await assert.rejects(readThrough(provider, one.object), coded('timeout'));
    assert.equal(one.proxy.seen.length, 3);
  },

  'a trickle of bytes between breaks does not retry for ever': async (one) => {
    const provider = one.through({ maxRetries: 3 });
    one.proxy.inject({ kind: 'truncate', afterBytes: 10, times: 1000 });
    await assert.rejects(readThrough(provider, one.object), coded('network'));
    assert.equal(one.proxy.seen.length, 4);
  },

  'a body that is whole but shorter than asked for is resumed, a bounded number of times': async (one) => {
    const provider = one.through({ maxRetries: 3 });
    one.proxy.inject({ kind: 'short', afterBytes: 500 });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    one.proxy.clear();
    one.proxy.inject({ kind: 'short', afterBytes: 500, times: 100 });
    await assert.rejects(readThrough(provider, one.object), coded('network'));
    assert.equal(one.proxy.seen.length, 4);
  },

  'a store that asks to slow down is asked again, less at a time': async (one) => {
    for (const busy of one.store.busy) {
      const provider = one.through();
      one.proxy.inject({ kind: 'status', ...busy, times: 3 });
      assert.ok((await readThrough(provider, one.object)).equals(BODY));
      assert.equal(provider.counters.retries, 3);
      assert.equal(one.proxy.seen.length, 4);
      assert.equal(provider.limitOf(one.object.bucket), 32);
    }
  },

  'a store that refuses for good ends as an error that names call, bucket and code': async (one) => {
    const [busy = assert.fail()] = one.store.busy.slice(-1);
    const { before, after } = one.store.refusal;
    const provider = one.through({ maxRetries: 2 });
    one.proxy.inject({ kind: 'status', ...busy, times: 100 });
    await assert.rejects(readThrough(provider, one.object), (error) => {
      assert.ok(isAssayError(error));
      assert.equal(error.code, 'network');
      assert.ok(error.message.startsWith(`${before} on an object of ${one.object.bucket.uri}: `), error.message);
      assert.match(error.message, after);
      return true;
    });
  },

  'an object overwritten between two ranges is never mixed': async (one) => {
    const { store, proxy } = one;
    const provider = one.through({ rangeBytes: 100_000 });
    const bucket = await store.newBucket();
    await store.put(bucket, 'changes', BODY);
    const object = await only({ provider, bucket });
    proxy.clear();
    proxy.inject({
      kind: 'before',
      when: ({ headers }) => headers[store.rangeHeader] === 'bytes=100000-199999',
      run: () => store.put(bucket, 'changes', Buffer.alloc(BODY.length, 'x')),
    });
    const source = await provider.openObject(object);
    const chunks: Buffer[] = [];
    await assert.rejects(async () => {
      for await (const chunk of source.stream()) chunks.push(chunk);
    }, coded('object-changed'));
    assert.ok(Buffer.concat(chunks).equals(BODY.subarray(0, 100_000)));
  },

  'an answer of another version, length or place than asked for is not believed': async (one) => {
    for (const [name, value, code] of one.store.wrong) {
      const provider = one.through();
      one.proxy.inject({ kind: 'header', name, value });
      await assert.rejects(readThrough(provider, one.object), coded(code), name);
    }
  },

  'a range that is answered from the beginning of the object is not believed': async (one) => {
    const source = await one.through().openObject(one.object);
    one.proxy.inject({ kind: 'header', name: 'content-range', value: `bytes 0-99/${BODY.length}` });
    await assert.rejects(source.read(100, 200), coded('network'));
  },

  'a listing whose page fails twice still gives every object': async (one) => {
    const { store, proxy } = one;
    const provider = one.through({ pageSize: 2 });
    const bucket = await store.newBucket();
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (const key of keys) await store.put(bucket, key, key);
    proxy.inject({ kind: 'status', status: 500, code: store.broken, when: store.isSecondPage });
    proxy.inject({ kind: 'truncate', afterBytes: 20, when: store.isSecondPage });
    assert.deepEqual(keysOf(await list({ provider, bucket })), keys);
    assert.equal(provider.counters.retries, 2);
  },

  'a listing whose second page fails for good throws after its first': async (one) => {
    const { store, proxy } = one;
    const [busy = assert.fail()] = store.busy.slice(-1);
    const provider = one.through({ pageSize: 2, maxRetries: 1 });
    const bucket = await store.newBucket();
    for (const key of ['a', 'b', 'c']) await store.put(bucket, key, key);
    proxy.inject({ kind: 'status', ...busy, when: store.isSecondPage, times: 100 });
    const pages: string[][] = [];
    await assert.rejects(async () => {
      for await (const { objects } of provider.listObjects({ text: '', bucket, prefix: '' }, null)) {
        pages.push(keysOf(objects));
      }
    }, coded('listing-failed'));
    assert.deepEqual(pages, [['a', 'b']]);
  },

  'a read ends with its signal, also in the middle of a silent body': async (one) => {
    const provider = one.through();
    one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
    const stop = new AbortController();
    const source = await provider.openObject(one.object, stop.signal);
    await assert.rejects(async () => {
      for await (const chunk of source.stream()) if (chunk.length > 0) stop.abort();
    }, coded('cancelled'));
  },

  'closing the object or the provider ends a read that waits': async (one) => {
    for (const what of ['object', 'provider'] as const) {
      const provider = one.through();
      one.proxy.inject({ kind: 'stall', afterBytes: 1000 });
      const source = await provider.openObject(one.object);
      const reading = gather(source.stream());
      const closing = async () => {
        while (provider.counters.bytes === 0) await new Promise(setImmediate);
        await (what === 'object' ? source : provider).close();
      };
      await assert.rejects(Promise.all([reading, closing()]), coded('cancelled'), what);
    }
  },

  'closing the provider ends a call that waits for its answer': async (one) => {
    const provider = one.through();
    const asked = Promise.withResolvers<void>();
    one.proxy.inject({
      kind: 'before',
      run: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const reading = readThrough(provider, one.object);
    await assert.rejects(Promise.all([reading, asked.promise.then(() => provider.close())]), coded('cancelled'));
  },
};
