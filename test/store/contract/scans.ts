import assert from 'node:assert/strict';
import { NOTHING_SPENT } from '../../../src/model/budget.ts';
import type { S3Evidence } from '../../../src/model/exposure.ts';
import type { BucketRef } from '../../../src/model/object.ts';
import { cleanScan, listedScan, notableScan, sampleBucket, sampleObject, sampleScan } from '../samples.ts';

import { ruleBook } from './rule.ts';

const { rule, rules } = ruleBook();

export const SCANS = rules;

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
