import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

export const ROOT = new URL('../..', import.meta.url).pathname;
const SAMPLE_MS = 25;

export interface Run {
  /** Wall clock. */
  seconds: number;
  /** Processor time of the process and all that it started. */
  cpuSeconds: number;
  /** Resident sets of the process and all that it started together, at their highest. */
  peakMb: number;
  code: number;
  stdout: string;
}

/** Runs a program, on one core alone when `cores` is 1. Its standard error is shown only when it fails. */
export async function run(
  command: readonly string[],
  { cores, env = {}, ok = [0], cwd }: { cores: number; env?: Record<string, string>; ok?: number[]; cwd?: string },
): Promise<Run> {
  const pinned = cores === 1 ? ['taskset', '-c', '0', ...command] : command;
  // The shell that waits for the program knows what it took.
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&4; } 4>&2 2>&3';
  const child = spawn('bash', ['-c', script, 'bash', ...pinned], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const parts: Record<1 | 2 | 3, string> = { 1: '', 2: '', 3: '' };
  for (const at of [1, 2, 3] as const) child.stdio[at]?.on('data', (chunk: Buffer) => (parts[at] += chunk.toString()));
  let peakKb = 0;
  const sample = setInterval(() => {
    peakKb = Math.max(peakKb, treeKb(child.pid as number));
  }, SAMPLE_MS);
  const { promise, resolve } = Promise.withResolvers<number>();
  child.on('close', (code) => resolve(code ?? -1));
  const code = await promise;
  clearInterval(sample);
  if (!ok.includes(code)) throw new Error(`${command.join(' ')} ended with ${code}: ${parts[2].slice(-2000)}`);
  const [seconds = 0, user = 0, system = 0] = parts[3].trim().split(/\s+/).map(Number);
  return { seconds, cpuSeconds: user + system, peakMb: Math.round(peakKb / 1024), code, stdout: parts[1] };
}

/** Resident set of a process and its descendants. */
function treeKb(pid: number): number {
  try {
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? own : children.split(' ').reduce((sum, child) => sum + treeKb(Number(child)), own);
  } catch {
    return 0;
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** The median of one figure of several runs. */
export function middle<T>(runs: readonly T[], figure: (run: T) => number): number {
  return median(runs.map(figure));
}

/** Where a table of figures comes from. */
export function circumstances(): string {
  const revision = existsSync(`${ROOT}.git`)
    ? execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim()
    : 'unknown';
  const load = Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
  return `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC at revision ${revision} on ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}; load of the machine before it began: ${load}.`;
}

export function tableOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
