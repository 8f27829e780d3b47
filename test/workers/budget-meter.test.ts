import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Spent } from '../../src/model/budget.ts';
import type { ObjectRef } from '../../src/model/object.ts';
import { inTime } from '../servers/in-time.ts';
import { budgetMeter, objectRef } from './sample.ts';

function s3Object(byteLength: number): ObjectRef {
  const bucket = { provider: 'aws-s3' as const, uri: 's3://b', name: 'b' };
  return { ...objectRef(`k${byteLength}`, byteLength), bucket };
}

test('without a budget everything may be read and nothing is told', async () => {
  let told = 0;
  const meter = budgetMeter(
    {},
    {
      ledger: {
        async spend(_id, more) {
          told += 1;
          return more;
        },
      },
    },
  );
  assert.equal(meter.reserve([s3Object(1e15), s3Object(1e15)]), 2);
  await meter.tell(true);
  assert.deepEqual([meter.spentUp, told], [null, 0]);
});

test('no more bytes are begun than the budget has room for', () => {
  const meter = budgetMeter({ maxBytes: 250 });
  const objects = [s3Object(100), s3Object(100), s3Object(100)];
  assert.equal(meter.reserve(objects), 2);
  assert.equal(meter.spentUp, 'bytes');
  assert.equal(meter.reserve([s3Object(1)]), 0, 'what is used up stays so');
});

test('what was read counts instead of what was reserved', () => {
  const meter = budgetMeter({ maxBytes: 250 });
  const first = [s3Object(200)];
  assert.equal(meter.reserve(first), 1);
  meter.settle(first, 20, 1);
  assert.equal(meter.reserve([s3Object(200)]), 1);
  assert.equal(meter.spentUp, null);
});

test('requests count one for each range of an object, and those of listings', () => {
  let listings = 0;
  const meter = budgetMeter({ maxRequests: 5 }, { otherRequests: () => listings });
  listings = 2;
  assert.equal(meter.reserve([s3Object(33 * 1024 ** 2), s3Object(1)]), 1);
  assert.equal(meter.spentUp, 'requests');

  const lister = budgetMeter({ maxRequests: 2 }, { otherRequests: () => listings });
  assert.equal(lister.mayList(), false);
});

test('money is bytes and requests at the prices of the place they go to', () => {
  const gigabyte = s3Object(1e9);
  for (const [transfer, fits] of [
    ['internet', 0],
    ['other-region', 1],
    ['same-region', 1],
  ] as const) {
    assert.equal(budgetMeter({ maxCost: 0.05, transfer }).reserve([gigabyte]), fits, transfer);
  }
  const own = budgetMeter({ maxCost: 0.05 }, { providerOptions: { endpoint: 'http://store.test' } });
  assert.equal(own.reserve([gigabyte]), 1, 'nothing is known of the prices of other stores');
});

test('what other processes and earlier runs have spent counts', async () => {
  const meter = budgetMeter({ maxBytes: 100 }, { spent: { bytes: 60, requests: 1, cost: 0 } });
  assert.equal(meter.reserve([s3Object(50)]), 0);

  const sum: Spent = { bytes: 90, requests: 0, cost: 0 };
  const other = budgetMeter({ maxBytes: 100 }, { ledger: { spend: async () => sum } });
  const small = [s3Object(5)];
  assert.equal(other.reserve(small), 1);
  other.settle(small, 5, 1);
  await other.tell(true);
  assert.equal(other.reserve([s3Object(11)]), 0);
});

test('what is on its way to the ledger counts, also when it does not arrive', async () => {
  const answer = Promise.withResolvers<Spent>();
  const meter = budgetMeter({ maxBytes: 100 }, { ledger: { spend: () => answer.promise } });
  const large = [s3Object(80)];
  meter.reserve(large);
  meter.settle(large, 80, 1);
  const telling = meter.tell(true);
  await new Promise(setImmediate);
  assert.equal(meter.reserve([s3Object(20)]), 1);
  assert.equal(meter.reserve([s3Object(1)]), 0);
  answer.reject(new Error('the database is away'));
  await assert.rejects(telling, /away/);
  const other = budgetMeter({ maxBytes: 100 }, { ledger: { spend: () => Promise.reject(new Error('away')) } });
  other.reserve(large);
  other.settle(large, 80, 1);
  await assert.rejects(other.tell(true), /away/);
  assert.equal(other.reserve([s3Object(21)]), 0);
});

test('the time counts from when the scan was taken up', async () => {
  const started = new Date(Date.now() - 60_000).toISOString();
  const over = budgetMeter({ maxTimeMs: 59_000 }, { takenUpAt: started });
  assert.deepEqual([over.spentUp, over.late.aborted, over.reserve([s3Object(1)])], ['time', true, 0]);

  const short = budgetMeter({ maxTimeMs: 1 });
  if (!short.late.aborted) await inTime('the time to be up', once(short.late, 'abort'));
  assert.equal(short.spentUp, 'time');
});
