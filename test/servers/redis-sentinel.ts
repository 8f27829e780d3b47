import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ended, until } from './in-time.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { findExecutable, freePort, ServerMissing, type StopHandle } from './server-process.ts';

/** Two Redis servers, one a replica of the other, and a Sentinel that watches them. */
export interface SentinelGroup extends StopHandle {
  url: string;
  /** Kills the primary, once; resolves when the other one has taken its place. */
  failOver(): Promise<void>;
}

const NAME = 'assay';

export async function startSentinel(): Promise<SentinelGroup> {
  const program = findExecutable(['redis-server', 'valkey-server']);
  if (program === null) throw new ServerMissing('Redis is not installed (Debian: apt-get install redis-server)');
  const first = await startRedis();
  const second = await startRedis();
  const dir = mkdtempSync(join(tmpdir(), 'assay-sentinel-'));
  const primaryPort = portOf(first);
  await second.ask(`REPLICAOF 127.0.0.1 ${primaryPort}`);
  await until('the replica to follow', () => is(second, 'master_link_status:up'));

  const port = await freePort();
  const file = join(dir, 'sentinel.conf');
  writeFileSync(
    file,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${dir}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 1`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 2000`,
      '',
    ].join('\n'),
  );
  const child = spawn(program, [file, '--sentinel'], { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  // It learns of the replica from the primary.
  await until('the Sentinel to know the replica', async () => {
    if (child.exitCode !== null) throw new Error(`the Sentinel ended with ${child.exitCode}`);
    return (await told(port, 'SENTINEL', 'REPLICAS', NAME)).includes('"master-link-status","ok"');
  });

  return {
    url: `redis://127.0.0.1:${port}/0?sentinel=${NAME}`,
    async failOver() {
      // It stays away: without its data it would come back as an empty primary, and that is another fault.
      await first.kill();
      await until('the replica to be the primary', () => is(second, 'role:master'));
    },
    async stop() {
      process.off('exit', kill);
      const exit = ended(child);
      child.kill('SIGKILL');
      await exit;
      await Promise.all([first.stop(), second.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function portOf({ url }: RedisServer): number {
  return Number(new URL(url).port);
}

async function is(server: RedisServer, fact: string): Promise<boolean> {
  return (await told(portOf(server), 'INFO', 'replication')).includes(fact);
}

/** The reply as JSON, or nothing while the server is away. */
async function told(port: number, command: string, ...words: string[]): Promise<string> {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    return JSON.stringify(await client.call(command, ...words));
  } catch {
    return '';
  } finally {
    client.disconnect();
  }
}
