import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expand } from '../../detectors/sample.ts';
import { runCli } from '../cli/run-cli.ts';
import { until } from '../servers/in-time.ts';
import { freePort } from '../servers/server-process.ts';
import { makeFleetBed } from './fleet-bed.ts';

const bed = await makeFleetBed();
const { root, targets, newFleet, test } = bed;

for (const queue of ['redis', 'postgres'] as const) {
  test(`two workers on ${queue} find what one process finds, and stop when they are told to`, async (server) => {
    const fleet = await newFleet(server, queue);
    const workers = [fleet.start('plain'), fleet.start('plain')];
    const id = await fleet.submit(...targets);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(await fleet.report(id), bed.expected());
    for (const { child } of workers) child.kill('SIGTERM');
    assert.deepEqual(await Promise.all(workers.map(({ ended }) => ended())), [0, 0]);
  });
}

test('a scan that is cancelled stays so, and its workers do the next one', async (server) => {
  const fleet = await newFleet(server);
  fleet.start('quick');
  const cancelled = await fleet.submit(...targets);
  await fleet.isInMiddle(cancelled);
  const { code, stdout } = await runCli(['scans', 'cancel', cancelled], { env: fleet.env });
  assert.deepEqual([code, stdout], [0, `cancelled ${cancelled}\n`]);
  const next = await fleet.submit('--rescan', ...targets);
  assert.notEqual(next, cancelled);
  assert.deepEqual(await fleet.report(next), bed.expected());
  const listed = await runCli(['scans', '-f', 'json'], { env: fleet.env });
  const states = JSON.parse(listed.stdout).map(({ id, state }: { id: string; state: string }) => [id, state]);
  assert.deepEqual(states, [
    [next, 'done'],
    [cancelled, 'cancelled'],
  ]);
});

test('a worker with another fingerprint key does nothing, and answers whether it is ready', async (server) => {
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
  await stranger.hasTold('a scan is left to other workers');
  const answer = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  assert.deepEqual([await answer('/health'), await answer('/ready'), await answer('/other')], [200, 200, 404]);
  await server.redis.kill();
  assert.deepEqual([await answer('/health'), await answer('/ready')], [200, 503]);
  await server.redis.start();
  const { stdout } = await runCli(['scans', 'show', id, '-f', 'json'], { env: fleet.env });
  assert.deepEqual(JSON.parse(stdout).listed, { objects: 0, bytes: 0 });
});

test('detectors of a user who submits are used by workers that have no such folder', async (servers) => {
  const fleet = await newFleet(servers);
  fleet.start('quick');
  fleet.start('quick');
  const data = join(root, 'own-data');
  const detectors = join(root, 'own-detectors');
  mkdirSync(data);
  cpSync(new URL('../../docs/examples/detectors', import.meta.url), detectors, { recursive: true });
  for (const seed of [1, 2]) {
    writeFileSync(join(data, `${seed}.txt`), `ACME_KEY=${expand("'acme_live_' base62:24", seed)}\n`);
  }
  const id = await fleet.submit(data, '--detectors', detectors);
  rmSync(detectors, { recursive: true });
  const { findings } = await fleet.report(id);
  assert.deepEqual(
    findings.map((finding) => (finding as { detector: string }).detector),
    ['acme-api-key', 'acme-api-key'],
  );
});

test('a small scan that is submitted after a large one ends before it', async (servers) => {
  const fleet = await newFleet(servers);
  fleet.start('quick');
  const large = join(root, 'large');
  mkdirSync(large);
  const [small = ''] = targets;
  for (let index = 0; index < 12_000; index++) linkSync(join(small, 'f0.jsonl'), join(large, `f${index}.jsonl`));
  const first = await fleet.submit(large);
  await fleet.isInMiddle(first);
  assert.equal((await fleet.report(await fleet.submit(small))).state, 'done');
  assert.equal((await (await fleet.ledger()).getScan(first))?.state, 'running');
});

test('a worker leaves the unfinished scan of one machine alone, and forgets scans that ended long ago', async (servers) => {
  const fleet = await newFleet(servers);
  const ledger = await fleet.ledger();
  const old = await fleet.submit(...targets);
  await ledger.finishScan(old, 'done', '2020-01-01T00:00:00.000Z');
  const shared = await ledger.getScan(old);
  assert.ok(shared !== null);
  const ofOneMachine = { ...shared, id: randomUUID(), signature: randomUUID(), isShared: false };
  await ledger.createScan(ofOneMachine);
  const id = await fleet.submit(...targets);
  fleet.start('quick');
  assert.deepEqual(await fleet.report(id), bed.expected());
  await until('the old scan to be forgotten', async () => (await ledger.getScan(old)) === null);
  assert.equal((await ledger.getScan(ofOneMachine.id))?.state, 'running');
  assert.deepEqual((await ledger.counters(ofOneMachine.id)).listed, { objects: 0, bytes: 0 });
});
