import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCatalog } from '../../detectors/catalog.ts';
import type { Detector } from '../../detectors/detector.ts';
import { expandExample } from '../../detectors/sample.ts';
import { buildAutomaton, byteSet } from '../../src/scan/automaton.ts';
import { compileSet } from '../../src/scan/compile.ts';
import { planLooks } from '../../src/scan/trigger-looks.ts';
import { TriggerPass } from '../../src/scan/trigger-pass.ts';
import { TriggerTable } from '../../src/scan/trigger-table.ts';
import { planTriggers } from '../../src/scan/triggers.ts';

const letter = (text: string) => byteSet((byte) => byte === text.charCodeAt(0));
const automaton = buildAutomaton([{ id: 0, sets: [...'marker'].map(letter) }]);

function places(pass: TriggerPass, bytes: Buffer, from = 0, to = bytes.length): number[] {
  const found: number[] = [];
  pass.run(bytes, from, to, true, (at) => void found.push(at));
  return found;
}

test('the lanes find a marker at every place of a block, in ascending order', () => {
  const pass = new TriggerPass(automaton);
  for (const length of [2047, 2048, 2049, 65_535, 65_536, 65_537, 131_075]) {
    for (const at of [0, 1, 1020, 1024, length / 2 - 3, length / 2, length - 7, length - 6].map(Math.floor)) {
      const bytes = Buffer.alloc(length, 'x');
      bytes.write('marker', at);
      assert.deepEqual(places(pass, bytes), [at + 5], `length ${length}, at ${at}`);
    }
  }
  const many = Buffer.from('marker.'.repeat(20_000));
  assert.deepEqual(
    places(pass, many),
    Array.from({ length: 20_000 }, (_, n) => n * 7 + 5),
  );
});

test('only markers that end inside the range are reported', () => {
  const pass = new TriggerPass(automaton);
  const bytes = Buffer.from(`${'x'.repeat(3000)}marker${'x'.repeat(3000)}`);
  assert.deepEqual(places(pass, bytes, 0, 3005), []);
  assert.deepEqual(places(pass, bytes, 3005, 6006), [3005]);
  assert.deepEqual(places(pass, bytes, 3006, 6006), []);
});

test('a pass started while another delivers its events does not disturb it', () => {
  const pass = new TriggerPass(automaton);
  const bytes = Buffer.from('marker'.repeat(1000));
  const inner = Buffer.from('xxxx marker'.repeat(400));
  let nested = 0;
  const found: number[] = [];
  pass.run(bytes, 0, bytes.length, true, (at) => {
    found.push(at);
    nested += places(pass, inner).length;
  });
  assert.deepEqual(
    found,
    Array.from({ length: 1000 }, (_, n) => n * 6 + 5),
  );
  assert.equal(nested, 400_000);
});

test('what the looks at nearby bytes rule out no trigger would have confirmed', async () => {
  const detectors = await loadCatalog();
  const { automaton, pass, table } = compileSet(detectors);
  const blind = new TriggerPass(automaton);
  const pieces = detectors.flatMap(({ examples, counterExamples }) =>
    [...examples, ...Object.values(counterExamples)].map((example, seed) => expandExample(example, seed)),
  );
  const confirmed = (by: TriggerPass, bytes: Buffer): { places: string[]; events: number } => {
    const places: string[] = [];
    let events = 0;
    by.run(bytes, 0, bytes.length, true, (at, output) => {
      events++;
      for (const id of automaton.outputs[output] as Int32Array) {
        const start = table.isNumber(id) ? at : table.confirm(id, bytes, at);
        if (start >= 0) places.push(`${id}@${start}`);
      }
    });
    return { places, events };
  };
  let saved = 0;
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary-ascii', maxLength: 8 })), {
    minLength: 300,
    maxLength: 400,
  });
  fc.assert(
    fc.property(text, (parts) => {
      const bytes = Buffer.from(parts.join(' '));
      const looked = confirmed(pass, bytes);
      const all = confirmed(blind, bytes);
      assert.deepEqual(looked.places, all.places);
      saved += all.events - looked.events;
    }),
    { numRuns: 20 },
  );
  assert.ok(saved > 1000, `only ${saved} events were saved`);
});

test('a look ahead delivers just what comes true, however far it goes and whatever bytes it goes over', () => {
  const classes = fc.constantFrom('a-c', '^d', '^\\x00-\\x7f', 'a-z\\x20', '^a', '\\x80-\\xbf', 'd', 'é');
  const unit = fc.constantFrom('a', 'b', 'd', ' ', '\u00e9', '\u0416', '\0', '\x7f');
  const piece = fc
    .tuple(fc.constantFrom('key', 'keyword'), fc.string({ unit, maxLength: 140 }))
    .map((parts) => parts.join(''));
  const texts = fc.array(piece, { minLength: 60, maxLength: 90 }).map((parts) => Buffer.from(parts.join('')));
  let exact = 0;
  fc.assert(
    fc.property(classes, classes, fc.integer({ min: 1, max: 200 }), texts, (through, meets, within, text) => {
      const triggers = [{ literal: 'keyword', ahead: { through, meets, within } }];
      const plan = planTriggers([{ triggers } as unknown as Detector]);
      const automaton = buildAutomaton(plan.patterns);
      const table = new TriggerTable(plan.triggers);
      const pass = new TriggerPass(automaton, planLooks(automaton.outputs, plan));
      const bytes = Buffer.concat([text, Buffer.alloc(Math.max(0, 2048 - text.length)), text]);
      const expected = places(new TriggerPass(automaton), bytes).filter((at) => table.confirm(0, bytes, at) >= 0);
      const found = places(pass, bytes);
      assert.deepEqual(
        found.filter((at) => table.confirm(0, bytes, at) >= 0),
        expected,
      );
      // The last bytes are read one by one, without looks; what is too far away is left open, and so are bytes from 128
      // on unless they are all alike.
      const isExact = within < 100 && ![through, meets].some((set) => set === 'é' || set.endsWith('bf'));
      if (isExact) {
        exact++;
        const inside = found.filter((at) => at < bytes.length - 16);
        assert.deepEqual(
          inside,
          inside.filter((at) => expected.includes(at)),
        );
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(exact > 30, `only ${exact} were exact`);
});
