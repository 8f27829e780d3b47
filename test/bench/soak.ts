/**
 * A fleet of two workers over Redis and PostgreSQL for as long as this takes: many small objects in an S3 server, a lot of
 * text in a folder, the small objects again `--rounds` times. Memory, connections, the queue and the ledger are looked at every few
 * seconds; the planted keys are counted before anything is printed. All samples are written to `--samples`.
 *
 *   node test/bench/soak.ts --objects 200000 --gigabytes 50 --nice 10 --samples /tmp/soak.csv
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createRandom } from '../../detectors/sample.ts';
import { runCli } from '../cli/run-cli.ts';
import { startRedis } from '../servers/redis.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { mixedFolder, smallText } from './mixed-data.ts';
import { circumstances, progressOf, startWorker, submit } from './worker-process.ts';

const FILE_BYTES = 100_000_000;
const PLANTED = 8;
/** One small object of so many has a key. */
const PLANTED_EVERY = 50;
const BUCKET = 'soak';
const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '200000' },
    gigabytes: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '1' },
    nice: { type: 'string', default: '0' },
    every: { type: 'string', default: '5' },
    samples: { type: 'string', default: join(tmpdir(), 'assay-soak.csv') },
  },
});
const objects = Number(values.objects);
const files = Math.round((Number(values.gigabytes) * 1e9) / FILE_BYTES);
setPriority(Number(values.nice));

const home = mkdtempSync(join(tmpdir(), 'assay-soak-'));
const folder = join(tmpdir(), `assay-soak-text-${values.gigabytes}`);
const store = await startVersitygw();
const server = await startRedis();
const postgres = await startPostgres({ isDurable: true });
const database = await postgres.createDatabase();
const env = {
  ...store.env,
  ASSAY_HOME: home,
  ASSAY_DATABASE_URL: database,
  ASSAY_QUEUE_URL: server.url,
  ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64'),
};
const pool = new pg.Pool({ connectionString: database, max: 1 });
const redis = new Redis(server.url);

interface Sample {
  phase: string;
  second: number;
  objects: number;
  bytes: number;
  rssMb: number[];
  sockets: number[];
  ledgerClients: number;
  queueClients: number;
  queueMb: number;
  ledgerMb: number;
}
const samples: Sample[] = [];
let phase = { name: 'idle', scan: '' };
const began = performance.now();
const second = (): number => Math.round((performance.now() - began) / 1000);

async function look(): Promise<void> {
  const { rows } = await pool.query(
    'SELECT (SELECT count(*)::int - 1 FROM pg_stat_activity WHERE datname = current_database()) AS clients, pg_database_size(current_database())::float8 AS bytes',
  );
  const memory = await redis.info('memory');
  const progress = phase.scan === '' ? { objects: 0, bytes: 0 } : await progressOf(pool, phase.scan);
  const sample = {
    phase: phase.name,
    second: second(),
    objects: progress.objects,
    bytes: progress.bytes,
    rssMb: workers.map((worker) => Math.round(worker.memory().now)),
    sockets: workers.map((worker) => worker.files().sockets),
    ledgerClients: rows[0].clients,
    queueClients:
      String(await redis.client('LIST'))
        .trim()
        .split('\n').length - 1,
    queueMb: Number(/used_memory:(\d+)/.exec(memory)?.[1]) / 1e6,
    ledgerMb: rows[0].bytes / 1e6,
  };
  samples.push(sample);
  appendFileSync(values.samples, `${Object.values(sample).flat().join(',')}\n`);
}

interface Done {
  name: string;
  seconds: number;
  cpuSeconds: number;
  objects: number;
  jobs: number;
  commits: number;
}

