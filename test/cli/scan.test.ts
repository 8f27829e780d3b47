import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import type { Report } from '../../src/model/report.ts';
import { inTime } from '../servers/in-time.ts';
import { type CliResult, runCli } from './run-cli.ts';

const TOKEN = expand("'glpat-' alnum:20", 'scan');
const folder = mkdtempSync(join(tmpdir(), 'assay-scan-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function makeData(name: string, files: Record<string, string | Uint8Array>): string {
  const data = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(data, file, '..'), { recursive: true });
    writeFileSync(join(data, file), content);
  }
  return data;
}

const data = makeData('data', { 'a.txt': `see ${TOKEN}\n`, 'b.txt': 'nothing\n', 'deep/c.jsonl': '{"text":"fine"}\n' });
const env = { ASSAY_HOME: join(folder, 'home') };

function scan(args: string[], more: Record<string, string> = {}): Promise<CliResult> {
  return runCli(['scan', ...args], { cwd: folder, env: { ...env, ...more } });
}

async function report(args: string[]): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await scan([...args, '--quiet', '-f', 'json']);
  assert.notEqual(stdout, '', stderr);
  return { code, ...(JSON.parse(stdout) as Report) };
}

test('without --fail-on a complete scan exits 0, whatever it found; the text says what and where, masked', async () => {
  const { code, stdout, stderr } = await scan(['data', '--resume', 'never']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /GitLab personal/);
  assert.match(stdout, /a\.txt {2}line 1/);
  assert.ok(!stdout.includes(TOKEN.slice(6, 18)));
  assert.equal(stderr, '');
});

test('--fail-on exits 1 when a finding is as severe, and 0 when none is', async () => {
  assert.equal((await scan(['data', '--fail-on', 'critical'])).code, 1);
  assert.equal((await scan(['data', '--exclude', 'a.txt', '--fail-on', 'high'])).code, 0);
});

test('what could not be scanned exits 3, less --min-coverage exits 0, and a violation goes before it', async () => {
  const mixed = makeData('mixed', { 'a.txt': `see ${TOKEN}\n`, 'b.bin': Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]) });
  const partly = await report([mixed]);
  assert.equal(partly.code, 3);
  assert.deepEqual([partly.result.incomplete, partly.result.violated], [true, false]);
  assert.equal(partly.coverage.reasons['skipped:unsupported'], 1);
  assert.equal((await report([mixed, '--min-coverage', '50'])).code, 0);
  const both = await report([mixed, '--fail-on', 'low']);
  assert.equal(both.code, 1);
  assert.deepEqual([both.result.incomplete, both.result.violated], [true, true]);
});

test('nothing listed exits 3, and 0 with --allow-empty', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  assert.equal((await scan([empty])).code, 3);
  assert.equal((await scan([empty, '--allow-empty'])).code, 0);
});

test('a single target that is not there exits 4 with one clear line', async () => {
  const { code, stdout, stderr } = await scan(['absent']);
  assert.equal(code, 4);
  assert.equal(stdout, '');
  assert.match(stderr, /^assay: .*absent/);
  assert.equal(stderr.trim().split('\n').length, 1);
});

test('a second scan reads nothing again; --rescan does', async () => {
  await scan(['data']);
  const again = await report([data]);
  assert.equal(again.coverage.objects.reused, 3);
  assert.equal(again.coverage.bytes.read, 0);
  assert.equal(again.findings.length, 1);
  const anew = await report([data, '--rescan']);
  assert.equal(anew.coverage.objects.reused, 0);
  assert.equal(anew.findings.length, 1);
});

test('--include and --exclude choose by key; what is left out is listed but not scannable', async () => {
  const { code, coverage } = await report([data, '--include', '**/*.txt', '--exclude', 'b*']);
  assert.equal(code, 0);
  assert.equal(coverage.objects.complete, 1);
  assert.deepEqual(coverage.reasons, { 'skipped:excluded': 2 });
});

test('--objects all lists the clean ones too', async () => {
  assert.equal((await report([data])).objects.length, 1);
  assert.equal((await report([data, '--objects', 'all'])).objects.length, 3);
});

test('--max-locations bounds the places and not the count', async () => {
  const many = makeData('many', { 'a.txt': `${TOKEN}\n`.repeat(9) });
  const [finding] = (await report([many, '--max-locations', '4'])).findings;
  assert.equal(finding?.count, 9);
  assert.equal(finding?.locations.length, 4);
});

