import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Automaton, buildAutomaton, byteSet } from '../../src/scan/automaton.ts';

function run(automaton: Automaton, text: Buffer): string[] {
  const found: string[] = [];
  let state = automaton.start;
  text.forEach((byte, at) => {
    state = automaton.table[state + (automaton.classes[byte] as number)] as number;
    if (state < automaton.acceptFrom) return;
    for (const id of automaton.outputs[(state - automaton.acceptFrom) / automaton.width] as Int32Array)
      found.push(`${id}@${at}`);
  });
  return found.sort();
}

const anyOf = (letters: string) => byteSet((byte) => letters.includes(String.fromCharCode(byte)));

test('the automaton reports exactly the places where a naive search finds each sequence of byte sets', () => {
  const sets = fc.array(fc.constantFrom('a', 'b', 'ab', 'c', 'abc', 'bd').map(anyOf), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(sets, { minLength: 1, maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '\n') }),
      (lists, text) => {
        const bytes = Buffer.from(text);
        const expected: string[] = [];
        lists.forEach((list, id) => {
          for (let at = 0; at + list.length <= bytes.length; at++) {
            if (list.every((set, k) => set[bytes[at + k] as number] === 1))
              expected.push(`${id}@${at + list.length - 1}`);
          }
        });
        assert.deepEqual(run(buildAutomaton(lists.map((list, id) => ({ id, sets: list }))), bytes), expected.sort());
      },
    ),
  );
});

test('the start of a stream counts as the end of a line', () => {
  const notDigit = byteSet((byte) => byte < 48 || byte > 57);
  const digit = byteSet((byte) => byte >= 48 && byte <= 57);
  const automaton = buildAutomaton([{ id: 7, sets: [notDigit, digit, digit] }]);
  assert.deepEqual(run(automaton, Buffer.from('12')), ['7@1']);
});
