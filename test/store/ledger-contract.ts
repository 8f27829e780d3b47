import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NOTHING_SPENT } from '../../src/model/budget.ts';
import type { S3Evidence } from '../../src/model/exposure.ts';
import type { ObjectScan } from '../../src/model/finding.ts';
import type { ObjectResult, ScanCounters, StoredResult } from '../../src/model/ledger.ts';
import type { BucketRef } from '../../src/model/object.ts';
import type { OpenLedger } from '../../src/store/ledger.ts';
import { Shards } from '../../src/store/shards.ts';
import { cleanScan, listedScan, notableScan, sampleBucket, sampleObject, sampleScan, sampleShard } from './samples.ts';

/** What every ledger does, whatever database it is on. Each case makes its own scans and buckets. */
export const LEDGER_CONTRACT: { title: string; run(ledger: OpenLedger): Promise<void> }[] = [];

function rule(title: string, run: (ledger: OpenLedger) => Promise<void>): void {
  LEDGER_CONTRACT.push({ title, run });
}

async function collect(ledger: OpenLedger, scanId: string): Promise<StoredResult[]> {
  const results: StoredResult[] = [];
  for await (const result of ledger.results(scanId)) results.push(result);
  return results;
}

const HOSTILE_KEYS = [
  '',
  '\n',
  'a\0b',
  'a/../b',
  'dir/',
  'emoji 🦄',
  'rtl \u202e txt.exe',
  '__proto__',
  `long/${'ö'.repeat(2000)}`,
  '\ud800lone',
  '\uffff',
  '𝔘',
];

rule('a scan comes back as it was created, and creating it again changes nothing', async (ledger) => {
  const [one, two] = [sampleBucket(), sampleBucket()];
  const scan = sampleScan([one, two, one], {});
  scan.targets[1] = { text: 'x', bucket: two, prefix: 'nul \0', glob: '*.jsonl' };
  await ledger.createScan(scan);
  await ledger.createScan({ ...scan, config: 'other' });
  assert.deepEqual(await ledger.getScan(scan.id), {
    ...scan,
    state: 'running',
    finishedAt: null,
    takenUpAt: scan.startedAt,
    spent: NOTHING_SPENT,
    budgetEnd: null,
  });
  assert.deepEqual(
    (await ledger.exposures(scan.id)).map(({ bucket }) => bucket),
    [one, two],
  );
  assert.equal(await ledger.getScan('nowhere'), null);
});

rule('the newest scan of a signature that has not ended is found', async (ledger) => {
  const bucket = sampleBucket();
  const [first, second] = [sampleScan([bucket]), sampleScan([bucket])];
  second.signature = first.signature;
  assert.equal(await ledger.findUnfinishedScan(first.signature), null);
  await ledger.createScan(first);
  await ledger.createScan(second);
  assert.equal(await ledger.findUnfinishedScan(first.signature), second.id);
  await ledger.finishScan(second.id, 'done', '2026-01-02T04:00:00Z');
  await ledger.finishScan(second.id, 'done', '2026-01-02T04:00:00Z');
  assert.equal(await ledger.findUnfinishedScan(first.signature), first.id);
  assert.equal((await ledger.getScan(second.id))?.state, 'done');
  assert.equal((await ledger.getScan(second.id))?.finishedAt, '2026-01-02T04:00:00Z');
});

rule('a scan that its budget ended is found again, and goes on with another configuration', async (ledger) => {
  const scan = sampleScan([sampleBucket()]);
  await ledger.createScan(scan);
  assert.deepEqual(await ledger.spend(scan.id, { bytes: 5e12, requests: 3, cost: 0.25 }), {
    bytes: 5e12,
    requests: 3,
    cost: 0.25,
  });
  await ledger.spend(scan.id, { bytes: 1, requests: 0, cost: 0.5 });
  await ledger.finishScan(scan.id, 'done', '2026-01-02T04:00:00Z', 'bytes');
  const ended = await ledger.getScan(scan.id);
  assert.deepEqual([ended?.state, ended?.budgetEnd], ['done', 'bytes']);
  assert.equal(await ledger.findUnfinishedScan(scan.signature), scan.id);

  await ledger.takeUpScan(scan.id, { budget: 'more' }, '2026-01-03T00:00:00Z');
  const again = await ledger.getScan(scan.id);
  assert.deepEqual(
    [again?.state, again?.finishedAt, again?.budgetEnd, again?.takenUpAt, again?.config, again?.spent],
    ['running', null, null, '2026-01-03T00:00:00Z', { budget: 'more' }, { bytes: 5e12 + 1, requests: 3, cost: 0.75 }],
  );
  await ledger.finishScan(scan.id, 'done', '2026-01-03T04:00:00Z');
  await ledger.takeUpScan(scan.id, {}, '2026-01-04T00:00:00Z');
  assert.equal((await ledger.getScan(scan.id))?.state, 'done', 'one that has ended stays so');
  assert.equal(await ledger.findUnfinishedScan(scan.signature), null);
});

