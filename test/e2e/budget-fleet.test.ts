import assert from 'node:assert/strict';
import type { Report } from '../../src/model/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { makeFleetBed } from './fleet-bed.ts';

const bed = await makeFleetBed();
const { targets, newFleet, test } = bed;

test('a fleet ends a scan at its budget, and goes on with the same scan when it is submitted with a larger one', async (server) => {
  const fleet = await newFleet(server);
  for (let worker = 0; worker < 2; worker++) fleet.start('quick');
  const id = await fleet.submit('--max-bytes', '4MB', ...targets);
  const { code, stdout } = await runCli(['report', id, '-f', 'json', '--wait', '--quiet'], { env: fleet.env });
  const { scan, coverage, result } = JSON.parse(stdout) as Report;
  assert.equal(code, 3);
  assert.equal(scan.budget?.usedUp, 'bytes');
  assert.equal(result.reasons[0], 'the scan ended at its budget (--max-bytes)');
  assert.ok(coverage.objects.complete > 0 && (coverage.reasons['partial:budget'] ?? 0) > 0, JSON.stringify(coverage));
  // Two workers learn within a second what the other one has read.
  assert.ok(coverage.bytes.read <= 2 * 4e6, `${coverage.bytes.read} bytes`);

  assert.equal(await fleet.submit('--max-bytes', '1GB', ...targets), id);
  assert.deepEqual(await fleet.report(id), bed.expected());
});
