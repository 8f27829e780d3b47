import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import { withStandardInput } from '../../src/cli/standard-input.ts';
import { isAssayError } from '../../src/errors.ts';
import type { Report } from '../../src/model/report.ts';
import { parseTarget } from '../../src/providers/parse-target.ts';
import { inTime, isRunning, until } from '../servers/in-time.ts';
import { runCli } from './run-cli.ts';

const TOKEN = expand("'glpat-' alnum:20", 'stdin');
const folder = mkdtempSync(join(tmpdir(), 'assay-input-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const spool = join(folder, 'tmp');
mkdirSync(spool);
const env = { ASSAY_HOME: join(folder, 'home'), TMPDIR: spool };
const target = parseTarget('-', folder);

function isCoded(code: string) {
  return (error: unknown): boolean => isAssayError(error) && error.code === code;
}

function left(): string[] {
  return readdirSync(spool).filter((name) => name.startsWith('assay-stdin-'));
}

test('- is read as one object called stdin, with its format and places, and nothing of it stays behind', async () => {
  const input = `${JSON.stringify({ text: 'fine' })}\n${JSON.stringify({ text: `see ${TOKEN}` })}\n`;
  for (const _time of ['first', 'again']) {
    const { code, stdout, stderr } = await runCli(['scan', '-', '--quiet', '-f', 'json'], { input, env, cwd: folder });
    assert.equal(code, 0, stderr);
    const { objects, findings, buckets, coverage } = JSON.parse(stdout) as Report;
    assert.deepEqual(
      objects.map(({ uri, format, outcome, reused }) => [uri, format, outcome, reused]),
      [['file:///dev/stdin', 'jsonl', 'complete', false]],
    );
    assert.deepEqual(coverage.objects.listed, 1);
    const [place] = findings[0]?.locations ?? [];
    assert.deepEqual([place?.object, place?.row, place?.pointer], ['file:///dev/stdin', 1, '/text']);
    assert.equal(buckets[0]?.exposure.verdict, 'private');
    assert.deepEqual(left(), []);
  }
});

test('standard input stands beside other targets', async () => {
  writeFileSync(join(folder, 'a.txt'), 'nothing');
  const args = ['scan', 'a.txt', '-', '--quiet', '-f', 'json', '--objects', 'all'];
  const { stdout } = await runCli(args, { input: TOKEN, env, cwd: folder });
  const { objects } = JSON.parse(stdout) as Report;
  assert.deepEqual(objects.map(({ uri }) => uri).sort(), ['file:///dev/stdin', `file://${folder}/a.txt`]);
});

test('standard input named twice is a usage error', async () => {
  const { code, stderr } = await runCli(['scan', '-', '-'], { input: 'x', env, cwd: folder });
  assert.equal(code, 2);
  assert.match(stderr, /^assay: standard input can only be read once/);
});

test('an interrupt while input still comes ends the scan and leaves nothing behind', async () => {
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const child = spawn(process.execPath, [main, 'scan', '-'], { env: { ...process.env, ...env }, cwd: folder });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const closed = once(child, 'close');
    child.stdin.on('error', () => {});
    child.stdin.write(TOKEN);
    await until('the copy of the input to be there', () => left().length > 0 || !isRunning(child));
    child.kill(signal);
    assert.deepEqual(await inTime('the interrupted scan to end', closed), [4, null], stderr);
    assert.match(stderr, /interrupted; what came on standard input has to be given again/);
    assert.deepEqual(left(), []);
  }
});

test('only the caller can read the copy, and it is gone when the scan fails', async () => {
  const input = new PassThrough();
  input.end('x');
  const failing = withStandardInput(
    [target],
    new AbortController().signal,
    async ([copied]) => {
      const { name, uri } = copied?.bucket ?? { name: '', uri: '' };
      assert.equal(uri, target.bucket.uri);
      assert.equal(statSync(name).mode & 0o777, 0o700);
      assert.equal(statSync(join(name, 'stdin')).mode & 0o777, 0o600);
      throw new Error(name);
    },
    input,
  );
  await assert.rejects(failing, (error: Error) => {
    assert.throws(() => statSync(error.message), /ENOENT/);
    return true;
  });
});

test('input that breaks is not scanned as if it were whole', async () => {
  const input = Readable.from(
    (async function* () {
      yield 'x';
      throw Object.assign(new Error('gone'), { code: 'EIO' });
    })(),
  );
  const broken = withStandardInput([target], new AbortController().signal, () => assert.fail('was scanned'), input);
  await assert.rejects(broken, isCoded('internal'));
});
