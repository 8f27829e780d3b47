import assert from 'node:assert/strict';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type FakeGcs, startFakeGcs } from '../servers/fake-gcs.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { CONTRACT, type ContractBucket, coded, HOSTILE_KEYS, keysOf, list, only, readAll } from './contract.ts';
import { gcsBucket, gcsProvider, newGcsBucket } from './gcs-harness.ts';

const fake = await optional(startFakeGcs);
after(() => fake.server?.stop());

async function makeBucket(server: FakeGcs): Promise<ContractBucket> {
  const bucket = await newGcsBucket(server);
  return {
    provider: gcsProvider(server.endpoint, { pageSize: 3, rangeBytes: 100_000 }),
    bucket,
    missing: gcsBucket('no-such-bucket'),
    put: (key, bytes) => server.put(bucket.name, key, bytes),
    remove: (key) => server.remove(bucket.name, key),
    keys: [...HOSTILE_KEYS, 'marker/', 'marker/file'],
    pageOverflow: 7,
  };
}

for (const [title, run] of Object.entries(CONTRACT)) {
  serverTest(fake, `fake-gcs-server ${title}`, (server, t) => run(() => makeBucket(server), t));
}

serverTest(fake, 'names that look like steps in a path are read as they are, or not at all', async (server) => {
  const bucket = await newGcsBucket(server);
  const provider = gcsProvider(server.endpoint);
  const keys = [
    'a/../b',
    'b',
    './x',
    'x',
    '../y',
    'y',
    'a/./b',
    'a//b',
    'a/b',
    '/b',
    'a/..',
    'a\\b',
    '%2e%2e/b',
    '...',
  ];
  for (const key of keys) await server.put(bucket.name, key, `body of ${key}`);
  const objects = await list({ provider, bucket });
  assert.equal(objects.length, keys.length);
  for (const object of objects) assert.equal(await readAll({ provider }, object), `body of ${object.key}`);
  for (const key of ['.', '..']) {
    await server.put(bucket.name, key, 'steps');
    const object = (await list({ provider, bucket })).find((one) => one.key === key);
    assert.ok(object !== undefined);
    await assert.rejects(readAll({ provider }, object), coded('unaddressable-key'));
  }
});

serverTest(fake, 'an object stored with gzip encoding is read as stored, in ranges too', async (server) => {
  const bucket = await newGcsBucket(server);
  const provider = gcsProvider(server.endpoint, { rangeBytes: 100 });
  const stored = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_unused, at) => (at * 131 + (at >> 7)) & 0xff)));
  await server.put(bucket.name, 'chat.jsonl', stored, 'gzip');
  const object = await only({ provider, bucket });
  assert.equal(object.byteLength, stored.length);
  const source = await provider.openObject(object);
  assert.ok((await source.read(0, stored.length)).equals(stored));
  assert.ok((await source.read(50, 250)).equals(stored.subarray(50, 250)));
});

serverTest(
  fake,
  'an object overwritten while it is read goes on from its own generation where that is kept',
  async (server) => {
    const bucket = await newGcsBucket(server, { versioning: { enabled: true } });
    await server.put(bucket.name, 'key', 'a'.repeat(5000));
    const provider = gcsProvider(server.endpoint, { rangeBytes: 1000 });
    const source = await provider.openObject(await only({ provider, bucket }));
    assert.equal((await source.read(0, 10)).toString(), 'a'.repeat(10));
    await server.put(bucket.name, 'key', 'b'.repeat(5000));
    assert.equal((await source.read(0, 5000)).toString(), 'a'.repeat(5000));
  },
);

serverTest(fake, 'noncurrent generations are listed and read on request only, each pinned', async (server) => {
  const bucket = await newGcsBucket(server, { versioning: { enabled: true } });
  await server.put(bucket.name, 'key', 'first');
  await server.put(bucket.name, 'key', 'second state');
  await server.put(bucket.name, 'deleted', 'gone from listings');
  await server.remove(bucket.name, 'deleted');
  assert.deepEqual(keysOf(await list({ provider: gcsProvider(server.endpoint), bucket })), ['key']);
  const provider = gcsProvider(server.endpoint, { versions: true });
  const objects = await list({ provider, bucket });
  assert.deepEqual(keysOf(objects).sort(), ['deleted', 'key', 'key']);
  assert.equal(new Set(objects.map(({ version }) => version)).size, 3);
  const bodies = await Promise.all(objects.map((object) => readAll({ provider }, object)));
  assert.deepEqual(bodies.sort(), ['first', 'gone from listings', 'second state']);
});
