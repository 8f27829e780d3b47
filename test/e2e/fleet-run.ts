import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expand } from '../../detectors/sample.ts';
import { type OpenLedger, openLedger } from '../../src/store/ledger.ts';
import { runCli } from '../cli/run-cli.ts';
import { inTime, isRunning, until } from '../servers/in-time.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const CHILD = fileURLToPath(new URL('./fixtures/fleet-worker-child.ts', import.meta.url));

export interface FleetProcess {
  child: ChildProcess;
  /** What it has told on standard error so far. */
  told(): string;
  /** Waits until it has told this. */
  hasTold(text: string): Promise<void>;
  stdout(): string;
  /** Waits for its end; its code. */
  ended(): Promise<number | null>;
}

/** Files of some 70 KB, each with a secret of its own and a column of addresses. */
export function writeData(folder: string, from: number, count: number): void {
  mkdirSync(folder, { recursive: true });
  for (let index = from; index < from + count; index++) {
    const rows = Array.from({ length: 700 }, (_unused, row) => ({
      id: row,
      contact: `user${index}x${row}@mail-${index}.org`,
      text: 'nothing to be seen in this one',
    }));
    const secret = expand("'hf_' alpha:34", index);
    writeFileSync(join(folder, `f${index}.jsonl`), [...rows, { secret }].map((row) => JSON.stringify(row)).join('\n'));
  }
}

export class Fleet {
  readonly env: Record<string, string>;
  private readonly processes: FleetProcess[] = [];
  private opened: Promise<OpenLedger> | null = null;

  constructor(env: Record<string, string>) {
    this.env = env;
  }

  /** `assay worker` itself, or with short times. */
  start(kind: 'plain' | 'quick', env: Record<string, string> = {}, ...options: string[]): FleetProcess {
    const args = kind === 'plain' ? [MAIN, 'worker', ...options] : [CHILD];
    return this.spawn(args, { ASSAY_VERBOSE: 'true', ...env });
  }

  /** `assay scan`, which runs on the queue of the fleet. */
  scan(...args: string[]): FleetProcess {
    return this.spawn([MAIN, 'scan', ...args, '-f', 'json', '--quiet'], {});
  }

  async submit(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCli(['submit', ...args], { env: this.env });
    if (code !== 0) throw new Error(`submit: ${code} ${stderr}`);
    return stdout.trim();
  }

  ledger(): Promise<OpenLedger> {
    this.opened ??= openLedger({ databaseUrl: this.env.ASSAY_DATABASE_URL ?? '' });
    return this.opened;
  }

  /** Resolves when some of the objects have an outcome and not all of them. */
  async isInMiddle(scanId: string): Promise<void> {
    const ledger = await this.ledger();
    await until('a scan to be in its middle', async () => {
      const { done, listed, listingComplete } = await ledger.counters(scanId);
      if (listingComplete) assert.ok(done.objects < listed.objects, 'it was to be disturbed in the middle');
      return done.objects > 0;
    });
  }

  /** The one scan of the fleet that has not ended; waits for it. */
  async runningScan(): Promise<string> {
    const ledger = await this.ledger();
    let id: string | undefined;
    await until('a scan to begin', async () => {
      [id] = await ledger.runningScans();
      return id !== undefined;
    });
    return id ?? assert.fail();
  }

  async report(scanId: string): Promise<Findings> {
    const { stdout, stderr } = await runCli(['report', scanId, '-f', 'json', '--wait', '--quiet'], { env: this.env });
    if (stdout === '') throw new Error(`report: ${stderr}`);
    return findingsOf(stdout);
  }

  /** Ends every process at once. */
  async kill(): Promise<void> {
    await (await this.opened)?.close();
    for (const { child, ended } of this.processes.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended();
    }
  }

  private spawn(args: string[], env: Record<string, string>): FleetProcess {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ASSAY_THREADS: '1', NO_COLOR: '1', ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    const closed = once(child, 'close').then(([code]) => code as number | null);
    const ended = () => inTime(`the end of a process of the fleet, which has told: ${told}`, closed);
    const hasTold = async (text: string): Promise<void> => {
      const what = `a process of the fleet to tell: ${text}`;
      await until(what, () => told.includes(text) || !isRunning(child));
      assert.ok(told.includes(text), `${what}; it ended and has told: ${told}`);
    };
    const spawned = { child, told: () => told, hasTold, stdout: () => stdout, ended };
    this.processes.push(spawned);
    return spawned;
  }
}

export interface Findings {
  state: string;
  coverage: unknown;
  findings: unknown[];
}

/** What a report says that does not depend on when and by whom the scan was made. */
export function findingsOf(report: string): Findings {
  const { scan, coverage, findings } = JSON.parse(report);
  return { state: scan.state, coverage, findings };
}
