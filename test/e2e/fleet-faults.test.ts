import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/model/report.ts';
import { freePort } from '../servers/server-process.ts';
import { startTcpProxy } from '../servers/tcp-proxy.ts';
import { makeFleetBed, type Servers } from './fleet-bed.ts';
import type { Fleet } from './fleet-run.ts';

const bed = await makeFleetBed();
const { targets, newFleet, test } = bed;

/** A scan that both of two workers are in the middle of. */
async function disturbed(
  servers: Servers,
  queue: 'redis' | 'postgres' = 'redis',
  envs: Record<string, string>[] = [{}, {}],
) {
  const fleet = await newFleet(servers, queue);
  const workers = envs.map((env) => fleet.start('quick', env));
  const id = await fleet.submit(...targets);
  await fleet.isInMiddle(id);
  return { fleet, workers, id };
}

/** How often the objects of a scan were begun. */
async function starts(fleet: Fleet): Promise<number[]> {
  const { pool } = await fleet.ledger();
  const { rows } = await pool.query('SELECT starts FROM assay.shards');
  return rows.flatMap(({ starts }: { starts: Buffer }) => [...starts]);
}

test('a worker killed in mid-scan costs nothing but the time until another takes its work', async (servers) => {
  const { fleet, workers, id } = await disturbed(servers);
  workers[0]?.child.kill('SIGKILL');
  assert.deepEqual(await fleet.report(id), bed.expected());
});

test('a worker that stands still loses its jobs to the other, and what both have read counts once', async (servers) => {
  const { fleet, workers, id } = await disturbed(servers);
  workers[0]?.child.kill('SIGSTOP');
  assert.deepEqual(await fleet.report(id), bed.expected());
  workers[0]?.child.kill('SIGCONT');
  const next = await fleet.submit(targets[0] ?? '', '--rescan');
  workers[1]?.child.kill('SIGKILL');
  assert.equal((await fleet.report(next)).state, 'done');
  assert.deepEqual(await fleet.report(id), bed.expected());
});

test('both workers killed in mid-scan: those that are started then end it', async (servers) => {
  const { fleet, workers, id } = await disturbed(servers);
  for (const { child } of workers) child.kill('SIGKILL');
  await Promise.all(workers.map(({ ended }) => ended()));
  fleet.start('quick');
  fleet.start('quick');
  assert.deepEqual(await fleet.report(id), bed.expected());
});

test('a worker told to stop in mid-scan hands back what it reads, which counts as no crash; another ends the scan', async (servers) => {
  const inHaste = { TEST_WORKER_TIMES: JSON.stringify({ graceMs: 0 }) };
  const { fleet, workers, id } = await disturbed(servers, 'redis', [inHaste, {}]);
  workers[0]?.child.kill('SIGTERM');
  assert.equal(await workers[0]?.ended(), 0);
  assert.deepEqual(await fleet.report(id), bed.expected());
  assert.deepEqual(new Set(await starts(fleet)), new Set([1]));
});

test('a worker told to stop in mid-scan with time for it ends what it reads', async (servers) => {
  const fleet = await newFleet(servers);
  const worker = fleet.start('plain');
  const id = await fleet.submit(...targets);
  await fleet.isInMiddle(id);
  worker.child.kill('SIGTERM');
  assert.equal(await worker.ended(), 0);
  const { done, listed } = await (await fleet.ledger()).counters(id);
  assert.ok(done.objects < listed.objects);
  assert.equal((await starts(fleet)).filter((count) => count > 0).length, done.objects);
});

test('an object that ends each worker that reads it is given up after four starts, and costs no other', async (servers) => {
  const fleet = await newFleet(servers);
  const data = join(bed.root, 'poisoned');
  mkdirSync(data);
  const names = Array.from({ length: 40 }, (_unused, at) => `f${at}.txt`);
  for (const name of [...names, 'kill.txt']) writeFileSync(join(data, name), name);
  const id = await fleet.submit(data);
  let deaths = 0;
  let isOver = false;
  const keepOne = async (): Promise<void> => {
    while (!isOver) {
      await fleet.start('quick', { TEST_THREAD_FILE: '../../workers/fixtures/fake-thread.ts' }).ended();
      if (!isOver) deaths += 1;
    }
  };
  const kept = [keepOne(), keepOne()];
  const { coverage } = await fleet.report(id);
  isOver = true;
  await fleet.kill();
  await Promise.all(kept);
  assert.equal(deaths, 4);
  const { objects, reasons } = coverage as Report['coverage'];
  assert.deepEqual([objects.listed, objects.complete, objects.failed], [41, 40, 1]);
  assert.deepEqual(reasons, { 'failed:poison': 1 });
});

