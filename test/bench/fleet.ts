/**
 * Two workers against one, each with one thread on a core of its own, over Redis and PostgreSQL. Time counts from the first
 * object that is done to the last; the planted keys are counted before a time is believed. The servers are on the same
 * cores. Rounds are interleaved.
 *
 *   node test/bench/fleet.ts --files 128 --megabytes 64 --rounds 3
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { runCli } from '../cli/run-cli.ts';
import { startRedis } from '../servers/redis.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { mixedFolder } from './mixed-data.ts';
import { circumstances, machineBusySeconds, progressOf, startWorker, submit } from './worker-process.ts';

const PLANTED = 8;
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '128' },
    megabytes: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
  },
});
const files = Number(values.files);
const bytes = Number(values.megabytes) * 1_000_000;
const folder = join(tmpdir(), `assay-bench-fleet-${files}-${values.megabytes}`);
await mixedFolder(folder, { files, bytes, planted: PLANTED, seed: 'fleet' });
const home = mkdtempSync(join(tmpdir(), 'assay-bench-fleet-home-'));
const small = join(home, 'small.txt');
writeFileSync(small, 'nothing to see here\n');
const redis = await startRedis();
const postgres = await startPostgres();

interface Run {
  seconds: number;
  cpuSeconds: number[];
  otherCores: number;
}

async function run(workerCount: number): Promise<Run> {
  const database = await postgres.createDatabase();
  await redis.ask('FLUSHALL');
  const env = {
    ASSAY_HOME: home,
    ASSAY_DATABASE_URL: database,
    ASSAY_QUEUE_URL: redis.url,
    ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64'),
  };
  const pool = new pg.Pool({ connectionString: database, max: 2 });
  const workers = await Promise.all(
    Array.from({ length: workerCount }, (_unused, core) => startWorker(env, { core, threads: 1 })),
  );
  // Threads are started for the first scan and kept: this one shall not be it.
  const warm = await submit(env, small);
  while ((await progressOf(pool, warm)).state !== 'done') await sleep(100);
  await sleep(2000);
  const scan = await submit(env, folder);
  const isEnd = async () => (await progressOf(pool, scan)).objects === files;
  while ((await progressOf(pool, scan)).objects === 0) await sleep(20);
  const cpuBefore = workers.map((worker) => worker.cpuSeconds());
  const busyBefore = machineBusySeconds();
  const started = performance.now();
  const first = await progressOf(pool, scan);
  while (!(await isEnd())) await sleep(20);
  const seconds = (performance.now() - started) / 1000;
  const cpuSeconds = workers.map((worker, at) => worker.cpuSeconds() - (cpuBefore[at] ?? 0));
  const others = machineBusySeconds() - busyBefore - cpuSeconds.reduce((sum, one) => sum + one, 0);
  assert.ok(first.objects < files / 8, 'begun in time');
  const { stdout } = await runCli(['report', scan, '-f', 'json', '--wait', '--quiet'], { env });
  const report = JSON.parse(stdout);
  assert.equal(report.coverage.objects.complete, files);
  const found = report.findings.filter(({ issuer }: { issuer: string }) => issuer === 'gitlab');
  assert.equal(found.length, files * PLANTED);
  await pool.end();
  await Promise.all(workers.map((worker) => worker.stop()));
  return { seconds: (seconds * files) / (files - first.objects), cpuSeconds, otherCores: others / seconds };
}

try {
  console.log(circumstances());
  console.log(`${files} objects of ${values.megabytes} MB decoded, ${files * PLANTED} planted keys, all found`);
  console.log(
    '| workers | seconds | MB/s | CPU seconds of each | cores busy with something else |\n|---|---|---|---|---|',
  );
  const ratios: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const [one, two] = [await run(1), await run(2)];
    for (const [count, { seconds, cpuSeconds, otherCores }] of [one, two].entries()) {
      const rate = ((files * bytes) / 1e6 / seconds).toFixed(0);
      const cpu = cpuSeconds.map((each) => each.toFixed(1)).join(' + ');
      console.log(`| ${count + 1} | ${seconds.toFixed(1)} | ${rate} | ${cpu} | ${otherCores.toFixed(2)} |`);
    }
    ratios.push(one.seconds / two.seconds);
    console.log(`two workers do ${ratios.at(-1)?.toFixed(2)} times the work of one`);
  }
} finally {
  await redis.stop();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}
