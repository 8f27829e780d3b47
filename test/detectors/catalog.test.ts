import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadCatalog } from '../../detectors/catalog.ts';
import { checkDetector } from '../../detectors/check-detector.ts';
import type { Detector } from '../../detectors/detector.ts';
import { expandExample } from '../../detectors/sample.ts';
import { compileSet } from '../../src/scan/compile.ts';
import { probabilityOf } from '../../src/scan/evidence.ts';
import { matchText } from '../../src/scan/match-text.ts';

/** Below this a finding is only `possible` and raises no alarm. */
const LIKELY = 0.6;
const SEEDS = ['one', 'two', 'three'];
const catalog = await loadCatalog();

/** Every detector is judged alone: what another one says of its examples is no concern of this test. */
function alarmsOf(detector: Detector): (text: string) => string[] {
  const set = compileSet([detector]);
  return (text) =>
    matchText(set, Buffer.from(text))
      .filter((match) => match.verdict.suppressed === undefined && probabilityOf(match.bits) >= LIKELY)
      .map((match) => `${match.start}..${match.end}`);
}

test('every detector is well formed', () => {
  assert.deepEqual(catalog.flatMap(checkDetector), []);
});

test('the catalogue is sorted by id and no id is used twice', () => {
  const ids = catalog.map((detector) => detector.id);
  assert.deepEqual(ids, [...new Set(ids)].sort());
});

for (const detector of catalog) {
  describe(detector.id, () => {
    const alarms = alarmsOf(detector);
    for (const [index, example] of detector.examples.entries()) {
      test(`finds its example ${index + 1}`, () => {
        for (const seed of SEEDS) {
          const text = expandExample(example, `${detector.id} ${seed}`);
          assert.notEqual(alarms(text).length, 0, `seed ${seed}: nothing was found`);
        }
      });
    }
    for (const [reason, example] of Object.entries(detector.counterExamples)) {
      test(`stays silent: ${reason}`, () => {
        for (const seed of SEEDS) {
          const text = expandExample(example, `${detector.id} ${seed}`);
          assert.deepEqual(alarms(text), [], `seed ${seed}`);
        }
      });
    }
  });
}
