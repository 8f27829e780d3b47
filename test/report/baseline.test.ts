import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBaseline } from '../../src/report/baseline.ts';
import { renderJson } from '../../src/report/json.ts';
import { emails, NOW, OPEN_LAKE, reportOf, SHUT_LAKE, suppression, value, type World } from './sample.ts';

const two: World['entries'] = [{ key: 'a', values: [value(), value({ fingerprint: 'v1:two' })] }];

async function baselineOf(world: World) {
  return readBaseline(renderJson((await reportOf(world)).report), 'old.json', 'k');
}

test('what the baseline has is known, the rest is new, and what it has beyond is counted as gone', async () => {
  const baseline = await baselineOf({ entries: [{ key: 'a', values: [value()], columns: [emails('mail')] }] });
  const { report } = await reportOf({ entries: two, options: { baseline } });
  assert.deepEqual(
    report.findings.map(({ fingerprint, status }) => [fingerprint, status]),
    [
      ['v1:one', 'known'],
      ['v1:two', 'new'],
    ],
  );
  assert.deepEqual(report.result.statuses, { new: 1, known: 1, suppressed: 0 });
  assert.deepEqual(report.baseline, { scan: '01SCAN', findings: 2, gone: 1 });
});

test('personal data is known again in the same object and column only', async () => {
  const baseline = await baselineOf({ entries: [{ key: 'a', columns: [emails('mail')] }] });
  const entries = [
    { key: 'a', columns: [emails('mail'), emails('other')] },
    { key: 'b', columns: [emails('mail')] },
  ];
  const { report } = await reportOf({ entries, options: { baseline } });
  assert.deepEqual(
    report.findings.map(({ locations, status }) => [locations[0]?.object, locations[0]?.column, status]).toSorted(),
    [
      ['s3://lake/a', 'mail', 'known'],
      ['s3://lake/a', 'other', 'new'],
      ['s3://lake/b', 'mail', 'new'],
    ],
  );
});

test('--fail-on looks at what is new', async () => {
  const options = { failOn: 'low' } as const;
  const same = await reportOf({ entries: two, options: { ...options, baseline: await baselineOf({ entries: two }) } });
  assert.deepEqual([same.exitCode, same.report.result.violated], [0, false]);
  const less = await baselineOf({ entries: [{ key: 'a', values: [value()] }] });
  const more = await reportOf({ entries: two, options: { ...options, baseline: less } });
  assert.equal(more.exitCode, 1);
  assert.ok(more.report.result.reasons.includes('1 new finding of severity low or above'));
});

test('the risk of a bucket violates when it is worse than in the baseline', async () => {
  const shut = await baselineOf({ entries: two, evidence: [SHUT_LAKE] });
  const open = await baselineOf({ entries: two, evidence: [OPEN_LAKE] });
  const world = (baseline: typeof open): World => ({
    entries: two,
    evidence: [OPEN_LAKE],
    options: { failOn: 'high', baseline },
  });
  assert.equal((await reportOf(world(shut))).exitCode, 1);
  assert.equal((await reportOf(world(open))).exitCode, 0);
  assert.equal((await reportOf(world({ ...open, risks: new Map() }))).exitCode, 1);
});

test('a suppressed finding stays so, and says what it would be', async () => {
  const baseline = await baselineOf({ entries: two });
  const suppressions = { all: [suppression()], now: NOW };
  const { report } = await reportOf({ entries: two, options: { baseline, suppressions } });
  const finding = report.findings.find(({ fingerprint }) => fingerprint === 'v1:one');
  assert.deepEqual([finding?.status, finding?.baseline], ['suppressed', 'known']);
});

test('a report of another key or another kind of file is refused with its name', async () => {
  const { report } = await reportOf({ entries: two });
  const refused = (text: string, keyId: string, words: RegExp) =>
    assert.throws(
      () => readBaseline(text, 'old.json', keyId),
      (error: Error & { code?: string }) => error.code === 'usage' && words.test(error.message),
    );
  refused(renderJson(report), 'other', /old\.json: .*another key \(k, here other\)/);
  for (const text of ['', '{', 'null', '[]', '"x"', '{"schema":"assay.report/v1"}', '{"schema":"assay.report/v2"}'])
    refused(text, 'k', /old\.json: is no JSON report/);
});
