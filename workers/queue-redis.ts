import { Queue, Worker } from 'bullmq';
import { AssayError } from '../src/errors.ts';
import type { QueueBackend } from './queue.ts';
import { RedisClient } from './redis-client.ts';

const CONNECT_MS = 10_000;
/** BullMQ's scripts need it. */
const MIN_VERSION = [6, 2] as const;

/**
 * The queue on a Redis or Valkey server.
 * @throws AssayError `config` when it is too old or may evict jobs, `state-unusable` when it does not answer
 */
export async function onRedis(url: string): Promise<QueueBackend> {
  const client = new RedisClient(url);
  client.on('error', () => {}); // it connects again; whoever waits is told
  try {
    await inTime(client.connect());
    await check(client);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return {
    Queue,
    Worker,
    lend: () => ({ connection: client, giveBack: () => {} }),
    async ping() {
      if (client.status !== 'ready') throw new Error('redis: not connected');
      await client.send('PING');
    },
    async close() {
      client.disconnect();
    },
  };
}

async function check(client: RedisClient): Promise<void> {
  const info = String(await client.send('INFO', 'server'));
  const version = /^(?:valkey_version|redis_version):(\S+)/m.exec(info)?.[1] ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1])) {
    throw new AssayError('config', `queue: the Redis server of ASSAY_QUEUE_URL is ${version}; 6.2 or later is needed`);
  }
  // Managed services hide it.
  const answer = await client.send('CONFIG', 'GET', 'maxmemory-policy').catch(() => null);
  const policy = Array.isArray(answer) ? String(answer[1]) : 'noeviction';
  if (policy === 'noeviction') return;
  throw new AssayError(
    'config',
    `queue: the Redis server of ASSAY_QUEUE_URL may throw jobs away (maxmemory-policy ${policy}); set it to noeviction`,
  );
}

async function inTime(connected: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AssayError('state-unusable', 'The queue of ASSAY_QUEUE_URL cannot be used: no answer in 10 s.')),
    CONNECT_MS,
  );
  try {
    await Promise.race([connected, promise]);
  } finally {
    clearTimeout(timer);
  }
}
