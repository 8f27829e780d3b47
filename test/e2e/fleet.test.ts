import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { runCli } from '../cli/run-cli.ts';
import { startRedis } from '../servers/redis.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { type Findings, Fleet, findingsOf, writeData } from './fleet-run.ts';

/** Each is a target of its own, so that there is work for two: a shard of small files would take them all. */
const FOLDERS = 6;
const FILES = 300;
const redis = await optional(() => startRedis());
const postgres = await optional(() => startPostgres());
const servers =
  redis.server !== null && postgres.server !== null
    ? { server: { redis: redis.server, postgres: postgres.server }, reason: null }
    : { server: null, reason: redis.reason ?? postgres.reason ?? '' };

const root = mkdtempSync(join(tmpdir(), 'assay-fleet-'));
const targets = Array.from({ length: FOLDERS }, (_unused, at) => join(root, `data${at}`));
const key = randomBytes(32).toString('base64');
let expected: Findings;
let fleet: Fleet | null = null;

before(async () => {
  for (const [at, folder] of targets.entries()) writeData(folder, at * FILES, FILES / FOLDERS);
  const env = { ASSAY_HOME: join(root, 'home'), ASSAY_FINGERPRINT_KEY: key };
  const { stdout } = await runCli(['scan', ...targets, '-f', 'json', '--quiet'], { env });
  expected = findingsOf(stdout);
  assert.equal(expected.state, 'done');
  assert.ok(expected.findings.length >= FILES);
});
afterEach(async () => {
  await fleet?.kill();
  fleet = null;
});
after(async () => {
  await redis.server?.stop();
  await postgres.server?.stop();
  rmSync(root, { recursive: true, force: true });
});

type Servers = NonNullable<typeof servers.server>;

async function newFleet({ redis, postgres }: Servers, queue: 'redis' | 'postgres' = 'redis'): Promise<Fleet> {
  const database = await postgres.createDatabase();
  await redis.ask('FLUSHALL');
  fleet = new Fleet({
    ASSAY_HOME: join(root, 'home'),
    ASSAY_FINGERPRINT_KEY: key,
    ASSAY_DATABASE_URL: database,
    ASSAY_QUEUE_URL: queue === 'redis' ? redis.url : database,
  });
  return fleet;
}

for (const queue of ['redis', 'postgres'] as const) {
  serverTest(
    servers,
    `two workers on ${queue} find what one process finds, and stop when they are told to`,
    async (server) => {
      const fleet = await newFleet(server, queue);
      const workers = [fleet.start('plain'), fleet.start('plain')];
      const id = await fleet.submit(...targets);
      assert.match(id, /^[0-9a-f-]{36}$/);
      assert.deepEqual(await fleet.report(id), expected);
      for (const { child } of workers) child.kill('SIGTERM');
      assert.deepEqual(await Promise.all(workers.map(({ exit }) => exit)), [0, 0]);
    },
  );
}
