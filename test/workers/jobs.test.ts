import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobId, parseJob } from '../../workers/jobs.ts';

const shard = { v: 1, scanId: 'scan', shardId: '12' } as const;

test('a job holds ids and nothing else', () => {
  assert.deepEqual(parseJob('shard', shard), shard);
  assert.throws(() => parseJob('shard', { ...shard, key: 'secret/object' }), { code: 'internal' });
  assert.throws(() => parseJob('list', { v: 1, scanId: 'scan', targetIndex: -1 }), { code: 'internal' });
});

test('a job of another version is refused', () => {
  assert.throws(() => parseJob('shard', { ...shard, v: 2 }), { code: 'internal' });
});

test('the same work has the same id, other work another', () => {
  assert.equal(jobId('shard', shard), jobId('shard', { ...shard }));
  const list = { v: 1, scanId: 'scan', targetIndex: 12 } as const;
  assert.equal(new Set([jobId('shard', shard), jobId('list', list), jobId('posture', list)]).size, 3);
});
