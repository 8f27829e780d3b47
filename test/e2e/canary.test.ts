import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Random } from '../../detectors/detector.ts';
import { createRandom, expand } from '../../detectors/sample.ts';

const PIECE = 12;
const folder = mkdtempSync(join(tmpdir(), 'assay-canary-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A key or identifier no one else has, with the words that make it one. */
interface Canary {
  value: string;
  before: string;
}

function luhn(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i]);
    if (i % 2 === 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return digits + ((10 - (sum % 10)) % 10);
}

function iban(random: Random): string {
  const account = random.chars('digit', 18);
  const rest = BigInt(`${account}131400`) % 97n;
  return `DE${String(98n - rest).padStart(2, '0')}${account}`;
}

const KINDS: ((random: Random) => Canary)[] = [
  (random) => ({ before: '', value: expand("'AKIA' base32:16", random) }),
  (random) => ({ before: 'aws_secret_access_key = ', value: random.chars('base64', 40) }),
  (random) => ({ before: '', value: expand("'ghp_' base62:36", random) }),
  (random) => ({ before: '', value: expand("'glpat-' alnum:20", random) }),
  (random) => ({ before: '', value: expand("'xoxb-' digit:12 '-' digit:12 '-' alnum:24", random) }),
  (random) => ({ before: '', value: expand("'sk_live_' alnum:24", random) }),
  (random) => ({ before: '', value: expand("'hf_' alpha:34", random) }),
  (random) => ({ before: '', value: expand("'AIzaSy' base64url:33", random) }),
  (random) => ({ before: '', value: expand("'SG.' base64url:22 '.' base64url:43", random) }),
  (random) => ({ before: 'password = "', value: random.chars('base62', 24) }),
  (random) => ({ before: 'card number ', value: luhn(`4${random.chars('digit', 14)}`) }),
  (random) => ({ before: 'IBAN ', value: iban(random) }),
  (random) => ({ before: 'e-mail: ', value: `${random.chars('lalnum', 14)}@${random.chars('lower', 12)}.com` }),
  (random) => ({ before: 'call me: ', value: `+49151${random.chars('digit', 8)}` }),
];

function canaries(count: number): Canary[] {
  const random = createRandom('canary');
  return Array.from({ length: count }, (_, n) => (KINDS[n % KINDS.length] as (typeof KINDS)[number])(random));
}

/** Canaries as values, column headers, JSON keys, file names and folder names, in whole and in broken files. */
function plant(root: string, all: Canary[]): void {
  mkdirSync(root);
  const fifth = all.length / 5;
  const texts = all.slice(0, 2 * fifth).map(({ before, value }) => `${before}${value}`);
  const lines = texts.map((text) => `${JSON.stringify({ text })}\n`).join('');
  writeFileSync(join(root, 'values.jsonl'), lines);
  writeFileSync(join(root, 'values.jsonl.zst'), zstdCompressSync(lines));
  writeFileSync(join(root, 'truncated.jsonl.gz'), gzipSync(lines).subarray(0, lines.length / 4));
  writeFileSync(join(root, 'broken.json'), `{"a": ["${texts.join('", "')}`);
  writeFileSync(join(root, 'broken.parquet'), `PAR1${texts.join('\n')}PAR1`);
  const headers = all.slice(2 * fifth, 3 * fifth);
  for (let n = 0; n < headers.length; n += 10) {
    const names = headers.slice(n, n + 10).map(({ value }) => value);
    const cells = names.map((_, k) => texts[(n + k) % texts.length]?.replaceAll('"', '""'));
    writeFileSync(join(root, `table-${n}.csv`), `${names.join(',')}\n"${cells.join('","')}"\n`);
  }
  const keys = all.slice(3 * fifth, 4 * fifth);
  writeFileSync(
    join(root, 'keys.jsonl'),
    keys.map(({ value }, n) => `${JSON.stringify({ [value]: { deep: texts[n] } })}\n`).join(''),
  );
  for (const { value } of all.slice(4 * fifth)) {
    const name = value.replaceAll('/', '-');
    mkdirSync(join(root, `${name}.d`));
    writeFileSync(join(root, `${name}.d`, `${name}.txt`), `see ${texts[0]}\n`);
  }
  const locked = join(root, 'locked.txt');
  writeFileSync(locked, texts.join('\n'));
  chmodSync(locked, 0);
}

function pieces(all: Canary[]): Set<string> {
  const set = new Set<string>();
  for (const { value } of all) {
    for (const form of [
      value,
      value.replaceAll('/', '-'),
      encodeURIComponent(value),
      Buffer.from(value).toString('base64'),
      Buffer.from(value).toString('hex'),
    ]) {
      for (let at = 0; at + PIECE <= form.length; at++) set.add(form.slice(at, at + PIECE));
    }
  }
  return set;
}

function leaks(text: string, secret: Set<string>): number {
  let count = 0;
  for (let at = 0; at + PIECE <= text.length; at++) if (secret.has(text.slice(at, at + PIECE))) count++;
  return count;
}

function files(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const FORMATS = ['json', 'jsonl', 'html', 'sarif', 'csv'];

/** The command line, which ends with 3: some of the files cannot be read. */
function run(args: string[], home: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ASSAY_HOME: home },
    maxBuffer: 256 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string; code: number }) => {
    assert.equal(error.code, 3, `an incomplete scan was expected: ${error.stderr.slice(0, 2000)}`);
    return error;
  });
}

test('no piece of 1,000 secrets and identifiers reaches output, logs, reports, ledger or queue', {
  timeout: 300_000,
}, async () => {
  const all = canaries(1000);
  assert.equal(new Set(all.map(({ value }) => value)).size, 1000);
  const data = join(folder, 'data');
  plant(data, all);
  const home = join(folder, 'home');
  const out = (name: string) => join(folder, name);
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const args = ['scan', data, '--verbose', '--log-format', 'json', '--objects', 'all', '-f', 'text'];
  for (const format of FORMATS) args.push('-o', `${format}=${out(`report.${format}`)}`);
  const { stdout, stderr } = await run([main, ...args], home);
  const report = JSON.parse(readFileSync(out('report.json'), 'utf8'));
  assert.ok(report.findings.length > 500, `the canaries are found: ${report.findings.length}`);
  const secret = pieces(all);
  assert.ok(leaks(readFileSync(join(data, 'values.jsonl'), 'utf8'), secret) > 1000, 'the search itself finds canaries');
  assert.equal(leaks(stdout, secret), 0, 'standard output');
  assert.equal(leaks(stderr, secret), 0, 'logs');
  for (const format of FORMATS) assert.equal(leaks(readFileSync(out(`report.${format}`), 'utf8'), secret), 0, format);
  const again = [
    'report',
    'latest',
    '--objects',
    'all',
    ...FORMATS.flatMap((format) => ['-o', `${format}=${out(format)}`]),
  ];
  const told = await run([main, ...again], home);
  for (const text of [told.stdout, told.stderr, ...FORMATS.map((format) => readFileSync(out(format), 'utf8'))])
    assert.equal(leaks(text, secret), 0, 'the report again, from the ledger');
  // The ledger alone knows objects by their real names.
  const unnamed = pieces(all.slice(0, 800));
  for (const path of files(home)) {
    if (path.includes('fingerprint')) continue;
    assert.equal(leaks(readFileSync(path, 'latin1'), unnamed), 0, path);
  }
});
