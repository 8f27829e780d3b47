import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { connectQueues } from '../../workers/queue.ts';
import { inTime } from '../servers/in-time.ts';
import { type SentinelGroup, startSentinel } from '../servers/redis-sentinel.ts';
import { optional, serverTest } from '../servers/server-process.ts';

const group = await optional<SentinelGroup>(startSentinel);
after(() => group.server?.stop());

serverTest(
  group,
  'a queue behind Sentinels follows a fail-over, and its worker takes what is added then',
  async (servers) => {
    const queues = await connectQueues(servers.url);
    const queue = queues.open({ name: randomUUID() });
    const taken = new Set<string>();
    const waiting = new Map<string, () => void>();
    const take = async ({ shardId }: { shardId: string }): Promise<void> => {
      taken.add(shardId);
      waiting.get(shardId)?.();
    };
    const addAndWait = async (shardId: string): Promise<void> => {
      const seen = new Promise<void>((resolve) => void waiting.set(shardId, resolve));
      await queue.add('shard', [{ v: 1, scanId: 's', shardId }]);
      await inTime(`job ${shardId} to be taken`, seen);
    };
    try {
      queue.work({ list: async () => {}, posture: async () => {}, shard: take }, 4, () => {});
      await addAndWait('before');
      await servers.failOver();
      await addAndWait('after');
      assert.deepEqual([...taken], ['before', 'after']);
    } finally {
      await queue.close();
      await queues.close();
    }
  },
);
