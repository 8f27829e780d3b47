import { spawn } from 'node:child_process';
import { inTime } from '../servers/in-time.ts';

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a user does, in a process of its own. */
export function runCli(
  args: string[],
  options: { input?: string | Uint8Array; cwd?: string; env?: Record<string, string> } = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  });
  const { promise, resolve, reject } = Promise.withResolvers<CliResult>();
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  child.on('error', reject);
  child.on('close', (code) =>
    resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
  );
  // A program that ends early closes its input: what was not read is not missed.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return inTime(`the end of assay ${args.join(' ')}`, promise).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
}