/** One scan from its submission to its end. `keys`: planted and to be found. */
async function soak(name: string, count: number, keys: number, ...args: string[]): Promise<Done> {
  const cpuBefore = workers.reduce((sum, worker) => sum + worker.cpuSeconds(), 0);
  const commitsBefore = await commits();
  const started = performance.now();
  const scan = await submit(env, ...args);
  phase = { name, scan };
  let progress = await progressOf(pool, scan);
  while (progress.state === 'running') {
    await sleep(1000);
    progress = await progressOf(pool, scan);
  }
  const done = {
    name,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: workers.reduce((sum, worker) => sum + worker.cpuSeconds(), 0) - cpuBefore,
    objects: count,
    jobs: Number(
      (
        await pool.query('SELECT count(*) FROM assay.shards JOIN assay.scans ON scan_no = no WHERE scans.id = $1', [
          scan,
        ])
      ).rows[0].count,
    ),
    commits: (await commits()) - commitsBefore,
  };
  phase = { name: `idle after ${name}`, scan: '' };
  const { stdout } = await runCli(['report', scan, '-f', 'json', '--quiet'], { env });
  const report = JSON.parse(stdout);
  const { listed, complete, reused } = report.coverage.objects;
  assert.deepEqual(
    { state: report.scan.state, listed, complete, reused },
    { state: 'done', listed: count, complete: count, reused: 0 },
  );
  assert.equal(report.findings.filter(({ issuer }: { issuer: string }) => issuer === 'gitlab').length, keys);
  await sleep(30_000);
  return done;
}

async function commits(): Promise<number> {
  const { rows } = await pool.query(
    'SELECT xact_commit::float8 AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0].n;
}

async function upload(): Promise<void> {
  await store.createBucket(BUCKET);
  let next = 0;
  const put = async (): Promise<void> => {
    while (next < objects) {
      const at = next++;
      const random = createRandom(at);
      const bytes = Math.round(300 * 66 ** (random.int(1000) / 1000));
      const Key = `part-${String(Math.floor(at / 1000)).padStart(4, '0')}/${String(at).padStart(7, '0')}.txt`;
      const Body = smallText(`small ${at}`, bytes, at % PLANTED_EVERY === 0);
      await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    }
  };
  await Promise.all(Array.from({ length: 16 }, put));
}

let timer: NodeJS.Timeout | undefined;
const workers: Awaited<ReturnType<typeof startWorker>>[] = [];
try {
  console.log(circumstances());
  await Promise.all([mixedFolder(folder, { files, bytes: FILE_BYTES, planted: PLANTED, seed: 'soak' }), upload()]);
  console.log(`data made in ${second()} s`);
  for (const core of [0, 1]) workers.push(await startWorker(env, { core, threads: 1, nice: Number(values.nice) }));
  writeFileSync(values.samples, '');
  timer = setInterval(() => void look().catch((error: unknown) => console.error(error)), Number(values.every) * 1000);
  const small = [`s3://${BUCKET}`, '--s3-endpoint', store.endpoint, '--s3-region', store.region];
  const done: Done[] = [];
  const smallKeys = Math.ceil(objects / PLANTED_EVERY);
  done.push(await soak('small', objects, smallKeys, ...small));
  done.push(await soak('text', files, files * PLANTED, folder));
  for (let round = 0; round < Number(values.rounds); round++) {
    done.push(await soak('small again', objects, smallKeys, '--rescan', '--resume', 'never', ...small));
  }
  show(done);
  await Promise.all(workers.map((worker) => worker.stop()));
} finally {
  clearInterval(timer);
  redis.disconnect();
  await pool.end();
  await server.stop();
  await postgres.stop();
  await store.stop();
  rmSync(home, { recursive: true, force: true });
}

function show(done: Done[]): void {
  console.log(
    '\n| scan | objects | seconds | objects/s | CPU seconds of both | shards | transactions of the ledger/s |\n|---|---|---|---|---|---|---|',
  );
  for (const { name, seconds, cpuSeconds, objects, jobs, commits } of done) {
    console.log(
      `| ${name} | ${objects} | ${seconds.toFixed(0)} | ${(objects / seconds).toFixed(0)} | ${cpuSeconds.toFixed(0)} | ${jobs} | ${(commits / seconds).toFixed(0)} |`,
    );
  }
  console.log(
    '\n| second | what | objects | stored GB | memory of each, MB | sockets of each | clients of PostgreSQL | of Redis | Redis, MB | ledger, MB |\n|---|---|---|---|---|---|---|---|---|---|',
  );
  const step = Math.max(1, Math.floor(samples.length / 40));
  for (const sample of samples.filter((_sample, at) => at % step === 0 || at === samples.length - 1)) {
    const { second, phase, objects, bytes, rssMb, sockets, ledgerClients, queueClients, queueMb, ledgerMb } = sample;
    console.log(
      `| ${second} | ${phase} | ${objects} | ${(bytes / 1e9).toFixed(2)} | ${rssMb.join(', ')} | ${sockets.join(', ')} | ${ledgerClients} | ${queueClients} | ${queueMb.toFixed(1)} | ${ledgerMb.toFixed(0)} |`,
    );
  }
}