rule('a detector set is kept by its digest', async (ledger) => {
  await ledger.saveDetectorSet('sha256:one', [{ id: 'x', pattern: '\\d+' }]);
  await ledger.saveDetectorSet('sha256:one', 'never looked at');
  assert.deepEqual(await ledger.loadDetectorSet('sha256:one'), [{ id: 'x', pattern: '\\d+' }]);
  assert.equal(await ledger.loadDetectorSet('sha256:other'), null);
});

rule('a page commits shards, cursor and completeness together, and saving it again adds nothing', async (ledger) => {
  const bucket = sampleBucket();
  const scan = sampleScan([bucket]);
  await ledger.createScan(scan);
  assert.deepEqual(await ledger.listing(scan.id, 0), { cursor: null, complete: false, error: null });
  const first = {
    shards: [sampleShard(bucket, ['a', 'b']), sampleShard(bucket, ['c'])],
    cursor: 'c\0',
    complete: false,
  };
  const last = { shards: [sampleShard(bucket, ['d'])], cursor: null, complete: true };
  const ids = await ledger.saveListing(scan.id, 0, first);
  assert.deepEqual(await ledger.saveListing(scan.id, 0, first), ids);
  assert.deepEqual(await ledger.listing(scan.id, 0), { cursor: 'c\0', complete: false, error: null });
  assert.equal((await ledger.counters(scan.id)).listingComplete, false);
  const lastIds = await ledger.saveListing(scan.id, 0, last);
  assert.deepEqual(await ledger.saveListing(scan.id, 0, last), lastIds);
  assert.deepEqual(await ledger.listing(scan.id, 0), { cursor: null, complete: true, error: null });
  assert.deepEqual(await ledger.openShards(scan.id), [...ids, ...lastIds]);
  const { listed, listingComplete } = await ledger.counters(scan.id);
  assert.deepEqual({ listed, listingComplete }, { listed: { objects: 4, bytes: 4000 }, listingComplete: true });
});

rule('two listers of one target never save a page twice, nor one that does not follow', async (ledger) => {
  const bucket = sampleBucket();
  const scan = sampleScan([bucket]);
  await ledger.createScan(scan);
  const page = (from: string | null, cursor: string | null, ...keys: string[]) =>
    ledger.saveListing(scan.id, 0, { shards: [sampleShard(bucket, keys)], from, cursor, complete: cursor === null });
  const first = await page(null, 'b', 'a', 'b');
  const second = await page('b', 'd', 'c', 'd');
  assert.deepEqual(await page(null, 'b', 'a', 'b'), first);
  assert.deepEqual(await page('b', 'd', 'c', 'd'), second);
  await assert.rejects(page('b', 'c', 'c'), { code: 'listing-failed' });
  assert.deepEqual(await ledger.listing(scan.id, 0), { cursor: 'd', complete: false, error: null });
  const last = await page('d', null, 'e');
  assert.deepEqual(await page('d', null, 'e'), last);
  await assert.rejects(page('c', 'd2', 'x'), { code: 'listing-failed' });
  const keys = (await collect(ledger, scan.id)).map(({ object }) => object.key);
  assert.deepEqual(keys, ['a', 'b', 'c', 'd', 'e']);
});

rule('a listing that breaks keeps its error until it goes on', async (ledger) => {
  const bucket = sampleBucket();
  const scan = sampleScan([bucket]);
  await ledger.createScan(scan);
  await ledger.saveListing(scan.id, 0, { shards: [sampleShard(bucket, ['a'])], cursor: '1', complete: false });
  const error = { code: 'listing-failed', message: 'page 2 \0' };
  await ledger.saveListing(scan.id, 0, { shards: [], cursor: '1', complete: false, error });
  assert.deepEqual(await ledger.listing(scan.id, 0), { cursor: '1', complete: false, error });
  await ledger.saveListing(scan.id, 0, { shards: [sampleShard(bucket, ['b'])], cursor: '2', complete: false });
  assert.deepEqual(await ledger.listing(scan.id, 0), { cursor: '2', complete: false, error: null });
  assert.equal((await ledger.openShards(scan.id)).length, 2);
});

