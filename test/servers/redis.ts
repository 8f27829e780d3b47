import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, inTime, isRunning, until } from './in-time.ts';
import { findExecutable, freePort, ServerMissing } from './server-process.ts';

export interface RedisServer {
  url: string;
  /** Sends one command and answers the first line of the reply. */
  ask(command: string): Promise<string>;
  /** Ends it at once, as a crash does. What it held in memory alone is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port when it has ended. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis or Valkey server of its own on 127.0.0.1, which writes nothing to disk. */
export async function startRedis(options: string[] = [], password = ''): Promise<RedisServer> {
  const program = findExecutable(['redis-server', 'valkey-server']);
  if (program === null) throw new ServerMissing('Redis is not installed (Debian: apt-get install redis-server)');
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'assay-redis-'));
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    if (child === null) return;
    const exit = ended(child);
    child.kill('SIGKILL');
    await exit;
  };
  process.once('exit', () => void child?.kill('SIGKILL'));
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    ask: (command) => ask(port, command, password),
    kill,
    async start() {
      if (child !== null && isRunning(child)) return;
      const settings = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', dir, '--save', '', '--appendonly', 'no'];
      const started = spawn(program, [...settings, ...options], { stdio: 'ignore' });
      child = started;
      await until('Redis to be ready', async () => {
        if (started.exitCode !== null) throw new Error(`${program} ended with ${started.exitCode}`);
        return (await ask(port, 'PING', password).catch(() => '')) === '+PONG';
      });
    },
    async stop() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function ask(port: number, command: string, password: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await inTime('a connection to Redis', once(socket, 'connect'));
    let reply = '';
    for (const line of password === '' ? [command] : [`AUTH ${password}`, command]) {
      socket.write(`${line}\r\n`);
      const [bytes] = (await inTime(`Redis to answer ${line}`, once(socket, 'data'))) as [Buffer];
      reply = bytes.toString().split('\r\n')[0] ?? '';
    }
    return reply;
  } finally {
    socket.destroy();
  }
}
