import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach } from 'node:test';
import pg from 'pg';
import { runCli } from '../cli/run-cli.ts';
import { Fleet, writeData } from '../e2e/fleet-run.ts';
import { startRedis } from '../servers/redis.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { ROOT } from './dockerfile.ts';

const root = mkdtempSync(join(tmpdir(), 'assay-rights-'));
const postgres = await optional(() => startPostgres());
const redis = await optional(() => startRedis());
const servers =
  postgres.server !== null && redis.server !== null
    ? { server: { postgres: postgres.server, redis: redis.server }, reason: null }
    : { server: null, reason: postgres.reason ?? redis.reason ?? '' };
const page = readFileSync(`${ROOT}docs/deployment.md`, 'utf8');
const env = { ASSAY_HOME: root, ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64') };
let fleet: Fleet | null = null;

afterEach(async () => {
  await fleet?.kill();
  fleet = null;
});
after(async () => {
  await postgres.server?.stop();
  await redis.server?.stop();
  rmSync(root, { recursive: true, force: true });
});

serverTest(
  postgres,
  'a worker works with the rights that the documentation names, and may not change the schema',
  async (server) => {
    const admin = await server.createDatabase();
    const as = (user: string): string => admin.replace('//assay@', `//${user}@`);
    const [roles = '', grants = ''] = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, block]) => block);
    await ask(admin, `${roles}; GRANT CREATE ON DATABASE ${new URL(admin).pathname.slice(1)} TO assay_owner`);
    fleet = new Fleet({ ...env, ASSAY_DATABASE_URL: as('assay_owner'), ASSAY_QUEUE_URL: as('assay_owner') });
    const first = fleet.start('plain');
    await first.hasTold('the worker takes jobs');
    await fleet.kill();
    await ask(as('assay_owner'), grants);

    const ofWorker = { ...env, ASSAY_DATABASE_URL: as('assay_worker'), ASSAY_QUEUE_URL: as('assay_worker') };
    fleet = new Fleet(ofWorker);
    await scanWith(fleet);
    assert.equal((await runCli(['scans'], { env: ofWorker })).code, 0);
    await assert.rejects(ask(as('assay_worker'), 'ALTER TABLE assay.scans ADD COLUMN x int'), /must be owner/);
    await assert.rejects(ask(as('assay_worker'), 'CREATE TABLE assay.x ()'), /permission denied/);
  },
);

serverTest(servers, 'a queue works with the rights in Redis that the documentation names', async (server) => {
  const [, user = '', rights = ''] = /^ACL SETUSER (\S+) on >\S+ (.*)$/m.exec(page) ?? [];
  assert.equal(await server.redis.ask(`ACL SETUSER ${user} on >secret ${rights}`), '+OK');
  assert.equal(await server.redis.ask('ACL SETUSER default off'), '+OK');
  fleet = new Fleet({
    ...env,
    ASSAY_DATABASE_URL: await server.postgres.createDatabase(),
    ASSAY_QUEUE_URL: server.redis.url.replace('//', `//${user}:secret@`),
  });
  await scanWith(fleet);
});

/** A scan from its submission to its report. */
async function scanWith(fleet: Fleet): Promise<void> {
  const worker = fleet.start('plain');
  writeData(join(root, 'data'), 0, 3);
  const id = await fleet.submit('--rescan', join(root, 'data'));
  const { state, findings } = await fleet.report(id);
  assert.equal(state, 'done');
  assert.ok(findings.length >= 3);
  assert.doesNotMatch(worker.told(), /code=/);
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
