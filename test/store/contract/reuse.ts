import assert from 'node:assert/strict';
import type { ObjectScan } from '../../../src/model/finding.ts';
import { cleanScan, listedScan, notableScan, sampleBucket, sampleObject, sampleScan, sampleShard } from '../samples.ts';

import { collect, HOSTILE_KEYS, ruleBook } from './rule.ts';

const { rule, rules } = ruleBook();

export const REUSE = rules;

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
