import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottles, Throttle } from '../../src/providers/throttle.ts';

test('a refusal halves the limit once a burst, and answers raise it one by one to where it was', () => {
  const throttle = new Throttle(createThrottles(), 'bucket', 16);
  assert.equal(throttle.limit, 16);
  throttle.refused();
  throttle.refused();
  throttle.refused();
  assert.equal(throttle.limit, 8);
  for (let answer = 0; answer < 9; answer += 1) throttle.accepted();
  assert.equal(throttle.limit, 9);
  for (let answer = 0; answer < 1000; answer += 1) throttle.accepted();
  assert.equal(throttle.limit, 16);
});

test('no more requests are under way than the limit allows, and a release lets the next one go', async () => {
  const throttle = new Throttle(createThrottles(), 'bucket', 2);
  await throttle.acquire(undefined);
  await throttle.acquire(undefined);
  const order: string[] = [];
  const third = throttle.acquire(undefined).then(() => order.push('third'));
  await new Promise(setImmediate);
  order.push('released');
  throttle.release();
  await third;
  assert.deepEqual(order, ['released', 'third']);
});

test('threads that share the memory share the limit of a bucket', () => {
  const memory = createThrottles();
  const here = new Throttle(memory, 'bucket', 16);
  const there = new Throttle(memory, 'bucket', 16);
  here.refused();
  assert.equal(there.limit, 8);
  assert.equal(new Throttle(memory, 'another', 16).limit, 16);
});

test('a waiting request ends with its signal', async () => {
  const throttle = new Throttle(createThrottles(), 'bucket', 1);
  await throttle.acquire(undefined);
  const stop = new AbortController();
  const waiting = throttle.acquire(stop.signal);
  stop.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});
