import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findExecutable, freePort, ServerMissing } from './server-process.ts';

export interface RedisServer {
  url: string;
  /** Sends one command and answers the first line of the reply. */
  ask(command: string): Promise<string>;
  /** Ends it at once, as a crash does. What it held in memory alone is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
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
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  process.once('exit', () => void child?.kill('SIGKILL'));
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    ask: (command) => ask(port, command, password),
    kill,
    async start() {
      const settings = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', dir, '--save', '', '--appendonly', 'no'];
      child = spawn(program, [...settings, ...options], { stdio: 'ignore' });
      while ((await ask(port, 'PING', password).catch(() => '')) !== '+PONG') {
        if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
        await sleep(20);
      }
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
    await once(socket, 'connect');
    let reply = '';
    for (const line of password === '' ? [command] : [`AUTH ${password}`, command]) {
      socket.write(`${line}\r\n`);
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      reply = bytes.toString().split('\r\n')[0] ?? '';
    }
    return reply;
  } finally {
    socket.destroy();
  }
}
