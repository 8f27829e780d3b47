import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createRandom } from '../../detectors/sample.ts';
import { put } from '../providers/s3-harness.ts';
import type { Fault } from '../servers/fault-proxy.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { type Facts, factsOf, isListing, isRead, keyOf, reads, type S3Run, startS3Run } from './s3-run.ts';

const OBJECTS = 60;
const run = await optional(startS3Run);
after(() => run.server?.stop());

/** The scan without faults that all others are held against, and the requests it took. */
async function undisturbed(one: S3Run) {
  const { bucket, bytes } = await one.fill(OBJECTS);
  one.proxy.clear();
  const { facts } = await one.scan(bucket);
  assert.equal(Object.keys(facts).length, OBJECTS);
  for (const { outcome, found } of Object.values(facts)) assert.deepEqual([outcome, found.length], ['complete', 1]);
  const requests = one.proxy.seen.length;
  one.proxy.clear();
  return { bucket, bytes, facts, requests };
}

serverTest(run, 'a store that refuses three requests in ten loses nothing, and is asked little more', async (one) => {
  const { bucket, facts, requests } = await undisturbed(one);
  const random = createRandom('slow down');
  const when: Fault['when'] = (request) => (isRead(request) || isListing(request)) && random.int(10) < 3;
  one.proxy.inject({ kind: 'status', status: 503, code: 'SlowDown', when, times: Number.POSITIVE_INFINITY });
  assert.deepEqual((await one.scan(bucket)).facts, facts);
  const { length } = one.proxy.seen;
  assert.ok(length > requests && length <= 1.6 * requests, `${length} requests, ${requests} without faults`);
});

serverTest(
  run,
  'connections reset anywhere in half of all bodies lose nothing, and little is read twice',
  async (one) => {
    const { bucket, bytes, facts } = await undisturbed(one);
    const random = createRandom('reset');
    const when: Fault['when'] = (request) => isRead(request) && random.int(2) === 0;
    for (let n = 0; n < 1000; n++) {
      one.proxy.inject({ kind: n % 2 === 0 ? 'reset' : 'truncate', afterBytes: random.int(32 * 1024), when });
    }
    assert.deepEqual((await one.scan(bucket, { maxRetries: 20 })).facts, facts);
    assert.ok(one.proxy.bodyBytes() <= 1.1 * bytes, `${one.proxy.bodyBytes()} bytes sent, ${bytes} stored`);
  },
);

serverTest(run, 'bodies that fall silent are broken off and resumed, and no socket is left behind', async (one) => {
  const { bucket, facts } = await undisturbed(one);
  const random = createRandom('stall');
  const when: Fault['when'] = (request) => isRead(request) && random.int(20) === 0;
  for (let n = 0; n < 20; n++) one.proxy.inject({ kind: 'stall', afterBytes: random.int(32 * 1024), when });
  assert.deepEqual((await one.scan(bucket, { idleTimeoutMs: 500 })).facts, facts);
  while ((await one.proxy.connections()) > 0) await new Promise(setImmediate);
});

/** What is done to one object each time it is read, and the outcome that must say so. */
const BROKEN: [fault: Fault, outcome: string][] = [
  [{ kind: 'status', status: 403, code: 'AccessDenied' }, 'failed:access-denied'],
  [{ kind: 'status', status: 400, code: 'ExpiredToken' }, 'failed:access-denied'],
  [{ kind: 'status', status: 403, code: 'RequestTimeTooSkewed' }, 'failed:access-denied'],
  [{ kind: 'status', status: 403, code: 'InvalidObjectState' }, 'skipped:archived-tier'],
  [{ kind: 'status', status: 400, code: 'KMS.DisabledException' }, 'skipped:encrypted'],
  [
    {
      kind: 'status',
      status: 400,
      code: 'InvalidRequest',
      message: 'The object was stored using a form of Server Side Encryption.',
    },
    'skipped:encrypted',
  ],
  [{ kind: 'status', status: 404, code: 'NoSuchKey' }, 'failed:not-found'],
  [{ kind: 'status', status: 412, code: 'PreconditionFailed' }, 'failed:object-changed'],
  [{ kind: 'status', status: 400, code: 'KeyTooLongError' }, 'failed:unaddressable-key'],
  [{ kind: 'status', status: 503, code: 'SlowDown' }, 'failed:network'],
  [{ kind: 'status', status: 500, code: 'InternalError' }, 'failed:network'],
  [{ kind: 'reset', afterBytes: 100 }, 'failed:network'],
  [{ kind: 'truncate', afterBytes: 100 }, 'failed:network'],
  [{ kind: 'short', afterBytes: 100 }, 'failed:network'],
  [{ kind: 'stall', afterBytes: 100 }, 'failed:timeout'],
  [{ kind: 'header', name: 'etag', value: '"0123456789abcdef0123456789abcdef"' }, 'failed:object-changed'],
  [{ kind: 'header', name: 'content-range', value: 'bytes 0-99/100' }, 'failed:object-changed'],
];

