import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../detectors/catalog.ts';
import { createJudge } from '../../src/scan/judge.ts';
import { COMBINATIONS, plantedText } from './planted.ts';

test('every credential that the bench plants is found with its whole value, as text and inside a JSON string', async () => {
  const judge = createJudge(await loadCatalog());
  const missed = new Set<string>();
  for (let n = 0; n < COMBINATIONS; n++) {
    const { kind, way, value, text } = plantedText(n);
    for (const given of [`before${text}after`, JSON.stringify({ text: `before${text}after` })]) {
      const { findings } = await judge({ text: given });
      const start = given.indexOf(value);
      const isFound = findings.some(
        (one) =>
          one.issuer !== null && one.suppressed === null && one.start === start && one.end === start + value.length,
      );
      if (!isFound) missed.add(`${kind} (${way})`);
    }
  }
  assert.deepEqual([...missed], []);
});
