import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShardHandover } from '../../workers/shard-handover.ts';
import { until } from '../servers/in-time.ts';

/** A queue that answers when it is let. */
function slowQueue() {
  const calls: string[][] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const handover = new ShardHandover((shardIds) => {
    const answer = Promise.withResolvers<void>();
    calls.push(shardIds);
    answers.push(answer);
    return answer.promise;
  });
  return { calls, answers, handover };
}

test('the first shards go at once, those that come meanwhile go together, each once', async () => {
  const { calls, answers, handover } = slowQueue();
  handover.add(['a']);
  handover.add(['b', 'c']);
  handover.add(['d']);
  assert.deepEqual(calls, [['a']]);
  answers[0]?.resolve();
  const end = handover.end();
  await until('the queue to be given the rest', () => answers.length >= 2);
  answers[1]?.resolve();
  await end;
  assert.deepEqual(calls, [['a'], ['b', 'c', 'd']]);
});

test('a queue that fails is told at the next shards and at the end', async () => {
  const { answers, handover } = slowQueue();
  handover.add(['a']);
  answers[0]?.reject(new Error('the queue is gone'));
  await assert.rejects(handover.end(), /the queue is gone/);
  assert.throws(() => handover.add(['b']), /the queue is gone/);
});

test('what waits is dropped when the listing is cancelled, and no call is left under way', async () => {
  const { calls, answers, handover } = slowQueue();
  handover.add(['a']);
  handover.add(['b']);
  const dropped = handover.drop();
  answers[0]?.resolve();
  await dropped;
  assert.deepEqual(calls, [['a']]);
});
