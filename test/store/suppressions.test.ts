import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Suppression } from '../../src/model/suppression.ts';
import { type OpenLedger, openLedger } from '../../src/store/ledger.ts';
import { findScanIds } from '../../src/store/scan-ids.ts';
import { Suppressions } from '../../src/store/suppressions.ts';
import { sampleBucket, sampleScan } from './samples.ts';
import { temporaryDir } from './state-dir.ts';

const dir = temporaryDir();
let ledger: OpenLedger;
before(async () => {
  ledger = await openLedger({ stateDir: dir.path });
});
after(async () => {
  await ledger.close();
  await dir.remove();
});

function accepted(changes: Partial<Suppression> = {}): Suppression {
  return {
    fingerprint: 'v1:one',
    scope: '',
    reason: 'a test key; "quoted" — ü',
    owner: 'data team',
    addedBy: 'jo@host',
    addedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-04-01T00:00:00.000Z',
    ...changes,
  };
}

test('a suppression comes back as it was added, for its fingerprint key only', async () => {
  const mine = new Suppressions(ledger.db, 'key1');
  const later = accepted({ fingerprint: 'v1:later', expiresAt: '2026-05-01T00:00:00.000Z' });
  await mine.add(later);
  await mine.add(accepted());
  assert.deepEqual(await mine.list(), [accepted(), later]);
  assert.deepEqual(await new Suppressions(ledger.db, 'key2').list(), []);
});

test('adding one again replaces it, and the earlier one is kept with who did it and when', async () => {
  const all = new Suppressions(ledger.db, 'key3');
  await all.add(accepted());
  await all.add(accepted({ scope: 's3://lake' }));
  const renewed = accepted({ addedBy: 'al@host', addedAt: '2026-02-01T00:00:00.000Z', reason: 'still a test key' });
  await all.add(renewed);
  const now = await all.list();
  assert.deepEqual(now.map(({ scope, reason }) => [scope, reason]).toSorted(), [
    ['', 'still a test key'],
    ['s3://lake', accepted().reason],
  ]);
  assert.deepEqual(await all.removed(), [
    { ...accepted(), removedBy: 'al@host', removedAt: '2026-02-01T00:00:00.000Z' },
  ]);
});

test('one scope or all of a fingerprint are taken back, and stay readable', async () => {
  const all = new Suppressions(ledger.db, 'key4');
  for (const scope of ['', 's3://a', 's3://b']) await all.add(accepted({ scope }));
  await all.add(accepted({ fingerprint: 'v1:other' }));
  assert.equal(await all.remove('v1:one', 's3://a', 'jo@host', '2026-02-01T00:00:00.000Z'), 1);
  assert.equal(await all.remove('v1:one', 's3://a', 'jo@host', '2026-02-01T00:00:00.000Z'), 0);
  assert.equal(await all.remove('v1:one', null, 'jo@host', '2026-02-02T00:00:00.000Z'), 2);
  assert.deepEqual(
    (await all.list()).map(({ fingerprint }) => fingerprint),
    ['v1:other'],
  );
  assert.deepEqual(
    (await all.removed()).map(({ scope }) => scope),
    ['s3://a', '', 's3://b'],
  );
});

test('two at once leave one in force', async () => {
  const all = new Suppressions(ledger.db, 'key5');
  await all.add(accepted());
  await Promise.all([all.add(accepted({ owner: 'a' })), all.add(accepted({ owner: 'b' }))]);
  assert.equal((await all.list()).length, 1);
  assert.equal((await all.removed()).length, 2);
});

test('a scan is found by its id, by the start of it, and as the latest', async () => {
  assert.deepEqual(await findScanIds(ledger.db, 'latest'), []);
  const bucket = sampleBucket();
  for (const id of ['abcd-1', 'abcd-2', 'efgh-1', 'abcd']) await ledger.createScan({ ...sampleScan([bucket]), id });
  assert.deepEqual(await findScanIds(ledger.db, 'latest'), ['abcd']);
  assert.deepEqual(await findScanIds(ledger.db, 'abcd-1'), ['abcd-1']);
  assert.deepEqual(await findScanIds(ledger.db, 'abcd'), ['abcd']);
  assert.deepEqual(await findScanIds(ledger.db, 'abcd-'), ['abcd-2', 'abcd-1']);
  assert.deepEqual(await findScanIds(ledger.db, 'efgh'), ['efgh-1']);
  for (const absent of ['abc', '', '%', '____', 'abcd_', 'zzzz']) {
    assert.deepEqual(await findScanIds(ledger.db, absent), [], absent);
  }
});