rule('a shard gives its objects back as they were listed, whatever their keys', async (ledger) => {
  const bucket = sampleBucket();
  const scan = sampleScan([bucket]);
  await ledger.createScan(scan);
  const shard = sampleShard(bucket, HOSTILE_KEYS);
  shard.objects.push(sampleObject(bucket, 'cold', { storageClass: 'GLACIER', byteLength: 2 ** 45, lastModified: '' }));
  shard.outcomes.push('skipped:archived-tier');
  const [id = ''] = await ledger.saveListing(scan.id, 0, { shards: [shard], cursor: null, complete: true });
  assert.deepEqual(await ledger.loadShard(id), { ...shard, id, scanId: scan.id, starts: shard.objects.map(() => 0) });
  assert.deepEqual(
    (await collect(ledger, scan.id)).map(({ object, outcome, scan: told }) => ({ key: object.key, outcome, told })),
    shard.objects.map(({ key }, at) => ({ key, outcome: shard.outcomes[at] ?? null, told: null })),
  );
});

rule('starts are counted for each object and can be taken back', async (ledger) => {
  const { shardId } = await listedScan(ledger, ['a', 'b', 'c']);
  assert.deepEqual(await ledger.startObjects(shardId, [0, 2]), [1, 1]);
  assert.deepEqual(await ledger.startObjects(shardId, [2, 1]), [2, 1]);
  await ledger.unstartObjects(shardId, [0, 2]);
  await ledger.unstartObjects(shardId, [0]);
  assert.deepEqual((await ledger.loadShard(shardId)).starts, [0, 1, 1]);
  assert.deepEqual(await ledger.startObjects(shardId, []), []);
});

rule('counters sum outcomes, formats, bytes and reasons; what was reused was not read', async (ledger) => {
  const { scan, shardId } = await listedScan(ledger, ['a', 'b', 'c', 'd']);
  await ledger.saveObjects(shardId, [
    { index: 0, scan: cleanScan('a'), reused: false },
    { index: 1, scan: notableScan('b'), reused: true },
    {
      index: 2,
      scan: cleanScan('c', { outcome: 'failed:network', format: '', bytesRead: 7, bytesScanned: 0 }),
      reused: false,
    },
  ]);
  assert.deepEqual(await ledger.counters(scan.id), {
    listed: { objects: 4, bytes: 4000 },
    listingComplete: true,
    done: { objects: 3, bytes: 3000, bytesRead: 1007, bytesScanned: 3000, reused: 1 },
    outcomes: { complete: { objects: 2, bytes: 2000 }, 'failed:network': { objects: 1, bytes: 1000 } },
    formats: { 'csv+gzip': { objects: 1, bytes: 1000 }, jsonl: { objects: 1, bytes: 1000 } },
    suppressed: { placeholder: 2 },
  } satisfies ScanCounters);
  assert.deepEqual(await ledger.openShards(scan.id), [shardId]);
});

rule('results tell the evidence of notable objects and nothing of complete and clean ones', async (ledger) => {
  const { scan, shardId } = await listedScan(ledger, ['a', 'b', 'c', 'd', 'e', 'f']);
  const masked = cleanScan('***', { outcome: 'complete' });
  const skipped = cleanScan('d', { outcome: 'skipped:unsupported', format: 'pickle', bytesScanned: 0 });
  const suppressed = cleanScan('e', { suppressed: { 'low-entropy': 3 } });
  await ledger.saveObjects(shardId, [
    { index: 0, scan: cleanScan('a'), reused: false },
    { index: 1, scan: notableScan('b', 5), reused: true },
    { index: 2, scan: masked, reused: false },
    { index: 3, scan: skipped, reused: false },
    { index: 4, scan: suppressed, reused: false },
  ]);
  assert.deepEqual(
    (await collect(ledger, scan.id)).map(({ outcome, reused, scan }) => ({ outcome, reused, scan })),
    [
      { outcome: 'complete', reused: false, scan: null },
      { outcome: 'complete', reused: true, scan: notableScan('b', 5) },
      { outcome: 'complete', reused: false, scan: masked },
      { outcome: 'skipped:unsupported', reused: false, scan: skipped },
      { outcome: 'complete', reused: false, scan: suppressed },
      { outcome: null, reused: false, scan: null },
    ],
  );
});

