import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { isAssayError } from '../../src/errors.ts';
import type { BucketRef, ObjectRef, Target } from '../../src/model/object.ts';
import type { ListingPage, Provider } from '../../src/providers/provider.ts';

/** One fresh bucket of a provider under test. */
export interface ContractBucket {
  provider: Provider;
  bucket: BucketRef;
  /** A bucket of this provider that does not exist. */
  missing: BucketRef;
  put(key: string, bytes: Buffer): Promise<void>;
  remove(key: string): Promise<void>;
  /** Keys this storage can hold, hostile ones among them. */
  keys: string[];
  /** More objects than one page has. */
  pageOverflow: number;
}

/** Keys that have broken scanners. Each storage says which of them it can hold at all. */
export const HOSTILE_KEYS = [
  'plain.txt',
  'line\nbreak.txt',
  'carriage\rreturn',
  'tab\there',
  'right\u202Eto left.txt',
  'emoji😀.txt',
  'a b+c.txt',
  'percent%20twenty',
  'a&amp;<b>"c\'',
  'question?mark#hash',
  '__proto__',
  'constructor',
  ' leading space',
  'trailing space ',
  'separator\u2028',
  'order-first',
  'order.second',
  'order/third',
  'order0fourth',
  'é',
  '\u{FFFD}-is-what-it-says',
  'zero',
  `${'deep/'.repeat(100)}end`,
  `${'long/'.repeat(4)}${Array.from({ length: 4 }, () => 'n'.repeat(249)).join('/')}wxyz`,
];

export type ContractCase = (make: () => Promise<ContractBucket>, t: TestContext) => Promise<void>;

