import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../detectors/catalog.ts';
import { expandExample } from '../../detectors/sample.ts';
import { memorySource } from '../../src/model/byte-source.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { MeteredScanner } from '../../src/scan/metered-scanner.ts';
import { createScanner } from '../../src/scan/scanner.ts';

test('a scanner with a clock finds what a scanner finds, and counts a match of every detector that has one', async () => {
  const detectors = await loadCatalog();
  const text = detectors
    .map(({ examples: [example = ''], id }) => JSON.stringify({ text: `\n${expandExample(example, id)}\n` }))
    .join('\n');
  const request = () => ({
    source: memorySource(Buffer.from(text)),
    key: 'examples.jsonl',
    limits: DEFAULT_LIMITS,
    maxLocations: 100,
  });
  const key = Buffer.alloc(32, 3);
  const metered = new MeteredScanner(detectors, key);
  const scan = await metered.scanObject(request());
  assert.deepEqual(scan, await createScanner(detectors, key).scanObject(request()));
  const { detectors: costs } = metered.cost(0);
  const counted = detectors.filter((_, row) => (costs[row]?.steps.matches ?? 0) > 0).map(({ id }) => id);
  const found = new Set([...scan.values, ...scan.columns].map(({ detector }) => detector));
  assert.ok(found.size > 100);
  assert.deepEqual(
    [...found].filter((id) => !counted.includes(id)),
    [],
  );
});

test('what the clock took is subtracted, and what was measured before is forgotten when asked to', async () => {
  const detectors = await loadCatalog();
  const metered = new MeteredScanner(detectors, Buffer.alloc(32, 3));
  const scan = () =>
    metered.scanObject({
      source: memorySource(Buffer.from('password = "correct horse 1"\n'.repeat(1000))),
      key: 'some.txt',
      limits: DEFAULT_LIMITS,
      maxLocations: 1,
    });
  const sum = (clockMs: number): number => {
    const { detectors: costs, shared, numbers } = metered.cost(clockMs);
    return [shared, numbers, ...costs].flatMap(({ ms }) => Object.values(ms)).reduce((all, ms) => all + ms, 0);
  };
  await scan();
  assert.ok(sum(0) > 0);
  metered.nextRound(true);
  assert.equal(sum(0), 0);
  await scan();
  assert.equal(sum(1e9), 0);
});
