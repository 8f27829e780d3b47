import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Report } from '../../src/model/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { s3Scan } from './s3-scan.ts';

const root = mkdtempSync(join(tmpdir(), 'assay-budget-'));
const gateway = await optional(startVersitygw);
after(async () => {
  await gateway.server?.stop();
  rmSync(root, { recursive: true, force: true });
});
const TEXT = 'nothing to see here\n'.repeat(5000);

async function scanFolder(
  name: string,
  ...args: string[]
): Promise<{ code: number | null; report: Report; stderr: string }> {
  const folder = join(root, name);
  if (!existsSync(folder)) {
    mkdirSync(folder);
    for (let at = 0; at < 5; at++) writeFileSync(join(folder, `f${at}.txt`), TEXT);
  }
  const file = join(root, `${name}.json`);
  const env = { HOME: root, ASSAY_HOME: join(root, `home-${name}`) };
  const { code, stderr } = await runCli(['scan', folder, '--quiet', '-o', `json=${file}`, ...args], { env });
  return { code, stderr, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

test('a scan ends at its budget of bytes, names what it did not read, and goes on with a larger one', async () => {
  const small = await scanFolder('bytes', '--max-bytes', '250kB');
  assert.equal(small.code, 3, small.stderr);
  const { coverage, result, scan, objects, buckets } = small.report;
  assert.deepEqual(coverage.objects, { listed: 5, complete: 2, reused: 0, partial: 3, skipped: 0, failed: 0 });
  assert.deepEqual(coverage.reasons, { 'partial:budget': 3 });
  assert.ok(coverage.bytes.read <= 250_000, `${coverage.bytes.read}`);
  assert.deepEqual(
    objects.map(({ outcome, level }) => [outcome, level]),
    Array.from({ length: 3 }, () => ['partial:budget', 'unknown']),
  );
  assert.equal(result.reasons[0], 'the scan ended at its budget (--max-bytes)');
  assert.deepEqual([scan.state, scan.budget?.usedUp, scan.budget?.spent.bytes], ['done', 'bytes', coverage.bytes.read]);
  assert.ok((buckets[0]?.sensitivity.scoreAtMost ?? 0) > 0);

  const large = await scanFolder('bytes', '--max-bytes', '10MB');
  assert.equal(large.code, 0, JSON.stringify(large.report.result));
  assert.equal(large.report.scan.id, scan.id, 'the same scan goes on');
  assert.equal(large.report.coverage.objects.complete, 5);
  assert.equal(large.report.coverage.objects.reused, 0);
  assert.equal(large.report.scan.budget, undefined);
});

test('assay scans tells a scan that used up its budget from one that is done', async () => {
  const { report: ended } = await scanFolder('listed', '--max-bytes', '250kB');
  const env = { HOME: root, ASSAY_HOME: join(root, 'home-listed') };
  const told = async (...args: string[]) => (await runCli(['scans', ...args], { env })).stdout;
  const [listed] = JSON.parse(await told('list', '-f', 'json')) as { state: string; budget?: { usedUp: string } }[];
  assert.deepEqual([listed?.state, listed?.budget], ['partial:budget', { usedUp: 'bytes' }]);
  assert.match(await told('list'), new RegExp(`^${ended.scan.id}  partial:budget \\(bytes\\)  `));
  assert.match(await told('show', 'latest'), /^\S+ {2}partial:budget \(bytes\)\n/);
  await scanFolder('listed', '--max-bytes', '10MB');
  assert.match(await told('list'), /^\S+ {2}done +\d/);
});

test('no time at all ends a scan before it lists, and the same command with more goes on', async () => {
  const none = await scanFolder('time', '--max-time', '1ms');
  assert.equal(none.code, 3, none.stderr);
  assert.equal(none.report.scan.budget?.usedUp, 'time');
  assert.equal(none.report.buckets[0]?.exposure.verdict, 'private', 'who can reach it is asked all the same');
  const enough = await scanFolder('time', '--max-time', '1h');
  assert.equal(enough.code, 0, enough.stderr);
  assert.equal(enough.report.scan.id, none.report.scan.id);
});

const { report } = s3Scan(gateway.server?.env ?? {});

serverTest(gateway, 'a budget of requests holds listings and reads', async (server) => {
  const bucket = await newBucket(server);
  for (let at = 0; at < 40; at++) await put(server.client, bucket, `k${at}.txt`, TEXT);
  const { code, report: json } = await report([bucket.uri, '--max-requests', '30', '--threads', '1']);
  const spent = json.scan.budget?.spent;
  assert.equal(code, 3);
  assert.equal(json.scan.budget?.usedUp, 'requests');
  assert.ok(spent !== undefined && spent.requests <= 30, `${spent?.requests} requests`);
  assert.equal(json.coverage.objects.listed, 40);
  assert.ok(
    json.coverage.objects.complete >= 1 && json.coverage.objects.complete < 40,
    `${json.coverage.objects.complete}`,
  );
  assert.equal(json.buckets[0]?.exposure.verdict, 'private', 'who can reach it is asked all the same');

  const { code: whole, report: after } = await report([bucket.uri, '--max-requests', '1000']);
  assert.deepEqual([whole, after.coverage.objects.complete, after.scan.id], [0, 40, json.scan.id]);
});
