import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ObjectScan } from '../../../src/model/finding.ts';
import type { ObjectResult, ScanCounters } from '../../../src/model/ledger.ts';
import type { OpenLedger } from '../../../src/store/ledger.ts';
import { Shards } from '../../../src/store/shards.ts';
import { cleanScan, listedScan, notableScan, sampleBucket, sampleObject, sampleScan, sampleShard } from '../samples.ts';

import { collect, HOSTILE_KEYS, ruleBook } from './rule.ts';

const { rule, rules } = ruleBook();

export const RESULTS = rules;

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
