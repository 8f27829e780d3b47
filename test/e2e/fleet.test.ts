import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { runCli } from '../cli/run-cli.ts';
import { startRedis } from '../servers/redis.ts';
import { freePort, optional, serverTest } from '../servers/server-process.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { type Findings, Fleet, findingsOf, until, writeData } from './fleet-run.ts';

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

serverTest(
  servers,
  'a worker killed in mid-scan costs nothing but the time until another takes its work',
  async (server) => {
    const fleet = await newFleet(server);
    const [first] = [fleet.start('quick'), fleet.start('quick')];
    const id = await fleet.submit(...targets);
    await fleet.isInMiddle(id);
    first.child.kill('SIGKILL');
    assert.deepEqual(await fleet.report(id), expected);
  },
);

serverTest(servers, 'Redis emptied, killed and started again in mid-scan loses no result', async (server) => {
  const fleet = await newFleet(server);
  fleet.start('quick');
  fleet.start('quick');
  const id = await fleet.submit(...targets);
  await fleet.isInMiddle(id);
  await server.redis.ask('FLUSHALL');
  await server.redis.kill();
  await server.redis.start();
  assert.deepEqual(await fleet.report(id), expected);
});

serverTest(servers, 'PostgreSQL restarted in mid-scan is waited for by the workers', async (server) => {
  const fleet = await newFleet(server);
  const workers = [fleet.start('quick'), fleet.start('quick')];
  const id = await fleet.submit(...targets);
  await fleet.isInMiddle(id);
  await server.postgres.restart();
  assert.deepEqual(await fleet.report(id), expected);
  for (const { child } of workers) assert.equal(child.exitCode, null);
});

serverTest(servers, 'a scan that is cancelled stays so, and its workers do the next one', async (server) => {
  const fleet = await newFleet(server);
  fleet.start('quick');
  const cancelled = await fleet.submit(...targets);
  await fleet.isInMiddle(cancelled);
  const { code, stdout } = await runCli(['scans', 'cancel', cancelled], { env: fleet.env });
  assert.deepEqual([code, stdout], [0, `cancelled ${cancelled}\n`]);
  const next = await fleet.submit('--rescan', ...targets);
  assert.notEqual(next, cancelled);
  assert.deepEqual(await fleet.report(next), expected);
  const listed = await runCli(['scans', '-f', 'json'], { env: fleet.env });
  const states = JSON.parse(listed.stdout).map(({ id, state }: { id: string; state: string }) => [id, state]);
  assert.deepEqual(states, [
    [next, 'done'],
    [cancelled, 'cancelled'],
  ]);
});

serverTest(
  servers,
  'a worker with another fingerprint key does nothing, and answers whether it is ready',
  async (server) => {
    const fleet = await newFleet(server);
    const port = await freePort();
    // It looks into the ledger when it starts.
    const id = await fleet.submit(...targets);
    const stranger = fleet.start(
      'plain',
      { ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64') },
      '--health-port',
      `${port}`,
    );
    await until(() => stranger.told().includes('a scan is left to other workers'));
    const answer = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    assert.deepEqual([await answer('/health'), await answer('/ready'), await answer('/other')], [200, 200, 404]);
    await server.redis.kill();
    assert.deepEqual([await answer('/health'), await answer('/ready')], [200, 503]);
    await server.redis.start();
    const { stdout } = await runCli(['scans', 'show', id, '-f', 'json'], { env: fleet.env });
    assert.deepEqual(JSON.parse(stdout).listed, { objects: 0, bytes: 0 });
  },
);