rule('results come in the order of targets and keys, also over many shards and evidence rows', async (ledger) => {
  const [first, second] = [sampleBucket(), sampleBucket()];
  const scan = sampleScan([first, second]);
  await ledger.createScan(scan);
  const keys = Array.from({ length: 250 }, (_, at) => `k${String(at).padStart(3, '0')}`);
  const late = await ledger.saveListing(scan.id, 1, {
    shards: [sampleShard(second, keys)],
    cursor: null,
    complete: true,
  });
  await ledger.saveListing(scan.id, 0, {
    shards: [sampleShard(first, ['a']), sampleShard(first, ['b'])],
    cursor: '1',
    complete: false,
  });
  await ledger.saveListing(scan.id, 0, { shards: [sampleShard(first, ['c'])], cursor: null, complete: true });
  await ledger.saveObjects(
    late[0] ?? '',
    keys.map((key, index) => ({
      index,
      scan: index % 50 === 7 ? cleanScan(key) : notableScan(key, index + 1),
      reused: false,
    })),
  );
  const results = await collect(ledger, scan.id);
  assert.deepEqual(
    results.map(({ object }) => object.key),
    ['a', 'b', 'c', ...keys],
  );
  assert.deepEqual(
    results.slice(3).map(({ scan }) => scan?.values[0]?.count ?? 0),
    keys.map((_, index) => (index % 50 === 7 ? 0 : index + 1)),
  );
});

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const scanOf = (key: string): fc.Arbitrary<ObjectScan> =>
  fc.oneof(
    fc.constant(cleanScan(key)),
    fc.constant(cleanScan(key, { outcome: 'partial:truncated', bytesRead: 12 })),
    fc.constant(cleanScan(key, { suppressed: { placeholder: 4 } })),
    fc.integer({ min: 1, max: 9 }).map((count) => notableScan(key, count)),
  );
const resultOf = fc
  .nat(KEYS.length - 1)
  .chain((index) => fc.record({ index: fc.constant(index), scan: scanOf(KEYS[index] ?? ''), reused: fc.boolean() }));

rule('a later answer for an object replaces the earlier one in results and counters', async (ledger) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(resultOf, { maxLength: 4 }), { maxLength: 5 }), async (batches) => {
      const one = await listedScan(ledger, KEYS);
      for (const batch of batches) await ledger.saveObjects(one.shardId, batch);
      const other = await listedScan(ledger, KEYS);
      const last = new Map<number, ObjectResult>(batches.flat().map((result) => [result.index, result]));
      await ledger.saveObjects(other.shardId, [...last.values()]);
      assert.deepEqual(await outcomeOf(ledger, one.scan.id), await outcomeOf(ledger, other.scan.id));
    }),
    { numRuns: 20 },
  );
});

rule('the same answers in any order and any repetition give the same results and counters', async (ledger) => {
  const answers = fc.tuple(
    ...KEYS.map((key, index) => fc.record({ index: fc.constant(index), scan: scanOf(key), reused: fc.boolean() })),
  );
  const order = fc.array(fc.nat(KEYS.length - 1), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(answers, order, async (results, indexes) => {
      const one = await listedScan(ledger, KEYS);
      await ledger.saveObjects(one.shardId, results);
      const other = await listedScan(ledger, KEYS);
      for (const index of [...indexes, ...KEYS.keys()]) {
        const result = results[index];
        if (result !== undefined) await ledger.saveObjects(other.shardId, [result]);
      }
      assert.deepEqual(await outcomeOf(ledger, one.scan.id), await outcomeOf(ledger, other.scan.id));
      assert.deepEqual(await ledger.openShards(other.scan.id), []);
    }),
    { numRuns: 20 },
  );
});

async function outcomeOf(ledger: OpenLedger, scanId: string) {
  const results = await collect(ledger, scanId);
  return {
    counters: await ledger.counters(scanId),
    results: results.map(({ object, ...rest }) => ({ ...rest, key: object.key })),
  };
}

rule('two workers that save the same shard at once lose nothing', async (ledger) => {
  const keys = Array.from({ length: 40 }, (_, at) => `k${at}`);
  const { scan, shardId } = await listedScan(ledger, keys);
  const workers = [new Shards(ledger.db), new Shards(ledger.db), new Shards(ledger.db)];
  await Promise.all(
    keys.map((key, index) =>
      workers[index % 3]?.save(shardId, [
        { index, scan: index % 2 ? cleanScan(key) : notableScan(key), reused: false },
      ]),
    ),
  );
  const counters = await ledger.counters(scan.id);
  assert.equal(counters.done.objects, 40);
  assert.deepEqual(counters.suppressed, { placeholder: 40 });
  assert.deepEqual(
    (await collect(ledger, scan.id)).map(({ scan }) => scan !== null),
    keys.map((_, index) => index % 2 === 0),
  );
});

