import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Suppression } from '../../src/model/suppression.ts';
import { isInScope } from '../../src/model/suppression.ts';
import { emails, NOW, OPEN_LAKE, reportOf, suppression, value } from './sample.ts';

const entries = [
  { key: 'test/a', values: [value()] },
  { key: 'test/b', values: [value()] },
];

function withSuppressed(all: Suppression[], now = NOW) {
  return reportOf({ entries, options: { failOn: 'low', suppressions: { all, now } } });
}

test('a suppressed finding stays in the report and does not violate', async () => {
  const { report, exitCode } = await withSuppressed([suppression()]);
  assert.deepEqual(
    report.findings.map(({ status, count }) => [status, count]),
    [['suppressed', 2]],
  );
  assert.deepEqual(report.result.statuses, { new: 0, known: 0, suppressed: 1 });
  assert.deepEqual(
    report.result.reasons.filter((reason) => reason.includes('finding')),
    [],
  );
  assert.deepEqual(report.suppressions, [{ ...suppression(), state: 'active' }]);
  assert.equal(exitCode, 1, 'the risk of the bucket still counts');
  assert.deepEqual(report.result.reasons, ['the risk of s3://lake is low']);
});

test('an expired one no longer counts, and is named', async () => {
  const until = suppression({ expiresAt: '2026-01-03T00:00:00Z' });
  const after = await withSuppressed([until], '2026-01-03T00:00:00Z');
  assert.equal(after.report.findings[0]?.status, 'new');
  assert.deepEqual(
    after.report.suppressions.map(({ state }) => state),
    ['expired'],
  );
  assert.equal((await withSuppressed([until], '2026-01-02T23:59:59Z')).report.findings[0]?.status, 'suppressed');
});

test('a scope accepts the finding only when every object that has it is inside', async () => {
  const status = async (...scopes: string[]) =>
    (await withSuppressed(scopes.map((scope) => suppression({ scope })))).report.findings[0]?.status;
  assert.equal(await status('s3://lake/test'), 'suppressed');
  assert.equal(await status('s3://lake/test/a'), 'new');
  assert.equal(await status('s3://lake/test/a', 's3://lake/test/b'), 'suppressed');
  assert.equal(await status('s3://la'), 'new');
});

test('how many places are shown does not change what is suppressed', async () => {
  const suppressions = { all: [suppression({ scope: 's3://lake/test/a' })], now: NOW };
  const { report } = await reportOf({ entries, options: { maxLocations: 1, suppressions } });
  assert.equal(report.findings[0]?.status, 'new');
});

test('personal data in a column is accepted like a secret', async () => {
  const world = { entries: [{ key: 'people.csv', columns: [emails('mail')] }] };
  const [finding] = (await reportOf(world)).report.findings;
  const all = [suppression({ fingerprint: finding?.fingerprint ?? '' })];
  const { report } = await reportOf({ ...world, options: { suppressions: { all, now: NOW } } });
  assert.equal(report.findings[0]?.status, 'suppressed');
});

test('what is accepted makes no bucket less sensitive', async () => {
  const options = { suppressions: { all: [suppression()], now: NOW } };
  const { report } = await reportOf({ entries, evidence: [OPEN_LAKE], options });
  assert.equal(report.buckets[0]?.sensitivity.level, 'restricted');
  assert.equal(report.buckets[0]?.risk.level, 'critical');
});

test('those about findings that are not here are left out', async () => {
  const { report } = await withSuppressed([
    suppression({ fingerprint: 'v1:other' }),
    suppression({ scope: 's3://other' }),
  ]);
  assert.deepEqual(report.suppressions, []);
});

test('a scope ends where a name ends', () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '-', '.') });
  fc.assert(
    fc.property(name, name, fc.boolean(), (folder, rest, hasSlash) => {
      const scope = `s3://lake/${folder}${hasSlash ? '/' : ''}`;
      assert.ok(isInScope(scope, `s3://lake/${folder}/${rest}`));
      assert.ok(!isInScope(scope, `s3://lake/${folder}${rest}`));
    }),
  );
  assert.ok(isInScope('', 's3://anything'));
  assert.ok(isInScope('s3://lake/x', 's3://lake/x'));
});
