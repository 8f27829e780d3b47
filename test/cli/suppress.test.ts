import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import { parseExpiry } from '../../src/cli/expiry.ts';
import type { Report } from '../../src/model/report.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-suppress-'));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'data'), { mode: 0o700 });
writeFileSync(join(folder, 'data', 'a.txt'), `see ${expand("'glpat-' alnum:20", 'suppress')}\n`);
const cli = (...args: string[]) => runCli(args, { cwd: folder, env: { ASSAY_HOME: join(folder, 'home') } });

interface Listed {
  fingerprint: string;
  state: string;
  scope: string;
  owner: string;
  addedBy: string;
  expiresAt: string;
}
async function listed(...args: string[]): Promise<Listed[]> {
  return JSON.parse((await cli('suppress', 'list', '-f', 'json', ...args)).stdout);
}

test('an accepted finding no longer violates, is still shown, and violates again when that is taken back', async () => {
  const scan = () => cli('scan', 'data', '--fail-on', 'high', '-f', 'json');
  const first = await scan();
  assert.equal(first.code, 1);
  const [finding] = (JSON.parse(first.stdout) as Report).findings;
  const fingerprint = finding?.fingerprint ?? '';
  const added = await cli('suppress', 'add', fingerprint, '--reason', 'a test key', '--owner', 'jo', '--scope', 'data');
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /^accepted in file:\/\/\/.*\/data until \d{4}-/);
  const second = await scan();
  assert.equal(second.code, 0);
  const report = JSON.parse(second.stdout) as Report;
  assert.deepEqual([report.findings[0]?.status, report.result.statuses.suppressed], ['suppressed', 1]);
  assert.equal(report.buckets[0]?.sensitivity.level, 'restricted');
  assert.equal(report.suppressions[0]?.owner, 'jo');
  assert.match((await cli('suppress', 'rm', fingerprint)).stdout, /taken back/);
  assert.equal((await scan()).code, 1);
});

test('the list says who, why and until when; what was taken back is in it on demand', async () => {
  const fingerprint = `v1:${'A'.repeat(43)}`;
  await cli('suppress', 'add', fingerprint, '--reason', 'old \u001b[31m', '--owner', 'jo');
  const [one] = (await listed()).filter((row) => row.fingerprint === fingerprint);
  assert.equal(one?.state, 'active');
  assert.match(one?.addedBy ?? '', /.@./);
  const days = (Date.parse(one?.expiresAt ?? '') - Date.now()) / 86_400_000;
  assert.ok(days > 89 && days <= 90, `${days}`);
  const text = (await cli('suppress', 'list')).stdout;
  assert.ok(text.includes('old \\u{1b}[31m') && text.includes('owner jo') && !text.includes('\u001b'));
  assert.equal((await cli('suppress', 'rm', fingerprint)).code, 0);
  assert.equal((await cli('suppress', 'rm', fingerprint)).code, 2);
  assert.deepEqual((await listed()).map((row) => row.fingerprint).includes(fingerprint), false);
  assert.ok((await listed('--all')).some((row) => row.fingerprint === fingerprint && row.state === 'removed'));
});

test('reason and owner are required, and what is no fingerprint or no time to come is refused', async () => {
  const fingerprint = `v1:${'B'.repeat(43)}`;
  const good = ['--reason', 'x', '--owner', 'y'];
  for (const args of [
    [fingerprint, '--owner', 'y'],
    [fingerprint, '--reason', 'x'],
    [fingerprint, '--reason', ' ', '--owner', 'y'],
    ['v1:short', ...good],
    [fingerprint.slice(0, 12), ...good],
    [fingerprint, ...good, '--expires', 'never'],
    [fingerprint, ...good, '--expires', '2020-01-01'],
    [fingerprint, ...good, '--expires', '2027-02-31'],
    [fingerprint, ...good, '--scope', ''],
    [...good],
  ]) {
    const { code, stderr } = await cli('suppress', 'add', ...args);
    assert.equal(code, 2, args.join(' '));
    assert.notEqual(stderr, '');
  }
  assert.deepEqual(await listed(), []);
});

test('an expiry is a duration, a day to its end, or a time', () => {
  const now = new Date('2026-06-15T12:00:00Z');
  const cases: [given: string, at: string][] = [
    ['36h', '2026-06-17T00:00:00.000Z'],
    ['90d', '2026-09-13T12:00:00.000Z'],
    ['2w', '2026-06-29T12:00:00.000Z'],
    ['1y', '2027-06-15T12:00:00.000Z'],
    ['2026-06-15', '2026-06-16T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2026-06-15T14:00:00+01:00', '2026-06-15T13:00:00.000Z'],
  ];
  for (const [given, at] of cases) assert.equal(parseExpiry(given, now), at, given);
  for (const given of [
    '',
    '0d',
    '90',
    '90 days',
    '-5d',
    '2026-06-14',
    '2026-06-15T11:00:00Z',
    '99999-01-01',
    '999999y',
  ])
    assert.throws(() => parseExpiry(given, now), /--expires/, given);
});