rule('a complete object is reused under the same key, with its evidence; any other is not', async (ledger) => {
  const { scan, bucket, shardId } = await listedScan(ledger, ['a', 'b', 'c', 'd', 'e']);
  await ledger.saveObjects(shardId, [
    { index: 0, scan: cleanScan('a', { records: 3, suppressed: { placeholder: 1 } }), reused: false },
    { index: 1, scan: notableScan('b', 7), reused: true },
    { index: 2, scan: cleanScan('c', { outcome: 'partial:truncated' }), reused: false },
    { index: 3, scan: cleanScan('d', { outcome: 'failed:network' }), reused: false },
  ]);
  const wanted = ['b', 'a', 'a', 'c', 'd', 'e', 'f'].map((key) => sampleObject(bucket, key));
  wanted.push(sampleObject(bucket, 'a', { version: 'other' }), sampleObject(sampleBucket(), 'a'));
  const clean = cleanScan('a', { records: 3, suppressed: { placeholder: 1 } });
  const expected = [notableScan('b', 7), clean, clean, null, null, null, null, null, null];
  assert.deepEqual(await ledger.findReusable(wanted, scan), expected);
  await ledger.finishScan(scan.id, 'failed', '2026-01-02T04:00:00Z');
  assert.deepEqual(await ledger.findReusable(wanted, scan), expected);
  for (const changed of [{ detectorSet: 'x' }, { limitsDigest: 'x' }, { fingerprintKeyId: 'x' }]) {
    const answers = await ledger.findReusable(wanted, { ...scan, ...changed });
    assert.deepEqual(
      answers,
      wanted.map(() => null),
    );
  }
  assert.deepEqual(await ledger.findReusable([], scan), []);
});

rule('reuse looks through all shards and scans that meet the range, the newest first', async (ledger) => {
  const bucket = sampleBucket();
  const old = sampleScan([bucket], { detectorSet: 'sha256:reuse' });
  await ledger.createScan(old);
  const shards = [['a', 'b'], ['c'], ['d', 'e'], ['f', ...HOSTILE_KEYS.filter((key) => key > 'f').sort()]];
  const ids = await ledger.saveListing(old.id, 0, {
    shards: shards.map((keys) => sampleShard(bucket, keys)),
    cursor: null,
    complete: true,
  });
  for (const [at, keys] of shards.entries()) {
    const answers = keys.map((key, index) => ({ index, scan: cleanScan(key, { records: 1 }), reused: false }));
    await ledger.saveObjects(ids[at] ?? '', answers);
  }
  const { shardId } = await listedScan(ledger, ['b', 'e'], { detectorSet: 'sha256:reuse' }, bucket);
  await ledger.saveObjects(shardId, [{ index: 1, scan: cleanScan('e', { records: 2 }), reused: false }]);
  const records = async (keys: string[]) => {
    const wanted = keys.map((key) => sampleObject(bucket, key));
    return (await ledger.findReusable(wanted, old)).map((scan) => scan?.records ?? null);
  };
  assert.deepEqual(await records(['a', 'b', 'c', 'd', 'e', 'f', 'g']), [1, 1, 1, 1, 2, 1, null]);
  assert.deepEqual(await records(['c']), [1]);
  assert.deepEqual(await records(['0', 'zz']), [null, null]);
  for (const key of shards[3] ?? []) assert.deepEqual(await records([key]), [1], JSON.stringify(key.slice(0, 20)));
});

