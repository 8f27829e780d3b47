import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { runCli } from '../cli/run-cli.ts';
import { freePort } from '../servers/server-process.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Of `/proc`: hundredths of a second. */
const TICKS_A_SECOND = 100;

/** `assay worker` in a process of its own, which tells on standard error when something is wrong. */
export interface BenchWorker {
  child: ChildProcess;
  /** Seconds of processor time, user and system, since it was started. */
  cpuSeconds(): number;
  /** Resident set, MB: now and at its highest. */
  memory(): { now: number; peak: number };
  /** Open files and sockets. */
  files(): { sockets: number; all: number };
  stop(): Promise<void>;
}

/** Starts one with `threads` threads, on core `core` alone unless that is null, and waits until it is ready. */
export async function startWorker(
  env: Record<string, string>,
  { core, threads, nice = 0 }: { core: number | null; threads: number; nice?: number },
): Promise<BenchWorker> {
  const port = await freePort();
  const node = [
    process.execPath,
    `${ROOT}src/cli/main.ts`,
    'worker',
    '--threads',
    `${threads}`,
    '--health-port',
    `${port}`,
  ];
  const pinned = core === null ? node : ['taskset', '-c', `${core}`, ...node];
  const [command = '', ...args] = nice === 0 ? pinned : ['nice', '-n', `${nice}`, ...pinned];
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const exit = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`a worker ended with ${child.exitCode}`);
    await sleep(50);
  }
  const { pid } = child;
  return {
    child,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    },
    memory() {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1000;
      return { now: mb('VmRSS'), peak: mb('VmHWM') };
    },
    files() {
      const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
      return { sockets: links.filter((link) => link.startsWith('socket:')).length, all: links.length };
    },
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Empty when it was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

async function isReady(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Gives a scan to the fleet; answers its id. */
export async function submit(env: Record<string, string>, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(['submit', ...args], { env });
  if (code !== 0) throw new Error(`submit: ${code} ${stderr}`);
  return stdout.trim();
}

export interface Progress {
  objects: number;
  bytes: number;
  listed: number;
  state: string;
}

/** How far a scan is, asked of the ledger's tables. */
export async function progressOf(pool: pg.Pool, scanId: string): Promise<Progress> {
  const { rows } = await pool.query(
    `SELECT scans.state, coalesce(sum(done_objects), 0)::float8 AS objects, coalesce(sum(done_bytes), 0)::float8 AS bytes,
       coalesce(sum(listed_objects), 0)::float8 AS listed
     FROM assay.scans LEFT JOIN assay.shards ON scan_no = no WHERE scans.id = $1 GROUP BY no`,
    [scanId],
  );
  return rows[0];
}

/** Busy share of all cores since the machine started, in seconds. */
export function machineBusySeconds(): number {
  const [, user, nice, system, , , irq, softirq] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '')
    .split(/ +/)
    .map(Number);
  return ((user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0)) / TICKS_A_SECOND;
}

/** Date, revision, machine. */
export function circumstances(): string {
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${new Date().toISOString().slice(0, 16)}Z, revision ${revision}, ${machine}, Node ${process.version}`;
}