/** What every provider must do, by title. */
export const CONTRACT: Readonly<Record<string, ContractCase>> = {
  'lists every object once, in ascending order of UTF-8 bytes': async (make) => {
    const one = await make();
    for (const key of shuffled(one.keys)) await one.put(key, bodyOf(key));
    const objects = await list(one);
    assert.deepEqual(keysOf(objects), [...one.keys].sort(byUtf8));
    for (const object of objects) {
      assert.equal(object.byteLength, bodyOf(object.key).length);
      assert.notEqual(object.version, '');
      assert.match(object.lastModified, /^\d{4}-\d\d-\d\dT/);
    }
  },

  'reads each object under a hostile key as that object': async (make) => {
    const one = await make();
    for (const key of one.keys) await one.put(key, bodyOf(key));
    const bodies = await Promise.all((await list(one)).map(async (object) => [object.key, await readAll(one, object)]));
    assert.deepEqual(
      new Map(bodies as [string, string][]),
      new Map(one.keys.map((key) => [key, bodyOf(key).toString()])),
    );
  },

  'continues a listing after any page': async (make) => {
    const one = await make();
    const names = Array.from({ length: one.pageOverflow }, (_unused, at) => `set/${String(at).padStart(5, '0')}`);
    for (let at = 0; at < names.length; at += 100) {
      await Promise.all(names.slice(at, at + 100).map((name) => one.put(name, Buffer.from('x'))));
    }
    const pages = await listPages(one);
    assert.ok(pages.length > 1);
    assert.deepEqual(
      pages.flatMap(({ objects }) => keysOf(objects)),
      names,
    );
    for (const [at, { cursor }] of pages.entries()) {
      assert.equal(cursor === null, at === pages.length - 1);
      if (cursor === null) continue;
      const rest = pages.slice(at + 1).flatMap(({ objects }) => keysOf(objects));
      assert.deepEqual(keysOf((await listPages(one, {}, cursor)).flatMap(({ objects }) => objects)), rest);
    }
  },

  'keeps a listing to its prefix and its glob': async (make) => {
    const one = await make();
    for (const key of ['a/1.txt', 'a/2.csv', 'a/sub/3.txt', 'ab', 'b/.4.txt']) await one.put(key, bodyOf(key));
    assert.deepEqual(keysOf(await list(one, { prefix: 'a/' })), ['a/1.txt', 'a/2.csv', 'a/sub/3.txt']);
    assert.deepEqual(keysOf(await list(one, { prefix: 'a' })), ['a/1.txt', 'a/2.csv', 'a/sub/3.txt', 'ab']);
    assert.deepEqual(keysOf(await list(one, { prefix: 'none' })), []);
    assert.deepEqual(keysOf(await list(one, { glob: 'a/*.txt' })), ['a/1.txt']);
    assert.deepEqual(keysOf(await list(one, { glob: '**/*.txt' })), ['a/1.txt', 'a/sub/3.txt', 'b/.4.txt']);
  },

  'gives exactly the bytes of any range, streamed or at once': async (make) => {
    const one = await make();
    const body = Buffer.from(Array.from({ length: 300_000 }, (_unused, at) => (at * 31 + (at >> 8)) & 0xff));
    await one.put('ranges', body);
    const object = await only(one);
    const source = await one.provider.openObject(object);
    const range = fc.tuple(fc.nat(body.length), fc.nat(body.length)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    await fc.assert(
      fc.asyncProperty(range, async ([start = 0, end = 0]) => {
        assert.ok((await source.read(start, end)).equals(body.subarray(start, end)));
        assert.ok((await collect(source.stream(start, end))).equals(body.subarray(start, end)));
      }),
      { numRuns: 15 },
    );
    assert.ok((await collect(source.stream())).equals(body));
    await assert.rejects(source.read(0, body.length + 1), RangeError);
    await source.verify();
    await source.close();
  },

  'gives no bytes of an empty object': async (make) => {
    const one = await make();
    await one.put('empty', Buffer.alloc(0));
    assert.equal(await readAll(one, await only(one)), '');
  },

  'stays usable when many streams are left early': async (make) => {
    const one = await make();
    await one.put('big', Buffer.alloc(2_000_000, 'b'));
    const object = await only(one);
    for (let round = 0; round < 100; round += 1) {
      const source = await one.provider.openObject(object);
      for await (const chunk of source.stream()) {
        assert.ok(chunk.length > 0);
        break;
      }
      await source.close();
    }
    assert.equal((await readAll(one, object)).length, 2_000_000);
  },

  'refuses to read another version than the one listed': async (make) => {
    const one = await make();
    await one.put('changes', Buffer.from('first version'));
    const object = await only(one);
    await one.put('changes', Buffer.from('other version'));
    await assert.rejects(readAll(one, object), coded('object-changed'));
  },

  'says that an object is gone': async (make) => {
    const one = await make();
    await one.put('goes', Buffer.from('x'));
    const object = await only(one);
    await one.remove('goes');
    await assert.rejects(readAll(one, object), coded('not-found'));
  },

  'refuses a key that cannot be addressed': async (make) => {
    const one = await make();
    await one.put('\u{FFFD}', Buffer.from('not this one'));
    const object = await only(one);
    await assert.rejects(readAll(one, { ...object, key: 'lone\uD800surrogate' }), coded('unaddressable-key'));
  },

  'throws for a bucket that is not there instead of listing nothing': async (make) => {
    const one = await make();
    await assert.rejects(list({ ...one, bucket: one.missing }), (error) => {
      assert.ok(isAssayError(error));
      assert.ok(['bucket-not-found', 'not-found'].includes(error.code));
      assert.ok(error.message.includes(one.missing.name));
      return true;
    });
  },

  'stops a listing that was cancelled': async (make) => {
    const one = await make();
    await one.put('a', Buffer.from('x'));
    const target = { text: 't', bucket: one.bucket, prefix: '' };
    await assert.rejects(async () => {
      for await (const page of one.provider.listObjects(target, null, AbortSignal.abort()))
        assert.fail(`page ${page.cursor}`);
    }, coded('cancelled'));
  },
};

type Listing = Pick<ContractBucket, 'provider' | 'bucket'>;

export async function listPages(
  one: Listing,
  part: Partial<Target> = {},
  cursor: string | null = null,
): Promise<ListingPage[]> {
  const target = { text: one.bucket.uri, bucket: one.bucket, prefix: '', ...part };
  return gather(one.provider.listObjects(target, cursor));
}

export async function list(one: Listing, part: Partial<Target> = {}): Promise<ObjectRef[]> {
  return (await listPages(one, part)).flatMap(({ objects }) => objects);
}

export async function only(one: Listing): Promise<ObjectRef> {
  const [object, ...rest] = await list(one);
  assert.ok(object !== undefined);
  assert.deepEqual(rest, []);
  return object;
}

export async function readAll({ provider }: { provider: Provider }, object: ObjectRef): Promise<string> {
  const source = await provider.openObject(object);
  try {
    const bytes = await collect(source.stream());
    await source.verify();
    return bytes.toString();
  } finally {
    await source.close();
  }
}

export async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await gather(chunks));
}

export async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function coded(code: string): (error: unknown) => true {
  return (error) => {
    assert.ok(isAssayError(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

export function keysOf(objects: ObjectRef[]): string[] {
  return objects.map(({ key }) => key);
}

function bodyOf(key: string): Buffer {
  return Buffer.from(key === 'zero' || key.endsWith('/') ? '' : `body of ${key}`);
}

function byUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function shuffled(keys: string[]): string[] {
  return keys.toSorted((left, right) => left.length * 7 - right.length * 7 || (left < right ? 1 : -1));
}
