import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('bounds of long repetitions hold, though they are asked last', () => {
  const patterns = [
    'k[a-z]{2,64}',
    'k[a-z]{2,64}=',
    'k[a-z=]{3,70}?=(?P<value>[0-9a-z]{4,64})',
    '(?P<name>[a-k]{0,64}?)k(?P<value>[0-9=]{1,64}|é{1,64})x?',
    'k(?P<value>[a-z]{70,90}|[0-9]{3,90})[=0]{0,64}',
    '(?:[a-z]{1,64}=){2}(?P<value>k{0,64})',
  ];
  const run = fc
    .tuple(
      fc.constantFrom('a', 'k', '0', '=', 'é', 'x', ' ', 'ab'),
      fc.constantFrom(1, 2, 4, 62, 63, 64, 65, 69, 70, 71, 90, 140),
    )
    .map(([unit, count]) => unit.repeat(count));
  let matches = 0;
  fc.assert(
    fc.property(fc.constantFrom(...patterns), fc.array(run, { minLength: 1, maxLength: 8 }), (pattern, runs) => {
      const text = Buffer.from(`k${runs.join('')}`);
      const expected = plainly(pattern, text);
      assert.deepEqual(cheaply(pattern, text), expected);
      if (expected !== null) matches++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(matches > 500, `${matches} matches`);
});
