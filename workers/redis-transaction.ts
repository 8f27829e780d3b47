import type { IRedisTransaction } from 'bullmq';
import type { Argument, RedisLink, Script } from './redis-link.ts';

type Shape = (reply: unknown) => unknown;

/** Commands between MULTI and EXEC; the scripts among them are loaded in front. */
export class RedisTransaction implements IRedisTransaction {
  private readonly client: RedisLink;
  private readonly commands: { words: Argument[]; shape: Shape }[] = [];
  private readonly scripts = new Map<string, string>();

  constructor(client: RedisLink) {
    this.client = client;
  }
  hgetall(key: string): this {
    return this.push(['HGETALL', key], toRecord);
  }
  hset(key: string, data: Record<string, string | number>): this {
    return this.push(['HSET', key, ...Object.entries(data).flat()]);
  }
  hscan(key: string, cursor: string | number, { COUNT }: { COUNT?: number } = {}): this {
    return this.push(['HSCAN', key, cursor, ...(COUNT === undefined ? [] : ['COUNT', COUNT])]);
  }
  smembers(key: string): this {
    return this.push(['SMEMBERS', key]);
  }
  sscan(key: string, cursor: string | number, { COUNT }: { COUNT?: number } = {}): this {
    return this.push(['SSCAN', key, cursor, ...(COUNT === undefined ? [] : ['COUNT', COUNT])]);
  }
  zrange(key: string, start: number, end: number): this {
    return this.push(['ZRANGE', key, start, end]);
  }
  lrange(key: string, start: number, end: number): this {
    return this.push(['LRANGE', key, start, end]);
  }
  llen(key: string): this {
    return this.push(['LLEN', key]);
  }
  del(...keys: string[]): this {
    return this.push(['DEL', ...keys]);
  }
  runCommand(name: string, args: unknown[]): this {
    const script = this.client.script(name);
    this.scripts.set(script.sha, script.lua);
    return this.push(['EVALSHA', script.sha, ...scriptArguments(script, args)]);
  }

  async exec(): Promise<[Error | null, unknown][]> {
    const loads = [...this.scripts.values()].map((lua): Argument[] => ['SCRIPT', 'LOAD', lua]);
    const replies = await this.client.sendAll([
      ...loads,
      ['MULTI'],
      ...this.commands.map(({ words }) => words),
      ['EXEC'],
    ]);
    const answer = replies.at(-1);
    // A command that is refused says why; EXEC then only says that it was.
    if (!Array.isArray(answer)) {
      throw replies.find((reply) => reply instanceof Error) ?? new Error('redis: the transaction was dropped');
    }
    return answer.map((reply: unknown, at) => {
      if (reply instanceof Error) return [reply, undefined];
      return [null, this.commands[at]?.shape(reply)];
    });
  }

  private push(words: Argument[], shape: Shape = (reply) => reply): this {
    this.commands.push({ words, shape });
    return this;
  }
}

export function scriptArguments({ keys }: Script, args: unknown[]): Argument[] {
  const [first] = args;
  const list: unknown[] = args.length === 1 && Array.isArray(first) ? first : args;
  return [keys, ...list.map((one) => (Buffer.isBuffer(one) ? one : one == null ? '' : String(one)))];
}

export function toRecord(reply: unknown): Record<string, string> {
  const flat = reply as string[];
  return Object.fromEntries(
    Array.from({ length: flat.length / 2 }, (_unused, at) => [flat[at * 2], flat[at * 2 + 1]]),
  ) as Record<string, string>;
}
