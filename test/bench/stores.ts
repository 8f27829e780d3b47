/**
 * What the servers of a fleet do for it, without any scanning: jobs a second and bytes a job in the queue on Redis and on
 * PostgreSQL; objects a second and bytes an object in the ledger on PostgreSQL, which waits for its disk at each commit.
 * Counts are asserted before anything is printed.
 *
 *   node test/bench/stores.ts --jobs 20000 --shards 100
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { openLedger } from '../../src/store/ledger.ts';
import type { JobOf } from '../../workers/jobs.ts';
import { openQueue } from '../../workers/queue.ts';
import { startRedis } from '../servers/redis.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { cleanScan, notableScan, sampleBucket, sampleObject, sampleScan } from '../store/samples.ts';
import { circumstances } from './worker-process.ts';

/** As workers do: jobs at once, objects that are started together, results that are committed together. */
const CONCURRENCY = 3;
const STARTED = 32;
const COMMITTED = 64;
/** One object of so many has something to tell. */
const NOTABLE_EVERY = 10;
const SHARD_OBJECTS = 1000;

const { values } = parseArgs({
  options: { jobs: { type: 'string', default: '20000' }, shards: { type: 'string', default: '100' } },
});
console.log(circumstances());
const redis = await startRedis();
const postgres = await startPostgres({ isDurable: true });
try {
  const client = new Redis(redis.url);
  const memory = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
  await queue('Redis', redis.url, memory);
  client.disconnect();
  const queueUrl = await postgres.createDatabase();
  const pool = new pg.Pool({ connectionString: queueUrl, max: 1 });
  await queue('PostgreSQL', queueUrl, () => tableBytes(pool, 'bullmq'));
  await pool.end();
  await ledger(await postgres.createDatabase(), Number(values.shards));
} finally {
  await redis.stop();
  await postgres.stop();
}

async function queue(name: string, url: string, bytes: () => Promise<number>): Promise<void> {
  const count = Number(values.jobs);
  const scanId = randomUUID();
  const jobs = Array.from({ length: count }, (_unused, at) => ({ v: 1 as const, scanId, shardId: `${at}` }));
  const opened = await openQueue({ url }, { name: `assay-${scanId}` });
  const before = await bytes();
  let started = performance.now();
  await opened.add('shard', jobs);
  const addSeconds = (performance.now() - started) / 1000;
  const perJob = ((await bytes()) - before) / count;
  const done = new Set<string>();
  const { promise: end, resolve, reject } = Promise.withResolvers<void>();
  const shard = async (job: JobOf<'shard'>): Promise<void> => {
    done.add(job.shardId);
    if (done.size === count) resolve();
  };
  const none = async (): Promise<void> => {};
  started = performance.now();
  opened.work({ shard, list: none, posture: none }, CONCURRENCY, reject);
  await end;
  const seconds = (performance.now() - started) / 1000;
  await opened.close();
  assert.equal(done.size, count);
  console.log(
    `queue on ${name}: ${rate(count, addSeconds)} jobs/s added, ${rate(count, seconds)} jobs/s taken and ended, ${perJob.toFixed(0)} bytes a job`,
  );
}

async function ledger(databaseUrl: string, shards: number): Promise<void> {
  const opened = await openLedger({ databaseUrl });
  const bucket = sampleBucket();
  const scan = sampleScan([bucket]);
  await opened.createScan(scan);
  const ids: string[] = [];
  const started = performance.now();
  const before = await tableBytes(opened.pool, 'assay');
  for (let at = 0; at < shards; at++) {
    const objects = Array.from({ length: SHARD_OBJECTS }, (_unused, index) =>
      sampleObject(bucket, `datasets/chat/day=${String(at).padStart(5, '0')}/part-${index}-${randomUUID()}.jsonl.zst`),
    );
    const page = { shards: [{ bucketUri: bucket.uri, objects, outcomes: objects.map(() => null) }] };
    const last = at === shards - 1;
    ids.push(...(await opened.saveListing(scan.id, 0, { ...page, cursor: last ? null : `${at}`, complete: last })));
  }
  const listSeconds = (performance.now() - started) / 1000;
  const listed = (await tableBytes(opened.pool, 'assay')) - before;
  const work = performance.now();
  let statements = 0;
  const one = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      const { objects } = await opened.loadShard(id);
      statements += 1;
      for (let from = 0; from < objects.length; from += COMMITTED) {
        const indexes = objects.slice(from, from + COMMITTED).map((_object, at) => from + at);
        for (let at = 0; at < indexes.length; at += STARTED) {
          await opened.startObjects(id, indexes.slice(at, at + STARTED));
          statements += 1;
        }
        const results = indexes.map((index) => {
          const key = objects[index]?.key ?? '';
          return { index, reused: false, scan: index % NOTABLE_EVERY === 0 ? notableScan(key) : cleanScan(key) };
        });
        await opened.saveObjects(id, results);
        statements += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, one));
  const seconds = (performance.now() - work) / 1000;
  const count = shards * SHARD_OBJECTS;
  const { done } = await opened.counters(scan.id);
  assert.equal(done.objects, count);
  const all = (await tableBytes(opened.pool, 'assay')) - before;
  await opened.pool.query('VACUUM FULL');
  const packed = (await tableBytes(opened.pool, 'assay')) - before;
  await opened.close();
  console.log(
    `ledger: ${rate(count, listSeconds)} objects/s listed, ${(listed / count).toFixed(0)} bytes each; ${rate(count, seconds)} objects/s started and saved in ${rate(statements, seconds)} transactions/s`,
  );
  console.log(
    `ledger: ${(all / count).toFixed(0)} bytes an object afterwards, one in ${NOTABLE_EVERY} with a finding; ${(packed / count).toFixed(0)} after VACUUM FULL`,
  );
}

async function tableBytes(pool: pg.Pool, schema: string): Promise<number> {
  const { rows } = await pool.query(
    'SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND relkind = $2',
    [schema, 'r'],
  );
  return rows[0].bytes;
}

function rate(count: number, seconds: number): string {
  return (count / seconds).toFixed(0);
}
