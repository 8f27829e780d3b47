import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type RE2Type from 're2';
import { loadCatalog } from '../../detectors/catalog.ts';
import { expandExample } from '../../detectors/sample.ts';
import { ValuePattern } from '../../src/scan/value-pattern.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

/** What the pattern itself says about a text, groups and places captured. */
function plainly(pattern: string, text: Buffer): unknown {
  const found = new RE2(pattern, 'ud').exec(text);
  if (found === null) return null;
  const end = found.index + found[0].length;
  const [valueStart, valueEnd] = found.indices?.groups?.value ?? [found.index, end];
  const groups = Object.entries(found.groups ?? {}).map(([name, bytes]) => [name, bytes?.toString()]);
  return { start: found.index, end, valueStart, valueEnd, groups: Object.fromEntries(groups) };
}

function cheaply(pattern: string, text: Buffer): unknown {
  const found = new ValuePattern(pattern, true);
  if (!found.find(text, 0, text.length)) return null;
  const { start, end, valueStart, valueEnd, groups } = found;
  return { start, end, valueStart, valueEnd, groups: { ...groups } };
}

test('matches, values and groups are those of the pattern as it is written', () => {
  const text = Buffer.from('é key=(abc) [x] Key: ABC other=def');
  for (const pattern of [
    'key=',
    'key=\\((?P<value>[a-z]+)\\)',
    '(?P<name>k)ey(=)\\((?P<value>[a-z]+)(?P<more>x)?',
    '(?:other=(?P<value>def))',
    'nothing|other=(?P<value>[d-f]+)',
    '(?i)KEY: (?P<value>abc)',
    '(?i:KEY): (?P<value>ABC)',
    '[()[]x](?P<value> )',
    '[^]a-z](?P<value>x)[]]',
    '(?P<value>absent)',
  ]) {
    assert.deepEqual(cheaply(pattern, text), plainly(pattern, text), pattern);
  }
});

test('every example of the catalogue is matched as its pattern says', async () => {
  let compared = 0;
  for (const { id, pattern, examples } of await loadCatalog()) {
    if (pattern === undefined) continue;
    for (const example of examples) {
      const text = Buffer.from(expandExample(example, id));
      assert.deepEqual(cheaply(pattern, text), plainly(pattern, text), id);
      compared++;
    }
  }
  assert.ok(compared > 300);
});
