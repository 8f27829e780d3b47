import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { runCli } from '../cli/run-cli.ts';
import { freePort } from '../servers/server-process.ts';
import { makeFleetBed } from './fleet-bed.ts';
import { until } from './fleet-run.ts';

const bed = await makeFleetBed();
const { targets, newFleet, test } = bed;

for (const queue of ['redis', 'postgres'] as const) {
  test(`two workers on ${queue} find what one process finds, and stop when they are told to`, async (server) => {
    const fleet = await newFleet(server, queue);
    const workers = [fleet.start('plain'), fleet.start('plain')];
    const id = await fleet.submit(...targets);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(await fleet.report(id), bed.expected());
    for (const { child } of workers) child.kill('SIGTERM');
    assert.deepEqual(await Promise.all(workers.map(({ exit }) => exit)), [0, 0]);
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
  await until(() => stranger.told().includes('a scan is left to other workers'));
  const answer = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  assert.deepEqual([await answer('/health'), await answer('/ready'), await answer('/other')], [200, 200, 404]);
  await server.redis.kill();
  assert.deepEqual([await answer('/health'), await answer('/ready')], [200, 503]);
  await server.redis.start();
  const { stdout } = await runCli(['scans', 'show', id, '-f', 'json'], { env: fleet.env });
  assert.deepEqual(JSON.parse(stdout).listed, { objects: 0, bytes: 0 });
});
