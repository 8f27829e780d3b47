import { askRedis, connectRedis, refusalOf } from '../../workers/redis-connection.ts';

const TIMEOUT_MS = 5000;

export interface RedisProbe {
  /** `Redis 7.0.15` or `Valkey 8.0.1`. */
  server: string;
  /** Null: the server does not tell (managed services hide it). */
  policy: string | null;
}

/** Looks at a Redis or Valkey server, once. Throws an error whose `code` says how it refuses, or that it is silent. */
export async function probeRedis(address: string): Promise<RedisProbe> {
  const client = connectRedis(address, {
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
  });
  let first: unknown = null;
  client.on('error', (error) => {
    first ??= error;
  });
  try {
    await client.connect();
    const { name, version, evictionPolicy } = await askRedis(client);
    return { server: `${name} ${version ?? 'of unknown version'}`, policy: evictionPolicy };
  } catch (error) {
    throw Object.assign(new Error('redis'), { code: codeOf(first ?? error) });
  } finally {
    client.disconnect();
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  return (
    refusalOf(error) ??
    (message === 'Command timed out' || message === 'connect ETIMEDOUT' ? 'ETIMEDOUT' : 'ECONNRESET')
  );
}
