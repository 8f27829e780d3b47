import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended } from './in-time.ts';

/** The server is not on this machine; says how to get it. */
export class ServerMissing extends Error {}

export interface StopHandle {
  stop(): Promise<void>;
}

/** A server that was started, or the reason why its tests are not run. */
export type Optional<T> = { server: T; reason: null } | { server: null; reason: string };

/** Starts a server. A missing one is a reason not to run its tests, and an error where `CI=true`. */
export async function optional<T>(start: () => Promise<T>): Promise<Optional<T>> {
  try {
    return { server: await start(), reason: null };
  } catch (error) {
    if (!(error instanceof ServerMissing) || process.env.CI === 'true') throw error;
    return { server: null, reason: `not run: ${error.message}` };
  }
}

/** A test that needs a server. */
export function serverTest<T>(
  optionalServer: Optional<T>,
  title: string,
  run: (server: T, t: TestContext) => Promise<void>,
): void {
  test(title, async (t) => {
    if (optionalServer.reason === null) await run(optionalServer.server, t);
    else t.skip(optionalServer.reason);
  });
}

/** First of these that can be executed; a bare name is looked up in PATH. */
export function findExecutable(candidates: (string | undefined)[]): string | null {
  for (const candidate of candidates) {
    if (candidate === undefined || candidate === '') continue;
    const paths = candidate.includes('/')
      ? [candidate]
      : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, candidate));
    const found = paths.find(isExecutable);
    if (found !== undefined) return found;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Lets a server listen on 127.0.0.1; its port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts a server and waits until `readyUrl` answers 200. Its output is in the error when it does not. */
export async function startProcess(
  command: string,
  args: string[],
  readyUrl: string,
  timeoutMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<StopHandle> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      if (output.length < 200) output.push(chunk);
    });
  }
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const deadline = performance.now() + timeoutMs;
  while (!(await answers(readyUrl))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stopProcess(child, kill);
      throw new Error(`${command} did not become ready:\n${Buffer.concat(output).toString().slice(-4000)}`);
    }
    await sleep(50);
  }
  return { stop: () => stopProcess(child, kill) };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function stopProcess(child: ChildProcess, kill: () => void): Promise<void> {
  process.off('exit', kill);
  const exit = ended(child);
  child.kill('SIGTERM');
  await exit;
}
