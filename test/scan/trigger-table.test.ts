import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Detector, Trigger } from '../../detectors/detector.ts';
import { buildAutomaton } from '../../src/scan/automaton.ts';
import { TriggerPass } from '../../src/scan/trigger-pass.ts';
import { TriggerTable } from '../../src/scan/trigger-table.ts';
import { planTriggers } from '../../src/scan/triggers.ts';

/** Where a trigger stands, as the automaton and the table say. */
function found(trigger: Trigger, bytes: Buffer): number[] {
  const plan = planTriggers([{ triggers: [trigger] } as unknown as Detector]);
  const automaton = buildAutomaton(plan.patterns);
  const table = new TriggerTable(plan.triggers);
  const starts: number[] = [];
  new TriggerPass(automaton).run(bytes, 0, bytes.length, true, (at) => {
    const start = table.confirm(0, bytes, at);
    if (start >= 0) starts.push(start);
  });
  return starts;
}

const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

test('a trigger stands where its text and what must stand beside and behind it do', () => {
  const literals = fc.constantFrom('key', 'my_secret', '@', 'a-b-c-d-e', 'KEY=');
  const classes = fc.constantFrom('a-z', '^a-z', '0-9', ' =', '^ ', '\\x80-\\xff');
  const ahead = fc.record({ through: classes, meets: classes, within: fc.integer({ min: 1, max: 6 }) });
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('<lower>', '<upper>') },
    { weight: 1, arbitrary: literals },
    { weight: 4, arbitrary: fc.constantFrom('a', 'z', '0', ' ', '=', '\n', '\xe9') },
  );
  const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  let times = 0;
  fc.assert(
    fc.property(
      literals,
      fc.boolean(),
      optional(classes),
      optional(classes),
      optional(ahead),
      texts,
      (literal, fold, before, after, ahead, pieces) => {
        const text = pieces.replaceAll('<lower>', literal).replaceAll('<upper>', literal.toUpperCase());
        const trigger = { literal, fold, before, after, ahead } as Trigger;
        const { through, meets, within } = ahead ?? { through: '', meets: '', within: 0 };
        const less = `(?:(?![${meets}])[${through}])`;
        const shape = [
          before === undefined ? '' : `(?<=[${before}])`,
          `(?=${fold ? `(?i:${literal})` : literal}${after === undefined ? '' : `(?=[${after}])`}`,
          ahead === undefined ? ')' : `(?=${less}{0,${within - 1}}[${meets}]))`,
        ].join('');
        const expected = [...text.matchAll(new RegExp(shape, 'g'))].map(({ index }) => index);
        assert.deepEqual(found(trigger, Buffer.from(text, 'latin1')), expected, shape);
        times += expected.length;
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(times > 100, `it stood there ${times} times`);
});

test('numbers are told from text', () => {
  const plan = planTriggers([{ triggers: [{ digits: ['999-99-9999'] }, { literal: 'key' }] } as unknown as Detector]);
  const table = new TriggerTable(plan.triggers);
  assert.deepEqual(
    plan.triggers.map((_, id) => table.isNumber(id)),
    plan.triggers.map(({ kind }) => kind === 'number'),
  );
});
