import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BucketRef, ObjectRef } from '../../src/model/object.ts';
import { formatOfName } from '../../src/plan/format-of-name.ts';
import { readRequests } from '../../src/plan/object-requests.ts';
import { PlanCount } from '../../src/plan/plan-count.ts';
import { isPriced, pricesOf } from '../../src/plan/prices.ts';
import { scanSeconds } from '../../src/plan/speeds.ts';

const BUCKET: BucketRef = { provider: 'aws-s3', uri: 's3://lake', name: 'lake' };
const object = (key: string, byteLength: number): ObjectRef => ({
  bucket: BUCKET,
  key,
  version: 'v',
  byteLength,
  lastModified: '',
});

test('a format is told by the ending of a name, below its compression', () => {
  const names = [
    'a.jsonl',
    'a.JSONL.zst',
    'x/y.tar.gz',
    'y.tgz',
    'p.parquet',
    'pic.PNG',
    'README',
    'a.b/c',
    '.gz',
    'x.constructor',
  ];
  assert.deepEqual(names.map(formatOfName), [
    'jsonl',
    'jsonl+zstd',
    'tar+gzip',
    'tar+gzip',
    'parquet',
    'media',
    'other',
    'other',
    'other+gzip',
    'other',
  ]);
});

test('an object takes a request for each range, and none when it is empty', () => {
  const mib = 1024 ** 2;
  assert.deepEqual([0, 1, 16 * mib, 16 * mib + 1, 160 * mib].map(readRequests), [0, 1, 1, 2, 10]);
});

test('prices are those of the region, and none where the store is not the vendor’s own', () => {
  const near = pricesOf('aws-s3', 'us-east-1', {});
  const far = pricesOf('aws-s3', 'sa-east-1', {});
  assert.ok(far.byte.internet > near.byte.internet && far.read > near.read);
  assert.equal(near.byte['same-region'], 0);
  assert.deepEqual(pricesOf('aws-s3', null, {}), near);
  assert.equal(pricesOf('aws-s3', null, { endpoint: 'http://127.0.0.1:9000' }).list, 0);
  assert.equal(pricesOf('filesystem', null, {}).read, 0);
  assert.deepEqual(
    [
      isPriced('azure-blob', { azure: { endpoint: 'https://data.blob.core.windows.net' } }),
      isPriced('azure-blob', { azure: { endpoint: 'http://127.0.0.1:10000/dev' } }),
      isPriced('gcs', { gcs: { endpoint: null } }),
      isPriced('gcs', { gcs: { endpoint: 'http://127.0.0.1:4443' } }),
    ],
    [true, false, true, false],
  );
});

test('a compressed byte takes longer than a plain one, and media takes next to nothing', () => {
  assert.ok(scanSeconds('jsonl+zstd', 1, 1e9) > scanSeconds('jsonl', 1, 1e9));
  assert.ok(scanSeconds('media', 1, 1e12) < 0.01);
  assert.ok(scanSeconds('other', 1, 1e9) >= scanSeconds('text', 1, 1e9));
});

test('a plan adds up what is read, reused and skipped, and what it costs', () => {
  const count = new PlanCount();
  const prices = pricesOf('aws-s3', null, {});
  count.addBucket(BUCKET, prices, true);
  count.addBucket(BUCKET, prices, true);
  const objects = [object('a.jsonl', 2e9), object('b.jsonl', 10), object('c.png', 5), object('old.csv', 7)];
  count.addPage(BUCKET, objects, ['read', 'reused', 'skipped:excluded', 'skipped:archived-tier'], prices);
  const plan = count.plan({
    targets: ['s3://lake'],
    transfer: 'internet',
    threads: 2,
    knowsReuse: true,
    allowEmpty: false,
  });
  assert.deepEqual(
    [plan.listed, plan.read, plan.reused],
    [
      { objects: 4, bytes: 2e9 + 22 },
      { objects: 1, bytes: 2e9 },
      { objects: 1, bytes: 10 },
    ],
  );
  assert.deepEqual(plan.skipped, {
    'skipped:archived-tier': { objects: 1, bytes: 7 },
    'skipped:excluded': { objects: 1, bytes: 5 },
  });
  assert.deepEqual([plan.requests.list, plan.requests.read], [1, 120]);
  assert.equal(plan.cost.transfer.internet, 0.18);
  assert.equal(plan.cost.total, plan.cost.requests + 0.18);
  assert.deepEqual(plan.buckets, [{ uri: 's3://lake', objects: 1, bytes: 2e9 }]);
  assert.deepEqual(plan.result, { incomplete: false, reasons: [] });
});
