import assert from 'node:assert/strict';
import { sampleBucket, sampleScan, sampleShard } from '../samples.ts';

import { collect, ruleBook } from './rule.ts';

const { rule, rules } = ruleBook();

export const LISTINGS = rules;

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