serverTest(
  run,
  'an object that cannot be read ends in the outcome that says why, costs no other, and is whole in the next scan',
  async (one) => {
    const { bucket, facts } = await undisturbed(one);
    const expected: Facts = { ...facts };
    for (const [n, [fault, outcome]] of BROKEN.entries()) {
      one.proxy.inject({ ...fault, when: reads(keyOf(n)), times: Number.POSITIVE_INFINITY });
      expected[keyOf(n)] = { outcome, reused: false, found: [] };
    }
    const broken = await one.scan(bucket, { maxRetries: 2, idleTimeoutMs: 500 });
    assert.deepEqual(broken.facts, expected);
    const { outcomes, listed, done } = await one.ledger.counters(broken.scanId);
    assert.equal(outcomes.complete?.objects, OBJECTS - BROKEN.length);
    assert.equal(done.objects, listed.objects);

    one.proxy.clear();
    const { facts: next } = await one.scan(bucket, {}, { rescan: false });
    for (const [key, { outcome, reused, found }] of Object.entries(next)) {
      assert.deepEqual({ outcome, found }, { outcome: 'complete', found: facts[key]?.found }, key);
      // Its results come from the ledger and are read from the store just once more where there were none.
      assert.ok(reused || one.proxy.seen.some(reads(key)), key);
    }
    assert.ok(!one.proxy.seen.some(reads(keyOf(OBJECTS - 1))), 'what was read whole is not read again');
  },
);

serverTest(run, 'an object overwritten while it is read has no findings of two versions', async (one) => {
  const { bucket, facts } = await undisturbed(one);
  const key = keyOf(3);
  const body = 'only words, again and again\n'.repeat(5000);
  await put(one.server.client, bucket, key, body);
  one.proxy.inject({
    kind: 'before',
    when: (request) => reads(key)(request) && request.headers.range?.startsWith('bytes=32768-') === true,
    run: () => put(one.server.client, bucket, key, body.toUpperCase()),
  });
  const { facts: changed } = await one.scan(bucket);
  assert.deepEqual(changed, { ...facts, [key]: { outcome: 'failed:object-changed', reused: false, found: [] } });
  one.proxy.clear();
  const { facts: next } = await one.scan(bucket, {}, { rescan: false });
  assert.deepEqual(next[key], { outcome: 'complete', reused: false, found: [] });
});

serverTest(
  run,
  'a listing that breaks is told, keeps what it has listed, and is whole in the next scan',
  async (one) => {
    const { bucket, facts } = await undisturbed(one);
    one.proxy.inject({
      kind: 'status',
      status: 503,
      code: 'SlowDown',
      when: (request) => isListing(request) && request.url.includes('continuation-token'),
      times: Number.POSITIVE_INFINITY,
    });
    const broken = await one.scan(bucket, { pageSize: 20, maxRetries: 1 });
    assert.deepEqual(Object.keys(broken.facts), Object.keys(facts).slice(0, 20));
    const { complete, error } = await one.ledger.listing(broken.scanId, 0);
    assert.deepEqual([complete, error?.code], [false, 'listing-failed']);
    assert.equal((await one.ledger.counters(broken.scanId)).listingComplete, false);
    one.proxy.clear();
    const { scanId } = await one.scan(bucket, { pageSize: 20 });
    assert.deepEqual(await factsOf(one.ledger, scanId), facts);
  },
);
