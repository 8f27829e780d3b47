import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detector } from '../../detectors/detector.ts';
import { estimateDistinct } from '../../src/classify/distinct.ts';
import { memorySource } from '../../src/model/byte-source.ts';
import type { ObjectScan } from '../../src/model/finding.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { createScanner } from '../../src/scan/scanner.ts';
import { tarOf, zipOf } from '../decode/archives.ts';

const shared = {
  category: 'secret',
  severity: 'high',
  level: 'restricted',
  fix: 'Rotate it.',
  bits: 5,
  examples: [],
  counterExamples: {},
} as const satisfies Partial<Detector>;
const DETECTORS: Detector[] = [
  {
    ...shared,
    id: 'tok',
    name: 'tok',
    issuer: 'tok',
    maxLength: 12,
    triggers: [{ literal: 'tok_' }],
    pattern: 'tok_[0-9]{8}',
  },
  { ...shared, id: 'id', name: 'id', entity: 'PERSON_ID', maxLength: 11, triggers: [{ digits: ['999-99-9999'] }] },
];

function scan(text: string, key: string): Promise<ObjectScan> {
  const scanner = createScanner(DETECTORS, Buffer.alloc(32, 1));
  return scanner.scanObject({ source: memorySource(Buffer.from(text)), key, limits: DEFAULT_LIMITS, maxLocations: 2 });
}

test('an object with more distinct secrets than are kept is not called complete', async () => {
  const tokens = (count: number) => Array.from({ length: count }, (_, n) => `tok_${10_000_000 + n}\n`).join('');
  assert.equal((await scan(tokens(10_000), 'a.txt')).outcome, 'complete');
  const over = await scan(tokens(10_003), 'a.txt');
  assert.equal(over.outcome, 'partial:memory-limit');
  assert.equal(over.values.length, 10_000);
  assert.equal(over.notes['values-over-limit'], 3);
});

test('a map with more keys than columns are kept loses none of its values', async () => {
  const count = 10_500;
  const people = Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, `100-10-${1000 + (n % 9000)}`]));
  const { columns, outcome } = await scan(`${JSON.stringify(people)}\n`, 'people.json');
  assert.equal(outcome, 'complete');
  assert.equal(
    columns.reduce((sum, { strong }) => sum + strong.count, 0),
    count,
  );
  const rest = columns.find(({ column }) => column === null);
  assert.ok(rest !== undefined && estimateDistinct(rest.strong.distinct) > 400);
});

test('a member is named in the place of a match, with what a detector finds in its name masked', async () => {
  const secret = `tok_${10_000_000 + 7}`;
  const zip = zipOf([
    { name: `people/100-10-1001/${secret}.txt`, data: `${secret}\n` },
    { name: 'plain/100-10-1002.tar', data: tarOf([['inner.txt', `x 100-10-1003\n${secret}\n`]]) },
  ]);
  const scanner = createScanner(DETECTORS, Buffer.alloc(32, 1));
  const scan = await scanner.scanObject({
    source: memorySource(zip),
    key: 'a.zip',
    limits: DEFAULT_LIMITS,
    maxLocations: 10,
  });
  assert.equal(scan.outcome, 'complete');
  const [value] = scan.values;
  assert.deepEqual(
    value?.locations.map(({ member }) => member),
    ['people/10…/tok….txt', 'plain/10….tar/inner.txt'],
  );
  assert.equal(scan.columns[0]?.strong.locations[0]?.member, 'plain/10….tar/inner.txt');
  assert.doesNotMatch(JSON.stringify(scan), /100-10-10|tok_10/);
});
