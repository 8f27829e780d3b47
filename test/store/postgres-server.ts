import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { ended, inTime, isRunning, until } from '../servers/in-time.ts';
import { findExecutable, freePort, ServerMissing } from '../servers/server-process.ts';

export interface PostgresServer {
  /** Address of a fresh database. */
  createDatabase(): Promise<string>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again when it has ended. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL server of its own on 127.0.0.1. Throws `ServerMissing` where there is none to start. `isDurable`: it waits for
 * the disk at each commit, as a server in use does.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const initdb = findExecutable(['initdb', ...globSync('/usr/lib/postgresql/*/bin/initdb')]);
  if (initdb === null) throw new ServerMissing('PostgreSQL is not installed (Debian: apt-get install postgresql)');
  const postgres = findExecutable([join(dirname(initdb), 'postgres'), 'postgres']) ?? 'postgres';
  const dir = mkdtempSync(join(tmpdir(), 'assay-postgres-'));
  const user = unprivilegedUser();
  if (user !== null) chownSync(dir, user.uid, user.gid);
  const options = { ...user, cwd: dir };
  const data = join(dir, 'data');
  await finish(spawn(initdb, ['-D', data, '-U', 'assay', '-A', 'trust', '-E', 'UTF8', '--no-sync'], options));
  const port = await freePort();
  const settings = ['-h', '127.0.0.1', '-p', `${port}`, '-k', '', ...(isDurable ? [] : ['-F'])];
  const launch = (): ChildProcess => spawn(postgres, ['-D', data, ...settings], { ...options, stdio: 'ignore' });
  let server = launch();
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  const base = `postgres://assay@127.0.0.1:${port}`;
  await ready(`${base}/postgres`, server);
  let databases = 0;
  return {
    async createDatabase() {
      const name = `ledger_${++databases}`;
      await query(`${base}/postgres`, `CREATE DATABASE ${name}`);
      return `${base}/${name}`;
    },
    async kill() {
      const exit = ended(server);
      server.kill('SIGQUIT'); // immediate shutdown: no connection is told, the log is replayed
      await exit;
    },
    async start() {
      if (isRunning(server)) return;
      server = launch();
      await ready(`${base}/postgres`, server);
    },
    async stop() {
      process.off('exit', kill);
      const exit = ended(server);
      server.kill('SIGINT'); // fast shutdown
      await exit;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = users.find((user) => user.startsWith('postgres:')) ?? users.find((user) => user.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new ServerMissing('there is no user postgres or nobody to run it');
  return { uid: Number(uid), gid: Number(gid) };
}

async function finish(child: ChildProcess): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk));
  const [code] = await inTime(`the end of ${child.spawnfile}`, once(child, 'close'));
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}: ${output}`);
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  await until('PostgreSQL to be ready', () =>
    query(url, 'SELECT 1').then(
      () => true,
      (error) => {
        if (server.exitCode !== null) throw error;
        return false;
      },
    ),
  );
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
