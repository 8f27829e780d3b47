import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExitCode } from '../../src/errors.ts';
import { known } from '../exposure/evidence.ts';
import { type Entry, emails, OPEN_LAKE, reportOf, SHUT_LAKE, sampleReport, value, type World } from './sample.ts';

const of = (...outcomes: NonNullable<Entry['outcome']>[]): Entry[] =>
  outcomes.map((outcome, index) => ({ key: `k${index}`, outcome }));
const secret: Entry = { key: 'x', values: [value()] };
const cases: [title: string, world: World, exitCode: ExitCode, violated: boolean, incomplete: boolean][] = [
  ['complete and clean is 0', { entries: of('complete') }, 0, false, false],
  ['findings alone are 0', { entries: [secret] }, 0, false, false],
  [
    'media, exclusions and archives need not be scanned',
    { entries: of('complete', 'skipped:media', 'skipped:excluded', 'skipped:archived-tier') },
    0,
    false,
    false,
  ],
  [
    'a format without decoder is scannable and missing',
    { entries: of('complete', 'skipped:unsupported') },
    3,
    false,
    true,
  ],
  ['an encrypted object is scannable and missing', { entries: of('complete', 'skipped:encrypted') }, 3, false, true],
  ['a part is not complete', { entries: of('complete', 'partial:truncated') }, 3, false, true],
  ['a failure is not complete', { entries: of('complete', 'failed:network') }, 3, false, true],
  [
    'coverage at the asked level is enough',
    { entries: of('complete', 'failed:network'), options: { minCoverage: 50 } },
    0,
    false,
    false,
  ],
  [
    'coverage below the asked level is not',
    { entries: of('complete', 'failed:network'), options: { minCoverage: 50.1 } },
    3,
    false,
    true,
  ],
  ['nothing listed is incomplete', {}, 3, false, true],
  ['nothing listed may be allowed', { options: { allowEmpty: true } }, 0, false, false],
  ['only media is a complete scan', { entries: of('skipped:media') }, 0, false, false],
  [
    'one target of several that cannot be listed',
    {
      entries: of('complete'),
      listings: [{}, { complete: false, error: { code: 'access-denied', message: 'no permission' } }],
    },
    3,
    false,
    true,
  ],
  ['a listing that did not end', { entries: of('complete'), listings: [{ complete: false }] }, 3, false, true],
  [
    'an object without outcome was not reached',
    { entries: [{ key: 'a' }, { key: 'b', outcome: null }], options: { minCoverage: 0 } },
    3,
    false,
    true,
  ],
  ['a finding at the level violates', { entries: [secret], options: { failOn: 'critical' } }, 1, true, false],
  [
    'a finding below the level does not',
    { entries: [{ key: 'x', columns: [emails('mail')] }], options: { failOn: 'high' } },
    0,
    false,
    false,
  ],
  [
    'the risk of a bucket violates as well',
    { entries: [{ key: 'x', columns: [emails('mail')] }], evidence: [OPEN_LAKE], options: { failOn: 'high' } },
    1,
    true,
    false,
  ],
  [
    'an unknown risk does not',
    { entries: of('complete'), evidence: [null], options: { failOn: 'low' } },
    0,
    false,
    false,
  ],
  [
    'a violation wins over incompleteness, and both are said',
    { entries: [secret, ...of('failed:network')], options: { failOn: 'low' } },
    1,
    true,
    true,
  ],
];

describe('exit code and result', () => {
  for (const [title, world, exitCode, violated, incomplete] of cases) {
    test(title, async () => {
      const answer = await reportOf(world);
      const { result } = answer.report;
      assert.deepEqual(
        [answer.exitCode, result.violated, result.incomplete],
        [exitCode, violated, incomplete],
        result.reasons.join('\n'),
      );
      assert.equal(result.reasons.length > 0, violated || incomplete);
    });
  }
});

test('every listed object is counted in exactly one class', async () => {
  const { report } = await sampleReport();
  assert.deepEqual(report.coverage.objects, { listed: 7, complete: 4, reused: 1, partial: 1, skipped: 1, failed: 1 });
  assert.deepEqual(report.coverage.reasons, { 'failed:access-denied': 1, 'partial:truncated': 1, 'skipped:media': 1 });
  assert.deepEqual(report.coverage.bytes, { listed: 70, read: 70, scanned: 140 });
});

test('one secret in two objects is one finding', async () => {
  const { report } = await sampleReport();
  const finding = report.findings.find(({ fingerprint }) => fingerprint === 'v1:one');
  assert.equal(finding?.count, 2);
  assert.equal(finding?.objects, 2);
  assert.deepEqual(
    finding?.locations.map(({ object }) => object),
    ['s3://lake/again.jsonl', 's3://lake/chat/0001.jsonl'],
  );
});

test('objects that are complete and clean are listed on demand only', async () => {
  const entries: Entry[] = [{ key: 'clean' }, secret];
  const { report } = await reportOf({ entries });
  assert.deepEqual(
    report.objects.map(({ uri, findings, level }) => [uri, findings, level]),
    [['s3://lake/x', 1, 'restricted']],
  );
  assert.equal((await reportOf({ entries, options: { objects: 'all' } })).report.objects.length, 2);
});

test('an object is named as the thread that read it allows', async () => {
  const { report } = await reportOf({
    entries: [{ key: 'jane@doe.example.csv', shownKey: 'j….csv', values: [value()] }],
  });
  assert.equal(report.objects[0]?.uri, 's3://lake/j….csv');
  assert.doesNotMatch(
    JSON.stringify({ ...report, objects: report.objects.map(({ version: _, ...rest }) => rest) }),
    /jane/,
  );
});

test('a name that no detector has seen is not shown, unless it can be masked now', async () => {
  const entries: Entry[] = [{ key: 'jane.csv', outcome: 'skipped:excluded', hasScan: false }];
  assert.equal((await reportOf({ entries })).report.objects[0]?.uri, 's3://lake/(name not shown)');
  const masking = { maskName: (key: string) => key.replace('jane', '…') };
  assert.equal((await reportOf({ entries, options: masking })).report.objects[0]?.uri, 's3://lake/….csv');
});

test('a bucket whose facts could not be collected is unknown', async () => {
  const { report } = await reportOf({ entries: [secret], evidence: [null] });
  assert.equal(report.buckets[0]?.exposure.verdict, 'unknown');
  assert.equal(report.buckets[0]?.risk.level, 'high');
});

test('a bucket that could not be listed is not shown as one without data', async () => {
  const listings = [{ complete: false, error: { code: 'access-denied', message: 'no permission' } }];
  const { report } = await reportOf({ listings });
  const [lake] = report.buckets;
  assert.equal(lake?.sensitivity.level, 'unknown');
  assert.equal(lake?.risk.level, 'unknown');
});

test('buckets come with the highest risk first', async () => {
  const none = known({ count: 0, examples: [] as string[] });
  const local = { provider: 'filesystem' as const, path: '/data', worldReadable: none, worldWritable: none };
  const { report } = await reportOf({ entries: [secret], evidence: [local, SHUT_LAKE, OPEN_LAKE] });
  assert.deepEqual(
    report.buckets.map(({ risk }) => risk.level),
    ['critical', 'low', 'none'],
  );
});
