import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../cli/run-cli.ts';
import { makeFleetBed } from './fleet-bed.ts';
import { type Fleet, type FleetProcess, findingsOf } from './fleet-run.ts';

const bed = await makeFleetBed();
const { root, targets, newFleet, test } = bed;

/** `assay scan` in the middle of its work. */
async function inMiddle(fleet: Fleet): Promise<{ scan: FleetProcess; id: string }> {
  const scan = fleet.scan(...targets);
  const id = await fleet.runningScan();
  await fleet.isInMiddle(id);
  return { scan, id };
}

test('without any worker, assay scan does all jobs itself and leaves none on the queue', async (servers) => {
  const fleet = await newFleet(servers);
  const scan = fleet.scan(...targets);
  assert.equal(await scan.ended(), 0, scan.told());
  assert.deepEqual(findingsOf(scan.stdout()), bed.expected());
  assert.equal(await servers.redis.ask('DBSIZE'), ':0');
});

test('beside a worker, with the queue in the database, assay scan reports what one process would', async (servers) => {
  const fleet = await newFleet(servers, 'postgres');
  fleet.start('quick');
  const scan = fleet.scan(...targets);
  assert.equal(await scan.ended(), 0, scan.told());
  assert.deepEqual(findingsOf(scan.stdout()), bed.expected());
});

test('interrupted without workers, the scan stays open, and the same command ends it', async (servers) => {
  const fleet = await newFleet(servers);
  const { scan, id } = await inMiddle(fleet);
  scan.child.kill('SIGINT');
  assert.equal(await scan.ended(), 4);
  assert.match(scan.told(), /interrupted; .*the same command/);
  assert.equal(scan.stdout(), '');
  assert.equal((await (await fleet.ledger()).getScan(id))?.state, 'running');

  const again = fleet.scan(...targets);
  assert.equal(await again.ended(), 0, again.told());
  assert.equal(JSON.parse(again.stdout()).scan.id, id);
  assert.deepEqual(findingsOf(again.stdout()), bed.expected());
});

test('interrupted beside a worker, the worker ends the scan', async (servers) => {
  const fleet = await newFleet(servers);
  const { scan, id } = await inMiddle(fleet);
  scan.child.kill('SIGINT');
  assert.equal(await scan.ended(), 4);
  const worker = fleet.start('quick');
  assert.deepEqual(await fleet.report(id), bed.expected());
  await worker.hasTold('a scan has ended');
});

test('a scan that is cancelled elsewhere ends the command that waits for it', async (servers) => {
  const fleet = await newFleet(servers);
  const { scan, id } = await inMiddle(fleet);
  assert.equal((await runCli(['scans', 'cancel', id], { env: fleet.env })).code, 0);
  assert.equal(await scan.ended(), 4);
  assert.equal(JSON.parse(scan.stdout()).scan.state, 'cancelled');
});

test('standard input is scanned here, and the queue of the fleet is not asked', async (servers) => {
  const fleet = await newFleet(servers);
  await servers.redis.kill();
  try {
    const input = readFileSync(join(targets[0] ?? '', 'f0.jsonl'));
    const { code, stdout, stderr } = await runCli(['scan', '-', '-f', 'json', '--quiet'], { env: fleet.env, input });
    assert.equal(code, 0, stderr);
    assert.ok(JSON.parse(stdout).findings.length > 0);
  } finally {
    await servers.redis.start();
  }
});

test('exit codes are those of a scan on one machine', async (servers) => {
  const fleet = await newFleet(servers);
  const [readable = ''] = targets;
  const unknown = join(root, 'unknown');
  mkdirSync(unknown);
  writeFileSync(join(unknown, 'a.db'), 'SQLite format 3\0');
  const missing = join(root, 'missing');
  for (const [args, code] of [
    [[readable, '--fail-on', 'low'], 1],
    [[unknown], 3],
    [[unknown, missing], 3],
    [[missing], 4],
  ] as const) {
    const { code: given, stderr } = await runCli(['scan', ...args, '-f', 'json', '--quiet'], { env: fleet.env });
    assert.equal(given, code, stderr);
    assert.match(stderr, code === 4 ? /^assay: list folder .*missing: there is no such/ : /^$/);
  }
});