test('Redis emptied, killed and started again in mid-scan loses no result', async (servers) => {
  const { fleet, id } = await disturbed(servers);
  await servers.redis.ask('FLUSHALL');
  await servers.redis.kill();
  await servers.redis.start();
  assert.deepEqual(await fleet.report(id), bed.expected());
});

test('a scan that is submitted while Redis is full is done when it has room again', async (servers) => {
  const fleet = await newFleet(servers);
  const worker = fleet.start('quick');
  await servers.redis.ask('CONFIG SET maxmemory 1');
  try {
    const id = await fleet.submit(...targets);
    await worker.hasTold('the ledger or the queue is away');
    await servers.redis.ask('CONFIG SET maxmemory 0');
    assert.deepEqual(await fleet.report(id), bed.expected());
  } finally {
    await servers.redis.ask('CONFIG SET maxmemory 0');
  }
});

for (const queue of ['redis', 'postgres'] as const) {
  test(`PostgreSQL restarted in mid-scan is waited for by the workers, with the queue on ${queue}`, async (servers) => {
    const { fleet, workers, id } = await disturbed(servers, queue);
    await servers.postgres.kill();
    await servers.postgres.start();
    assert.deepEqual(await fleet.report(id), bed.expected());
    for (const { child } of workers) assert.equal(child.exitCode, null);
  });
}

for (const count of [1, 2]) {
  const title =
    count === 1
      ? 'a worker whose network stands still is done without, and works again when it is back'
      : 'two workers whose networks stand still for a while lose no result and find none twice';
  test(title, async (servers) => {
    const base = await newFleet(servers);
    const urls = [base.env.ASSAY_QUEUE_URL ?? '', base.env.ASSAY_DATABASE_URL ?? ''].map((url) => new URL(url));
    const proxies = await Promise.all(urls.map(({ port }) => startTcpProxy(Number(port))));
    const [queue = '', database = ''] = urls.map((url, at) => {
      url.port = String(proxies[at]?.port);
      return url.href;
    });
    const through = { ASSAY_QUEUE_URL: queue, ASSAY_DATABASE_URL: database };
    try {
      const shaky = base.start('quick', through);
      const other = base.start('quick', count === 1 ? {} : through);
      const id = await base.submit(...targets);
      await base.isInMiddle(id);
      await Promise.all(proxies.map((proxy) => proxy.pause()));
      if (count === 1) assert.deepEqual(await base.report(id), bed.expected());
      for (const proxy of proxies) proxy.resume();
      assert.deepEqual(await base.report(id), bed.expected());
      other.child.kill('SIGKILL');
      const next = await base.submit(targets[0] ?? '', '--rescan');
      assert.equal((await base.report(next)).state, 'done');
      assert.equal(shaky.child.exitCode, null);
    } finally {
      await base.kill();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    }
  });
}

test('workers that are started before their servers wait for them, and stop meanwhile when they are told to', async (servers) => {
  const { redis, postgres } = servers;
  const fleet = await newFleet(servers);
  const port = await freePort();
  const answer = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  await redis.kill();
  await postgres.kill();
  try {
    const worker = fleet.start('plain', {}, '--health-port', `${port}`);
    const stopped = fleet.start('plain');
    await Promise.all([worker, stopped].map(({ hasTold }) => hasTold('the database is away and waited for')));
    assert.deepEqual([await answer('/health'), await answer('/ready')], [200, 503]);
    stopped.child.kill('SIGTERM');
    assert.equal(await stopped.ended(), 0);
    await postgres.start();
    await worker.hasTold('the queue is away and waited for');
    await redis.start();
    await worker.hasTold('the worker takes jobs');
    assert.equal(await answer('/ready'), 200);
    assert.deepEqual(await fleet.report(await fleet.submit(...targets)), bed.expected());
  } finally {
    await postgres.start();
    await redis.start();
  }
});
