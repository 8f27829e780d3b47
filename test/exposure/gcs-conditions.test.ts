import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { conditionReach } from '../../src/exposure/gcs-conditions.ts';
import { instantOf } from '../../src/exposure/instant.ts';
import { binding, judge, NOW, policy } from './gcs-sample.ts';

const OBJECTS = 'projects/_/buckets/lake/objects/';
const STRANGER = 'serviceAccount:s@other.iam.gserviceaccount.com';

/** `bucket` when it can hold for the bucket itself, the keys, and whether it was decided. */
function reach(expression: string, bucket: string | null = 'lake'): string {
  const found = conditionReach(expression, bucket, NOW);
  return [found.bucket ? 'bucket' : '', ...found.keys, found.isDecided ? '' : '?']
    .filter((word) => word !== '')
    .join(' ');
}

test('a condition on names leaves the keys that it names', () => {
  for (const [expression, left] of [
    [`resource.name.startsWith("${OBJECTS}a/")`, 'a/*'],
    [`resource.name.startsWith('${OBJECTS}a/') || resource.name.startsWith('${OBJECTS}b/')`, 'a/* b/*'],
    [`resource.name.startsWith('${OBJECTS}a/') && resource.name.startsWith('${OBJECTS}a/b/')`, 'a/b/*'],
    [`resource.name.startsWith('${OBJECTS}a/') && resource.name.startsWith('${OBJECTS}b/')`, ''],
    [`resource.name == "${OBJECTS}a/1.txt"`, 'a/1.txt'],
    [`resource.name == "${OBJECTS}a" && resource.name.startsWith("${OBJECTS}a/")`, ''],
    [`resource.name.startsWith("${OBJECTS}")`, '*'],
    ['resource.name.startsWith("projects/_/buckets/lake")', 'bucket *'],
    ['resource.name.startsWith("projects/_/buckets/la")', 'bucket *'],
    ['resource.name.startsWith("projects/_/buckets/")', 'bucket *'],
    ['resource.name.startsWith("projects/_/buckets/other")', ''],
    ['resource.name.startsWith("projects/_/buckets/lake-2/objects/")', ''],
    ['resource.name.startsWith("projects/_/buckets/lake/")', '*'],
    ['resource.name == "projects/_/buckets/lake"', 'bucket'],
    ['resource.type == "storage.googleapis.com/Object"', '*'],
    ['resource.type == "storage.googleapis.com/Bucket"', 'bucket'],
    ['resource.type != "storage.googleapis.com/Bucket"', '*'],
    ['resource.service == "storage.googleapis.com"', 'bucket *'],
    ['resource.service == "compute.googleapis.com"', ''],
    [`(resource.type == "storage.googleapis.com/Bucket") || resource.name.startsWith("${OBJECTS}a/")`, 'bucket a/*'],
  ] as const) {
    assert.equal(reach(expression), left, expression);
  }
});

test('a condition on time holds or not at the time of the facts', () => {
  for (const [expression, left] of [
    ['request.time < timestamp("2026-01-03T00:00:00Z")', 'bucket *'],
    ['request.time < timestamp("2026-01-01T00:00:00Z")', ''],
    ['timestamp("2026-01-01T00:00:00Z") > request.time', ''],
    ['request.time >= timestamp("2026-01-02T04:04:05+01:00")', 'bucket *'],
    ['request.time > timestamp("2026-01-02T04:04:05+01:00")', ''],
    ['!(request.time < timestamp("2026-01-01T00:00:00Z"))', 'bucket *'],
    [`request.time < date("2026-01-03") && resource.name.startsWith("${OBJECTS}a")`, 'a*'],
  ] as const) {
    assert.equal(reach(expression), left, expression);
  }
});

test('what is not understood counts as met, whatever stands around it', () => {
  for (const [expression, left] of [
    ['resource.matchTag("1/env", "prod")', 'bucket * ?'],
    ['!resource.matchTag("1/env", "prod")', 'bucket * ?'],
    ['request.time.getHours("Europe/Berlin") < 17', 'bucket * ?'],
    [`!resource.name.startsWith("${OBJECTS}a")`, 'bucket * ?'],
    [`resource.matchTag("a", "b") && resource.name.startsWith("${OBJECTS}a")`, 'a* ?'],
    ['resource.matchTag("a", "b") && request.time < timestamp("2020-01-01T00:00:00Z")', ''],
    ['api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["a"])', 'bucket * ?'],
    ['request.time < ', 'bucket * ?'],
    ['"', 'bucket * ?'],
    [`${'('.repeat(10_000)}true`, 'bucket * ?'],
    [`${'!'.repeat(10_000)}true`, 'bucket * ?'],
  ] as const) {
    assert.equal(reach(expression), left, expression.slice(0, 80));
  }
});

test('property: any text is answered, and what cannot be read narrows nothing', () => {
  const pieces = [
    'resource.name',
    '.startsWith(',
    '"',
    'projects/_/buckets/lake',
    '(',
    ')',
    '&&',
    '||',
    '!',
    '==',
    '<',
    ' ',
    '1',
    '\\',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (words) => {
      const { bucket, keys, isDecided } = conditionReach(words.join(''), 'lake', NOW);
      assert.ok(isDecided || bucket || keys.length > 0);
    }),
  );
});

test('a binding under a condition gives what is left of it', () => {
  const under = (expression: string) =>
    judge({ iamPolicy: policy(binding('storage.objectViewer', STRANGER, expression)) });
  const prefix = under(`resource.name.startsWith("${OBJECTS}a/")`);
  assert.deepEqual([prefix.effective.read, prefix.effective.list], ['cross-account', 'private']);
  assert.deepEqual(prefix.grants[0]?.scope.prefixes, ['a/*']);
  const over = under('request.time < timestamp("2020-01-01T00:00:00Z")');
  assert.deepEqual([over.verdict, over.grants[0]?.state, over.crossAccount], ['private', 'blocked', []]);
  const tagged = under('resource.matchTag("1/env", "prod")');
  assert.equal(tagged.verdict, 'cross-account');
  assert.match(tagged.because.join(), /the condition was not decided/);
  const both = under(`resource.type == "storage.googleapis.com/Bucket" || resource.name.startsWith("${OBJECTS}a/")`);
  assert.deepEqual(
    both.grants.map(({ actions, scope }) => [actions, scope.prefixes]),
    [
      [['list'], ['*']],
      [['read'], ['a/*']],
    ],
  );
});

test('property: times in different zones compare as the instants they are', () => {
  const date = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, minutes) => {
      const shifted = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const size = Math.abs(minutes);
      const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
      assert.ok(Math.abs((instantOf(shifted + zone) ?? 0) - instant.getTime() / 1000) < 1e-3);
    }),
  );
  for (const text of ['', 'tomorrow', '2026-01-02T03:04', '26-01-02']) assert.equal(instantOf(text), null);
});

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
