import { Readable } from 'node:stream';
import type { IRedisClient, IRedisTransaction } from 'bullmq';
import { RedisLink } from './redis-link.ts';
import { RedisTransaction, scriptArguments, toRecord } from './redis-transaction.ts';

/** What BullMQ asks of a Redis or Valkey server. */
export class RedisClient extends RedisLink implements IRedisClient {
  duplicate(): IRedisClient {
    const copy = new RedisClient(this.url.href);
    for (const [name, script] of this.scripts) copy.scripts.set(name, script);
    return copy;
  }

  async runCommand(name: string, args: unknown[]): Promise<unknown> {
    const script = this.script(name);
    const rest = scriptArguments(script, args);
    try {
      return await this.send('EVALSHA', script.sha, ...rest);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await this.send('EVAL', script.lua, ...rest);
    }
  }

  multi(): IRedisTransaction {
    return new RedisTransaction(this);
  }
  pipeline(): IRedisTransaction {
    return this.multi();
  }

  async hgetall(key: string): Promise<Record<string, string>> {
    return toRecord(await this.send('HGETALL', key));
  }
  async hget(key: string, field: string): Promise<string | null> {
    return (await this.send('HGET', key, field)) as string | null;
  }
  async hmget(key: string, ...fields: string[]): Promise<(string | null)[]> {
    return (await this.send('HMGET', key, ...fields)) as (string | null)[];
  }
  async hset(key: string, data: Record<string, string | number>): Promise<number> {
    return (await this.send('HSET', key, ...Object.entries(data).flat())) as number;
  }
  async hdel(key: string, ...fields: string[]): Promise<number> {
    return (await this.send('HDEL', key, ...fields)) as number;
  }
  async hexists(key: string, field: string): Promise<number> {
    return (await this.send('HEXISTS', key, field)) as number;
  }
  async get(key: string): Promise<string | null> {
    return (await this.send('GET', key)) as string | null;
  }
  async set(key: string, text: string | number, options: { PX?: number; EX?: number } = {}): Promise<string | null> {
    const { PX, EX } = options;
    const expiry = PX !== undefined ? ['PX', PX] : EX !== undefined ? ['EX', EX] : [];
    return (await this.send('SET', key, text, ...expiry)) as string | null;
  }
  async del(...keys: string[]): Promise<number> {
    return keys.length === 0 ? 0 : ((await this.send('DEL', ...keys)) as number);
  }
  async zrange(key: string, start: number, end: number, options: { WITHSCORES?: boolean } = {}): Promise<string[]> {
    return (await this.send('ZRANGE', key, start, end, ...scores(options))) as string[];
  }
  async zrevrange(key: string, start: number, end: number, options: { WITHSCORES?: boolean } = {}): Promise<string[]> {
    return (await this.send('ZREVRANGE', key, start, end, ...scores(options))) as string[];
  }
  async zcard(key: string): Promise<number> {
    return (await this.send('ZCARD', key)) as number;
  }
  async zscore(key: string, member: string): Promise<string | null> {
    return (await this.send('ZSCORE', key, member)) as string | null;
  }
  async lrange(key: string, start: number, end: number): Promise<string[]> {
    return (await this.send('LRANGE', key, start, end)) as string[];
  }
  async llen(key: string): Promise<number> {
    return (await this.send('LLEN', key)) as number;
  }
  async ltrim(key: string, start: number, end: number): Promise<string> {
    return (await this.send('LTRIM', key, start, end)) as string;
  }
  async lpos(key: string, element: string): Promise<number | null> {
    return (await this.send('LPOS', key, element)) as number | null;
  }
  async smembers(key: string): Promise<string[]> {
    return (await this.send('SMEMBERS', key)) as string[];
  }
  async xadd(
    key: string,
    id: string,
    fields: Record<string, string | number>,
    options: { MAXLEN?: number; approximate?: boolean } = {},
  ): Promise<string> {
    const bound = options.MAXLEN === undefined ? [] : ['MAXLEN', ...about(options), options.MAXLEN];
    return (await this.send('XADD', key, ...bound, id, ...Object.entries(fields).flat())) as string;
  }
  async xread(
    streams: { key: string; id: string }[],
    { BLOCK, COUNT }: { BLOCK?: number; COUNT?: number } = {},
  ): Promise<unknown> {
    const count = COUNT === undefined ? [] : ['COUNT', COUNT];
    const block = BLOCK === undefined ? [] : ['BLOCK', BLOCK];
    const places = [...streams.map(({ key }) => key), ...streams.map(({ id }) => id)];
    return await this.send('XREAD', ...count, ...block, 'STREAMS', ...places);
  }
  async xtrim(
    key: string,
    strategy: 'MAXLEN',
    threshold: number,
    options: { approximate?: boolean } = {},
  ): Promise<number> {
    return (await this.send('XTRIM', key, strategy, ...about(options), threshold)) as number;
  }
  async bzpopmin(key: string, timeout: number): Promise<[key: string, member: string, score: string] | null> {
    return (await this.send('BZPOPMIN', key, timeout)) as [string, string, string] | null;
  }
  async info(): Promise<string> {
    return (await this.send('INFO')) as string;
  }
  async clientSetName(name: string): Promise<unknown> {
    return await this.send('CLIENT', 'SETNAME', name);
  }
  async clientList(): Promise<string> {
    return (await this.send('CLIENT', 'LIST')) as string;
  }
  async clientInfo(): Promise<string> {
    return (await this.send('CLIENT', 'INFO')) as string;
  }
  async scan(cursor: string | number, options: { MATCH?: string; COUNT?: number }): Promise<[string, string[]]> {
    const given = Object.entries(options).filter((one): one is [string, string | number] => one[1] !== undefined);
    return (await this.send('SCAN', cursor, ...given.flat())) as [string, string[]];
  }
  scanStream({ match, count = 100 }: { match: string; count?: number }): Readable {
    const scan = this.scan.bind(this);
    return Readable.from(
      (async function* () {
        let cursor = '0';
        do {
          const [next, keys] = await scan(cursor, { MATCH: match, COUNT: count });
          yield keys;
          cursor = next;
        } while (cursor !== '0');
      })(),
    );
  }
}

function scores({ WITHSCORES }: { WITHSCORES?: boolean }): string[] {
  return WITHSCORES === true ? ['WITHSCORES'] : [];
}

function about({ approximate }: { approximate?: boolean }): string[] {
  return approximate === true ? ['~'] : [];
}
