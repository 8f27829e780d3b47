import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, type TestContext } from 'node:test';
import { runCli } from '../cli/run-cli.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type Optional, optional, serverTest } from '../servers/server-process.ts';
import { type PostgresServer, startPostgres } from '../store/postgres-server.ts';
import { type Findings, Fleet, findingsOf, writeData } from './fleet-run.ts';

/** Each is a target of its own, so that there is work for two from the first moment. */
const FOLDERS = 6;
const FILES = 300;

export interface Servers {
  redis: RedisServer;
  postgres: PostgresServer;
}

export interface FleetBed {
  root: string;
  /** Folders with a secret in each file. */
  targets: string[];
  /** What one process finds in them. */
  expected(): Findings;
  /** A fleet on an empty queue and a new ledger; its processes are ended after the test. */
  newFleet(servers: Servers, queue?: 'redis' | 'postgres'): Promise<Fleet>;
  /** A test that needs both servers. */
  test(title: string, run: (servers: Servers, t: TestContext) => Promise<void>): void;
}

/** Servers and data for the tests of one file. */
export async function makeFleetBed(): Promise<FleetBed> {
  const servers = await startServers();
  const root = mkdtempSync(join(tmpdir(), 'assay-fleet-'));
  const targets = Array.from({ length: FOLDERS }, (_unused, at) => join(root, `data${at}`));
  const key = randomBytes(32).toString('base64');
  const home = join(root, 'home');
  let expected: Findings | null = null;
  const fleets: Fleet[] = [];

  before(async () => {
    if (servers.server === null) return;
    for (const [at, folder] of targets.entries()) writeData(folder, at * FILES, FILES / FOLDERS);
    const env = { ASSAY_HOME: home, ASSAY_FINGERPRINT_KEY: key };
    const { stdout } = await runCli(['scan', ...targets, '-f', 'json', '--quiet'], { env });
    expected = findingsOf(stdout);
    assert.equal(expected.state, 'done');
    assert.ok(expected.findings.length >= FILES);
  });
  afterEach(async () => {
    for (const fleet of fleets.splice(0)) await fleet.kill();
  });
  after(async () => {
    await servers.server?.redis.stop();
    await servers.server?.postgres.stop();
    rmSync(root, { recursive: true, force: true });
  });

  return {
    root,
    targets,
    expected() {
      if (expected === null) throw new Error('nothing was scanned');
      return expected;
    },
    async newFleet({ redis, postgres }, queue = 'redis') {
      const database = await postgres.createDatabase();
      await redis.ask('FLUSHALL');
      const fleet = new Fleet({
        ASSAY_HOME: home,
        ASSAY_FINGERPRINT_KEY: key,
        ASSAY_DATABASE_URL: database,
        ASSAY_QUEUE_URL: queue === 'redis' ? redis.url : database,
      });
      fleets.push(fleet);
      return fleet;
    },
    test: (title, run) => serverTest(servers, title, run),
  };
}

async function startServers(): Promise<Optional<Servers>> {
  const redis = await optional(() => startRedis());
  const postgres = await optional(() => startPostgres());
  if (redis.server !== null && postgres.server !== null) {
    return { server: { redis: redis.server, postgres: postgres.server }, reason: null };
  }
  return { server: null, reason: redis.reason ?? postgres.reason ?? '' };
}
