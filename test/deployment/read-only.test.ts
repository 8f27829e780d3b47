import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import { inTime, until } from '../servers/in-time.ts';
import { startRedis } from '../servers/redis.ts';
import { freePort, optional, serverTest } from '../servers/server-process.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { type Confined, confine } from './confined.ts';
import { imageStage, lastOf } from './dockerfile.ts';

const confined = await optional(async () => confine());
const redis = await optional(() => startRedis());
const postgres = await optional(() => startPostgres());
const servers = [confined, redis, postgres].every(({ server }) => server !== null)
  ? { server: { confined: confined.server, redis: redis.server, postgres: postgres.server }, reason: null }
  : { server: null, reason: confined.reason ?? redis.reason ?? postgres.reason ?? '' };
const PORT = /8080/g;

after(async () => {
  await redis.server?.stop();
  await postgres.server?.stop();
  confined.server?.remove();
});

function writeSecret({ data }: Confined): string {
  const file = join(data, 'chat.txt');
  writeFileSync(file, `${expand("'glpat-' alnum:20", 'read-only')}\n`, { mode: 0o644 });
  return file;
}

serverTest(
  confined,
  'the image is run as a user that can write to the folder for temporary files alone',
  async (box) => {
    const { stdout } = await box.run(['id', '-u']);
    assert.equal(stdout, '65532\n');
    for (const place of ['/app/x', '/app/template/x', '/data/x', '/var/lib/assay/x']) {
      assert.notEqual((await box.run(['touch', box.path(place)])).code, 0, place);
    }
    assert.equal((await box.run(['touch', join(box.tmp, 'x')])).code, 0);
  },
);

serverTest(
  confined,
  'a file is scanned, with the prepared database of the image and the state in memory',
  async (box) => {
    const file = writeSecret(box);
    const args = JSON.parse(lastOf(imageStage(), 'ENTRYPOINT')).map(box.path);
    const env = { ASSAY_HOME: join(box.tmp, 'state') };
    const { code, stdout, stderr } = await box.run([...args, 'scan', file, '-f', 'json', '--quiet'], env);
    assert.deepEqual([code, stderr], [0, '']);
    const { findings, coverage } = JSON.parse(stdout);
    assert.deepEqual([findings.length, findings[0].issuer, coverage.objects.complete], [1, 'gitlab', 1]);
  },
);

serverTest(
  servers,
  'a worker of a fleet writes nowhere, is well by the health check of the image, and stops',
  async (server) => {
    const { confined, redis, postgres } = server as { [K in keyof typeof server]: NonNullable<(typeof server)[K]> };
    const env = {
      ASSAY_DATABASE_URL: await postgres.createDatabase(),
      ASSAY_QUEUE_URL: redis.url,
      ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64'),
      ASSAY_HOME: confined.path('/var/lib/assay'),
      TMPDIR: confined.path('/var/lib/assay'),
      ASSAY_THREADS: '1',
    };
    const port = String(await freePort());
    const entry: string[] = JSON.parse(lastOf(imageStage(), 'ENTRYPOINT')).map(confined.path);
    const health: string[] = JSON.parse(
      lastOf(imageStage(), 'HEALTHCHECK')
        .replace(/^.*?CMD /, '')
        .replace(PORT, port),
    );
    assert.equal((await confined.run(health)).code, 1, 'nobody answers yet');
    const worker = confined.start(JSON.parse(lastOf(imageStage(), 'CMD').replace(PORT, port)), env);
    const exit = once(worker, 'exit');
    let told = '';
    worker.stderr?.on('data', (chunk: Buffer) => (told += chunk));
    await until(
      'the worker to answer that it is there',
      async () => (await confined.run(health)).code === 0 || worker.exitCode !== null,
    );
    const file = writeSecret(confined);
    const submitted = await confined.run([...entry, 'submit', file], env);
    assert.deepEqual([submitted.code, submitted.stderr], [0, '']);
    const id = submitted.stdout.trim();
    const { code, stdout } = await confined.run([...entry, 'report', id, '--wait', '-f', 'json', '--quiet'], env);
    assert.deepEqual([code, JSON.parse(stdout).findings.length], [0, 1]);
    worker.kill('SIGTERM');
    assert.deepEqual(await inTime('the worker to stop', exit), [0, null], told);
  },
);