test('one scan writes several formats, each to its place', async () => {
  const out = (name: string) => join(folder, name);
  const args = ['data', '-f', 'jsonl', '-o', `html=${out('r.html')}`, '-o', `json=${out('r.json')}`];
  const { code, stdout } = await scan(args);
  assert.equal(code, 0);
  const types = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);
  assert.equal(types[0], 'scan');
  assert.equal(types.at(-1), 'result');
  for (const type of ['object', 'finding', 'bucket', 'coverage']) assert.ok(types.includes(type), type);
  assert.match(readFileSync(out('r.html'), 'utf8'), /^<!doctype html>/i);
  assert.equal((JSON.parse(readFileSync(out('r.json'), 'utf8')) as Report).schema, 'assay.report/v1');
});

test('a place that cannot be written is told before anything is scanned', async () => {
  const home = join(folder, 'untouched');
  const { code, stderr } = await scan(['data', '-o', 'json=absent/r.json'], { ASSAY_HOME: home });
  assert.equal(code, 2);
  assert.match(stderr, /absent\/r\.json/);
  assert.equal(existsSync(home), false);
});

test('./assay.yaml and the environment configure a scan', async () => {
  writeFileSync(join(folder, 'assay.yaml'), 'failOn: low\n');
  try {
    assert.equal((await scan(['data'])).code, 1);
    assert.equal((await scan(['data'], { ASSAY_EXCLUDE: 'a.txt' })).code, 0);
  } finally {
    rmSync(join(folder, 'assay.yaml'));
  }
});

test('a database server without a fingerprint key, a bad key and an unknown scan to resume exit 2', async () => {
  assert.equal((await scan(['data'], { ASSAY_DATABASE_URL: 'postgres://127.0.0.1:1/x' })).code, 2);
  assert.equal((await scan(['data'], { ASSAY_FINGERPRINT_KEY: 'short' })).code, 2);
  const { code, stderr } = await scan(['data', '--resume', '00000000-0000-4000-8000-000000000000']);
  assert.equal(code, 2);
  assert.match(stderr, /no such scan/);
});

test('--verbose tells the steps on standard error, as JSON lines when asked', async () => {
  const { stdout, stderr } = await scan(['data', '--verbose', '--log-format', 'json', '-f', 'json']);
  assert.equal((JSON.parse(stdout) as Report).schema, 'assay.report/v1');
  const messages = stderr
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
  assert.ok(messages.includes('listed'));
  assert.match((await scan(['data', '--verbose'])).stderr, /^assay: listed .*complete=true/m);
});

test('a place for the state that cannot be used is named', async () => {
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  writeFileSync(join(locked, 'file'), '');
  chmodSync(locked, 0o500);
  const { code, stderr } = await scan(['data'], { ASSAY_HOME: join(locked, 'file', 'home') });
  assert.ok(code === 2 || code === 4);
  assert.match(stderr, /locked/);
});

test('an interrupt ends the scan gracefully, says how to go on, and the same command does', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 1500 }, (_, i) => [
      `part-${i}.txt`,
      `${'some words here. '.repeat(600)}${i % 100 === 0 ? TOKEN : ''}`,
    ]),
  );
  const large = makeData('large', files);
  const home = { ASSAY_HOME: join(folder, 'home-interrupted') };
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, 'scan', large, '--verbose', '--threads', '1'], {
    env: { ...process.env, ...home },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (!stderr.includes('assay: listed') && `${stderr}${chunk}`.includes('assay: listed')) child.kill('SIGINT');
    stderr += chunk;
  });
  child.stdout.resume();
  const [code] = await inTime('the interrupted scan to end', once(child, 'close'));
  assert.equal(code, 4, stderr);
  assert.match(stderr, /the same command/);
  const resumed = await runCli(['scan', large, '--verbose', '-f', 'json'], { env: home });
  assert.equal(resumed.code, 0);
  assert.match(resumed.stderr, /^assay: scan .*resumed=true/m);
  const whole = JSON.parse(resumed.stdout) as Report;
  assert.equal(whole.coverage.objects.complete, 1500);
  assert.deepEqual(
    whole.findings.map(({ count, objects }) => [count, objects]),
    [[15, 15]],
  );
});
