import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { isAssayError } from '../../src/errors.ts';
import { connectQueues, type JobHandlers, type JobQueue, openQueue } from '../../workers/queue.ts';
import { inTime } from '../servers/in-time.ts';
import { startRedis } from '../servers/redis.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startPostgres } from '../store/postgres-server.ts';

const redis = await optional(() => startRedis());
const postgres = await optional(() => startPostgres());
after(async () => {
  await redis.server?.stop();
  await postgres.server?.stop();
});

const LOCK_MS = 2000;

function shards(scanId: string, count: number): { v: 1; scanId: string; shardId: string }[] {
  return Array.from({ length: count }, (_unused, at) => ({ v: 1, scanId, shardId: `${at}` }));
}

/** Handlers that note the shards they were given; `seen` resolves when so many have come. */
function recorder(): { handlers: JobHandlers; taken: string[]; seen(count: number): Promise<void> } {
  const taken: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    taken,
    handlers: {
      list: async () => {},
      posture: async () => {},
      shard: async ({ shardId }) => {
        taken.push(shardId);
        for (const { count, resolve } of waiting) if (taken.length >= count) resolve();
      },
    },
    seen: (count) =>
      taken.length >= count
        ? Promise.resolve()
        : inTime(`${count} jobs to be taken`, new Promise((resolve) => void waiting.push({ count, resolve }))),
  };
}

async function withQueue(url: string, name: string, run: (queue: JobQueue) => Promise<void>): Promise<void> {
  const queue = await openQueue({ url }, { name, lockMs: LOCK_MS });
  try {
    await run(queue);
  } finally {
    await queue.close();
  }
}

const fail = (error: unknown): void => assert.fail(String(error));

for (const { title, server, url } of [
  { title: 'Redis', server: redis, url: async () => redis.server?.url ?? '' },
  { title: 'PostgreSQL', server: postgres, url: async () => (await postgres.server?.createDatabase()) ?? '' },
]) {
  serverTest<unknown>(server, `${title}: jobs added by one process are taken by another, each once`, async () => {
    const place = await url();
    const name = randomUUID();
    await withQueue(place, name, async (producer) => {
      await producer.add('shard', shards('s', 600));
      await withQueue(place, name, async (consumer) => {
        const { handlers, taken, seen } = recorder();
        consumer.work(handlers, 8, fail);
        await seen(600);
        assert.equal(new Set(taken).size, 600);
        assert.equal(taken.length, 600);
      });
    });
  });

  serverTest<unknown>(server, `${title}: a job that waits or runs is not added again, one that ended is`, async () => {
    const place = await url();
    await withQueue(place, randomUUID(), async (queue) => {
      const [job] = shards('s', 1);
      assert.ok(job !== undefined);
      await queue.add('shard', [job]);
      await queue.add('shard', [job]);
      const running = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      const { handlers, taken, seen } = recorder();
      const shard: JobHandlers['shard'] = async (given, signal) => {
        await handlers.shard(given, signal);
        running.resolve();
        await release.promise;
      };
      queue.work({ ...handlers, shard }, 4, fail);
      await inTime('the job to run', running.promise);
      await queue.add('shard', [job, { ...job, shardId: 'other' }]);
      await seen(2);
      assert.deepEqual(taken, ['0', 'other']);
      release.resolve();
    });
  });

  serverTest<unknown>(server, `${title}: jobs of another name are left alone`, async () => {
    const place = await url();
    await withQueue(place, 'one', async (one) => {
      await withQueue(place, 'two', async (two) => {
        const { handlers, taken, seen } = recorder();
        one.work(handlers, 4, fail);
        await two.add('shard', shards('two', 5));
        await one.add('shard', [{ v: 1, scanId: 'one', shardId: 'mine' }]);
        await seen(1);
        assert.deepEqual(taken, ['mine']);
      });
    });
  });
}

serverTest(redis, 'a worker goes on when Redis comes back, and takes what is added then', async (server) => {
  const queues = await connectQueues(server.url);
  const queue = queues.open({ name: randomUUID() });
  try {
    const { handlers, taken, seen } = recorder();
    queue.work(handlers, 4, () => {});
    await queue.add('shard', shards('before', 3));
    await seen(3);
    await queues.ping();
    await server.kill();
    await assert.rejects(queues.ping());
    await server.start();
    await queue.add('shard', [{ v: 1, scanId: 'after', shardId: 'after' }]);
    await seen(4);
    assert.equal(taken.at(-1), 'after');
  } finally {
    await queue.close();
    await queues.close();
  }
});

serverTest(
  redis,
  'a Redis server without memory refuses jobs, and takes them when it has some again',
  async (server) => {
    await withQueue(server.url, randomUUID(), async (queue) => {
      const { handlers, taken, seen } = recorder();
      queue.work(handlers, 4, () => {});
      await server.ask('CONFIG SET maxmemory 1');
      await assert.rejects(queue.add('shard', shards('full', 3)), /OOM/);
      assert.deepEqual(taken, []);
      await server.ask('CONFIG SET maxmemory 0');
      await queue.add('shard', shards('full', 3));
      await seen(3);
      assert.equal(taken.length, 3);
    });
  },
);

test('a Redis server that refuses the password is an error at once, which does not show it', async (t) => {
  const guarded = await optional(() => startRedis(['--requirepass', 'right-one'], 'right-one'));
  if (guarded.reason !== null) return t.skip(guarded.reason);
  const { host } = new URL(guarded.server.url);
  try {
    for (const [login, how] of [
      ['', 'NOAUTH'],
      [':wrong-one@', 'WRONGPASS'],
    ]) {
      await assert.rejects(openQueue({ url: `redis://${login}${host}` }), (error) => {
        assert.ok(isAssayError(error) && error.exitCode === 2);
        assert.match(error.message, new RegExp(`refuses us \\(${how}\\)`));
        assert.doesNotMatch(inspect(error, { depth: 9 }), /(wrong|right)-one/);
        return true;
      });
    }
    await (await openQueue({ url: `redis://:right-one@${host}/3` })).close();
  } finally {
    await guarded.server.stop();
  }
});

test('an address that is none is refused without being shown', async () => {
  for (const rest of ['a,b/0', 'host:port', 'h%zz@host', 'host/zero', '']) {
    await assert.rejects(openQueue({ url: `redis://:secret@${rest}` }), (error) => {
      assert.ok(isAssayError(error) && error.exitCode === 2);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /secret/);
      return true;
    });
  }
});

test('a Redis server that may evict keys is refused by name', async (t) => {
  const evicting = await optional(() => startRedis(['--maxmemory-policy', 'allkeys-lru']));
  if (evicting.reason !== null) return t.skip(evicting.reason);
  try {
    await assert.rejects(openQueue({ url: evicting.server.url }), (error) => {
      assert.ok(isAssayError(error) && error.exitCode === 2);
      assert.match(error.message, /allkeys-lru.*noeviction/);
      return true;
    });
  } finally {
    await evicting.server.stop();
  }
});