rule(
  'a hash is kept with its object, and where hashes are wanted only scans that have them are reused',
  async (ledger) => {
    const sha256 = 'ab'.repeat(32);
    const { scan, bucket, shardId } = await listedScan(ledger, ['a', 'b', 'c', 'd'], { detectorSet: 'sha256:hash' });
    await ledger.saveObjects(shardId, [
      { index: 0, scan: cleanScan('a', { sha256 }), reused: false },
      { index: 1, scan: { ...notableScan('b'), sha256 }, reused: false },
      { index: 2, scan: cleanScan('c'), reused: false },
      { index: 3, scan: cleanScan('d', { outcome: 'skipped:media', sha256 }), reused: false },
    ]);
    await ledger.saveObjects(shardId, [{ index: 2, scan: cleanScan('c'), reused: false }]);
    const hashes = (scans: (ObjectScan | null)[]) => scans.map((found) => found && (found.sha256 ?? 'none'));
    const stored = (await collect(ledger, scan.id)).map((result) => result.scan);
    assert.deepEqual(hashes(stored), [sha256, sha256, null, sha256]);
    const wanted = ['a', 'b', 'c', 'd'].map((key) => sampleObject(bucket, key));
    assert.deepEqual(hashes(await ledger.findReusable(wanted, scan)), [sha256, sha256, 'none', null]);
    assert.deepEqual(hashes(await ledger.findReusable(wanted, { ...scan, hashed: true })), [
      sha256,
      sha256,
      null,
      null,
    ]);
  },
);

rule(
  'old scans are forgotten with all they held, except the newest of each target and those that run',
  async (ledger) => {
    const [one, two] = [sampleBucket(), sampleBucket()];
    const ended = async (bucket: BucketRef, finishedAt: string, state: 'done' | 'failed' = 'done') => {
      const { scan, shardId } = await listedScan(ledger, ['a', 'b'], { detectorSet: 'sha256:prune' }, bucket);
      await ledger.saveObjects(shardId, [{ index: 0, scan: notableScan('a'), reused: false }]);
      if (finishedAt !== '') await ledger.finishScan(scan.id, state, finishedAt);
      return { id: scan.id, shardId };
    };
    const old = await ended(one, '2020-01-01T00:00:00.000Z');
    const running = await ended(one, '');
    const newest = await ended(one, '2020-01-02T00:00:00.000Z');
    const failed = await ended(one, '2020-01-03T00:00:00.000Z', 'failed');
    const only = await ended(two, '2020-01-01T00:00:00.000Z');
    const left = async () => {
      const found: string[] = [];
      for (const { id } of [old, running, newest, failed, only]) if (await ledger.getScan(id)) found.push(id);
      return found;
    };
    assert.equal(await ledger.pruneScans('2020-01-01T00:00:00.000Z'), 0);
    assert.equal(await ledger.pruneScans('2020-01-01T12:00:00.000Z'), 1);
    assert.deepEqual(
      await left(),
      [running, newest, failed, only].map(({ id }) => id),
    );
    assert.equal(await ledger.pruneScans('2026-01-01T00:00:00.000Z'), 0);
    const { rows } = await ledger.pool.query('SELECT count(*)::int AS rows FROM assay.notable WHERE shard_id = $1', [
      old.shardId,
    ]);
    assert.deepEqual(rows, [{ rows: 0 }]);
    const [reused] = await ledger.findReusable(
      [sampleObject(one, 'a')],
      sampleScan([one], { detectorSet: 'sha256:prune' }),
    );
    assert.equal(reused?.values.length, 1);
  },
);

rule('exposure is kept for each bucket of a scan; collecting it again replaces it', async (ledger) => {
  const [one, two] = [sampleBucket(), sampleBucket()];
  const scan = sampleScan([one, two]);
  await ledger.createScan(scan);
  const evidence = { provider: 'aws-s3', bucket: one.name, policy: { state: 'known', value: { x: '\0' } } };
  await ledger.saveExposure(scan.id, one.uri, { ...evidence, bucket: 'old' } as S3Evidence, '2026-01-01T00:00:00Z');
  await ledger.saveExposure(scan.id, one.uri, evidence as S3Evidence, '2026-01-02T00:00:00Z');
  assert.deepEqual(await ledger.exposures(scan.id), [
    { bucket: one, evidence, collectedAt: '2026-01-02T00:00:00Z' },
    { bucket: two, evidence: null, collectedAt: null },
  ]);
});

rule(
  'a scan, target, shard, object or bucket that does not exist is an internal error, not silence',
  async (ledger) => {
    const { scan, shardId } = await listedScan(ledger, ['a']);
    const internal = { name: 'AssayError', code: 'internal' };
    await assert.rejects(ledger.counters('nowhere'), internal);
    await assert.rejects(ledger.listing(scan.id, 5), internal);
    await assert.rejects(ledger.loadShard('999999999'), internal);
    await assert.rejects(ledger.saveObjects(shardId, [{ index: 1, scan: cleanScan('b'), reused: false }]), internal);
    await assert.rejects(ledger.saveExposure(scan.id, 's3://nowhere', {} as S3Evidence, ''), internal);
  },
);
