import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { AssayError } from '../src/errors.ts';
import type { QueueBackend } from './queue.ts';
import { askRedis, connectRedis, refusalOf } from './redis-connection.ts';

const CONNECT_MS = 10_000;
/** BullMQ's scripts need it. */
const MIN_VERSION = [6, 2] as const;

/**
 * The queue on a Redis or Valkey server.
 * @throws AssayError `config` when it refuses us, is too old or may evict jobs, `state-unusable` when it does not answer
 */
export async function onRedis(url: string): Promise<QueueBackend> {
  const client = connectRedis(url);
  client.on('error', () => {}); // it connects again; whoever waits is told
  try {
    await ready(client);
    await check(client);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return {
    Queue,
    Worker,
    lend: () => ({ connection: client, giveBack: () => {} }),
    ping: () => ping(client),
    async close() {
      client.disconnect();
    },
  };
}

/** Does not wait for a server that is away, as any other command does. */
async function ping(client: Redis): Promise<void> {
  const lost = new Error('redis: not connected');
  if (client.status !== 'ready') throw lost;
  const { promise, reject } = Promise.withResolvers<never>();
  const onClose = (): void => reject(lost);
  client.once('close', onClose);
  try {
    await Promise.race([client.ping(), promise]);
  } finally {
    client.off('close', onClose);
  }
}

/** A server that starts just now is waited for; one that refuses us is not. */
async function ready(client: Redis): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let lastCode = '';
  const noAnswer = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
  const onError = (error: Error & { code?: unknown }): void => {
    const refusal = refusalOf(error);
    if (refusal !== null) reject(refused(refusal));
    if (typeof error.code === 'string') lastCode = ` (${error.code})`;
  };
  const timer = setTimeout(() => {
    const message = `The queue of ASSAY_QUEUE_URL cannot be used: no answer in 10 s${lastCode}.`;
    reject(new AssayError('state-unusable', message, { cause: noAnswer }));
  }, CONNECT_MS);
  client.once('ready', resolve).on('error', onError);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    client.off('ready', resolve).off('error', onError);
  }
}

async function check(client: Redis): Promise<void> {
  const { version, evictionPolicy } = await askRedis(client).catch((error: unknown) => {
    throw refused(refusalOf(error) ?? 'no answer');
  });
  const [major = 0, minor = 0] = (version ?? '0').split('.').map(Number);
  if (major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1])) {
    throw new AssayError('config', `queue: the Redis server of ASSAY_QUEUE_URL is ${version}; 6.2 or later is needed`);
  }
  if (evictionPolicy === null || evictionPolicy === 'noeviction') return;
  throw new AssayError(
    'config',
    `queue: the Redis server of ASSAY_QUEUE_URL may throw jobs away (maxmemory-policy ${evictionPolicy}); set it to noeviction`,
  );
}

function refused(how: string): AssayError {
  return new AssayError(
    'config',
    `queue: the Redis server of ASSAY_QUEUE_URL refuses us (${how}); user and password go into the address: redis://user:password@host`,
  );
}
