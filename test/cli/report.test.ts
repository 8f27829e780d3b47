import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import type { Report } from '../../src/model/report.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { sampleBucket, sampleScan } from '../store/samples.ts';
import { type CliResult, runCli } from './run-cli.ts';

const TOKEN = expand("'glpat-' alnum:20", 'report');
const folder = mkdtempSync(join(tmpdir(), 'assay-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const home = join(folder, 'home');
mkdirSync(join(folder, 'data'));
writeFileSync(join(folder, 'data', 'a.txt'), `see ${TOKEN}\n`);
writeFileSync(join(folder, 'data', 'b.bin'), Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]));
writeFileSync(join(folder, 'data', `${TOKEN}.png`), 'x');

function cli(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, { cwd: folder, env: { ASSAY_HOME: home, ...env } });
}

let scanned: Report;
before(async () => {
  const args = ['--resume', 'never', '--exclude', '**/*.png', '-o', 'json=scan.json', '-o', 'sarif=scan.sarif'];
  const { code } = await cli(['scan', 'data', ...args, '-o', 'csv=scan.csv', '-o', 'html=scan.html']);
  assert.equal(code, 3);
  scanned = JSON.parse(readFileSync(join(folder, 'scan.json'), 'utf8'));
});

test('a report from the ledger is the scan’s own, in every format, and exits as it did', async () => {
  const args = ['json', 'sarif', 'csv', 'html'].flatMap((format) => ['-o', `${format}=again.${format}`]);
  const { code, stderr } = await cli(['report', ...args]);
  assert.equal(code, 3, stderr);
  for (const format of ['json', 'sarif', 'csv', 'html']) {
    const [first, again] = ['scan', 'again'].map((name) => readFileSync(join(folder, `${name}.${format}`), 'utf8'));
    assert.equal(again, first, format);
    assert.ok(!again?.includes(TOKEN.slice(6, 18)), format);
  }
  assert.equal(scanned.findings.length, 1);
});

test('a scan is named by its id, by the first characters of it, or as the latest', async () => {
  for (const name of [scanned.scan.id, scanned.scan.id.slice(0, 8), 'latest']) {
    const { code, stdout, stderr } = await cli(['report', name, '-f', 'json']);
    assert.equal(code, 3, stderr);
    assert.equal((JSON.parse(stdout) as Report).scan.id, scanned.scan.id);
  }
  const { code, stderr } = await cli(['report', '00000000-0000', '-f', 'json']);
  assert.equal(code, 2);
  assert.match(stderr, /there is no such scan/);
});

test('its options are those of the outputs of a scan', async () => {
  const args = ['report', '--min-coverage', '50', '--objects', 'all', '-f', 'json'];
  const { code, stdout } = await cli(args);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as Report).objects.length, 3);
  assert.equal((await cli([...args, '--fail-on', 'high'])).code, 1);
});

test('--wait on a scan that has ended answers at once', async () => {
  assert.equal((await cli(['report', 'latest', '--wait'])).code, 3);
});

test('another fingerprint key is refused: what it would name were other findings', async () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const { code, stderr } = await cli(['report'], { ASSAY_FINGERPRINT_KEY: key });
  assert.equal(code, 2);
  assert.match(stderr, /another fingerprint key/);
});

test('a scan that has not ended is reported as incomplete, one that failed as failed', async () => {
  const other = join(folder, 'other');
  assert.equal((await runCli(['scan', 'data', '--quiet'], { cwd: folder, env: { ASSAY_HOME: other } })).code, 3);
  const ledger = await openLedger({ stateDir: other });
  const { fingerprintKeyId, detectorSet } = (await ledger.getScan(
    (
      await ledger.db.selectFrom('assay.scans').select('id').executeTakeFirstOrThrow()
    ).id,
  )) as { fingerprintKeyId: string; detectorSet: string };
  const running = sampleScan([sampleBucket()], { fingerprintKeyId, detectorSet });
  const failed = sampleScan([sampleBucket()], { fingerprintKeyId, detectorSet });
  await ledger.createScan(running);
  await ledger.createScan(failed);
  await ledger.finishScan(failed.id, 'failed', '2026-01-02T03:04:05Z');
  await ledger.close();
  const report = (...args: string[]) => runCli(['report', ...args], { cwd: folder, env: { ASSAY_HOME: other } });
  const { code, stdout } = await report(running.id, '--wait', '-f', 'json', '--allow-empty');
  assert.equal(code, 3);
  const { result, scan } = JSON.parse(stdout) as Report;
  assert.equal(scan.state, 'running');
  assert.ok(result.reasons.includes('the scan has not ended'), result.reasons.join());
  assert.equal((await report(failed.id, '--allow-empty')).code, 4);
});
