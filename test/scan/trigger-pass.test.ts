import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCatalog } from '../../detectors/catalog.ts';
import { expandExample } from '../../detectors/sample.ts';
import { buildAutomaton, byteSet } from '../../src/scan/automaton.ts';
import { compileSet } from '../../src/scan/compile.ts';
import { TriggerPass } from '../../src/scan/trigger-pass.ts';
import { confirmTrigger } from '../../src/scan/triggers.ts';

const letter = (text: string) => byteSet((byte) => byte === text.charCodeAt(0));
const automaton = buildAutomaton([{ id: 0, sets: [...'marker'].map(letter) }]);

function places(pass: TriggerPass, bytes: Buffer, from = 0, to = bytes.length): number[] {
  const found: number[] = [];
  pass.run(bytes, from, to, true, (at) => void found.push(at));
  return found;
}

test('two lanes find a marker at every place of a block, in ascending order', () => {
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
  const { automaton, pass, triggers } = compileSet(detectors);
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
        const trigger = triggers[id];
        const start = trigger?.kind === 'text' ? confirmTrigger(trigger, bytes, at) : at;
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
