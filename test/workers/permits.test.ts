import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Permits } from '../../workers/permits.ts';

const never = new AbortController().signal;

test('never more permits are in use than there are, and everybody gets them in the order of asking', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 }), async (counts) => {
      const permits = new Permits(4);
      let inUse = 0;
      let mostInUse = 0;
      const order: number[] = [];
      await Promise.all(
        counts.map((count, index) =>
          permits.use(count, never, async () => {
            order.push(index);
            inUse += count;
            mostInUse = Math.max(mostInUse, inUse);
            for (let turn = 0; turn < index % 3; turn++) await Promise.resolve();
            inUse -= count;
          }),
        ),
      );
      assert.ok(mostInUse <= 4);
      assert.deepEqual(order, [...counts.keys()]);
    }),
    { numRuns: 50 },
  );
});

test('who takes all permits is alone, and is not overtaken by those who came later', async () => {
  const permits = new Permits(2);
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = permits.use(1, never, () => gate.promise.then(() => log.push('first')));
  const alone = permits.use(2, never, async () => log.push('alone'));
  const later = permits.use(1, never, async () => log.push('later'));
  gate.resolve();
  await Promise.all([first, alone, later]);
  assert.deepEqual(log, ['first', 'alone', 'later']);
});

test('lines take turns, whoever asked for more before', async () => {
  const permits = new Permits(1);
  const order: string[] = [];
  const ask = (line: string, name: string) => permits.use(1, never, async () => void order.push(name), line);
  await Promise.all([
    ...['a1', 'a2', 'a3', 'a4'].map((name) => ask('a', name)),
    ...['b1', 'b2'].map((name) => ask('b', name)),
    ask('c', 'c1'),
  ]);
  assert.deepEqual(order, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
});

test('a taker of all permits is served in the turn of its line, though the others never end to ask', async () => {
  const permits = new Permits(2);
  let isServed = false;
  const busy = async (): Promise<void> => {
    while (!isServed) await permits.use(1, never, () => Promise.resolve(), 'busy');
  };
  const others = [busy(), busy(), busy()];
  const alone = async (): Promise<void> => {
    isServed = true;
  };
  await permits.use(2, never, alone, 'alone');
  await Promise.all(others);
});

test('a failed holder and an aborted waiter give their permits back', async () => {
  const permits = new Permits(1);
  const stop = new AbortController();
  const failing = permits.use(1, never, () => Promise.reject(new Error('broken')));
  const waiting = permits.use(1, stop.signal, async () => assert.fail('must not run'));
  stop.abort(new Error('stopped'));
  await assert.rejects(failing, /broken/);
  await assert.rejects(waiting, /stopped/);
  assert.equal(await permits.use(1, never, async () => 'free'), 'free');
});
