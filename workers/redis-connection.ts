import { Redis, type RedisOptions } from 'ioredis';
import { AssayError } from '../src/errors.ts';

const PORT = 6379;
const SENTINEL_PORT = 26_379;
const MAX_PAUSE_MS = 2000;
/** BullMQ's longest wait for a job is 10 s, so a connection that owes an answer for longer is dead. */
const SILENT_MS = 30_000;
const ADDRESS = /^(rediss?):\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?([^@/?]+)(?:\/(\d*))?(?:\?([^#]*))?$/;

/**
 * A connection to the Redis or Valkey server at `redis[s]://[user:password@]host[:port][/database]`. With `?sentinel=NAME`
 * the hosts, several parted by commas, are the Sentinels that know the primary of this name; a password of their own is
 * `&sentinelPassword=`. It is made again whenever it is lost; commands wait for it. Throws `AssayError` `config`.
 */
export function connectRedis(address: string, settings: RedisOptions = {}): Redis {
  const options: RedisOptions = {
    ...placeOf(address),
    // The one that BullMQ is written for.
    protocol: 2,
    disableClientInfo: true,
    // BullMQ asks for it: its workers wait for a server however long that is away.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** times, MAX_PAUSE_MS),
    socketTimeout: SILENT_MS,
    ...settings,
  };
  return new Redis({ ...options, replyMapping: 'legacy' });
}

function placeOf(address: string): RedisOptions {
  const [, scheme, user = '', password = '', hosts = '', database = '', query = ''] = ADDRESS.exec(address) ?? [];
  const parameters = new URLSearchParams(query);
  const sentinel = parameters.get('sentinel');
  const places = hosts.split(',').map((host) => hostOf(host, sentinel === null ? PORT : SENTINEL_PORT));
  const [place] = places;
  if (scheme === undefined || place === undefined || (places.length > 1 && sentinel === null)) throw malformed();
  const login: RedisOptions = {
    ...(user === '' ? {} : { username: decode(user) }),
    ...(password === '' ? {} : { password: decode(password) }),
    db: Number(database),
  };
  const isEncrypted = scheme === 'rediss';
  if (sentinel === null) return { ...login, ...place, ...(isEncrypted ? { tls: {} } : {}) };
  const sentinelPassword = parameters.get('sentinelPassword');
  return {
    ...login,
    sentinels: places,
    name: sentinel,
    failoverDetector: true,
    ...(sentinelPassword === null ? {} : { sentinelPassword }),
    ...(isEncrypted ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

function hostOf(text: string, usualPort: number): { host: string; port: number } {
  const url = URL.parse(`redis://${text}`);
  if (url === null || url.hostname === '') throw malformed();
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || usualPort) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed();
  }
}

/** Does not quote it: it may hold a password. */
function malformed(): AssayError {
  return new AssayError(
    'config',
    'queue: ASSAY_QUEUE_URL is not an address like redis://[user:password@]host[:port][/database]; with several hosts it needs ?sentinel=NAME',
  );
}

export interface RedisFacts {
  name: 'Redis' | 'Valkey';
  /** Null: it does not tell. */
  version: string | null;
  /** Null: it does not tell (managed services hide it). */
  evictionPolicy: string | null;
}

/** Throws what `refusalOf` reads. */
export async function askRedis(client: Redis): Promise<RedisFacts> {
  const info = await client.info('server');
  const field = (name: string): string | null => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? null;
  const valkey = field('valkey_version');
  const answer: unknown = await client.config('GET', 'maxmemory-policy').catch(() => []);
  const policy: unknown = Array.isArray(answer) ? answer[1] : undefined;
  return {
    name: valkey === null ? 'Redis' : 'Valkey',
    version: valkey ?? field('redis_version'),
    evictionPolicy: typeof policy === 'string' ? policy : null,
  };
}

/**
 * The first word of a server's refusal (`WRONGPASS`, `NOAUTH` …), null for any other error. The error itself holds the
 * command with its arguments, also a password: it is neither shown nor passed on.
 */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null;
  return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR';
}
