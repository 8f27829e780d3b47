import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsOf } from '../../src/cli/scan-options.ts';
import { runCli } from './run-cli.ts';

test('--version prints the version alone', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(await runCli(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help names what is built and nothing else', async () => {
  const { code, stdout } = await runCli(['--help']);
  assert.equal(code, 0);
  assert.match(stdout, /\n {2}scan /);
  assert.match(stdout, /\n {2}detectors/);
  assert.match(stdout, /Examples:/);
  assert.doesNotMatch(stdout, /\b(serve|gate)\b/);
  for (const command of [['scan'], ['detectors'], ['detectors', 'test']]) {
    assert.equal((await runCli([...command, '--help'])).code, 0);
  }
});

test('an unknown command, flag, format or target scheme, and a missing argument, exit 2 with a message', async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'assay-program-'));
  t.after(() => rmSync(cwd, { recursive: true }));
  for (const args of [
    [],
    ['frobnicate'],
    ['gate'],
    ['scan'],
    ['scan', '.', '--baseline', 'x'],
    ['scan', '.', '-f', 'xml'],
    ['scan', '.', '--fail-on', 'terrible'],
    ['scan', '.', '--threads', 'many'],
    ['scan', 'ftp://host/x'],
    ['scan', 'az:///x'],
    ['scan', 'gs:///x'],
    ['scan', '.', '--config', 'absent.yaml'],
    ['detectors'],
    ['detectors', 'cost'],
    ['detectors', 'list', '-f', 'xml'],
  ]) {
    const { code, stdout, stderr } = await runCli(args, { cwd, env: { ASSAY_HOME: join(cwd, 'home') } });
    assert.equal(code, 2, `assay ${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.notEqual(stderr, '');
    assert.doesNotMatch(stderr, /^\s+at /m);
  }
});

test('every problem of the configuration is told at once', async () => {
  const { stderr } = await runCli(['scan', '.', '--threads', 'many', '--min-coverage', '101'], {
    env: { ASSAY_OBJECTS: 'few' },
  });
  assert.match(stderr, /--threads/);
  assert.match(stderr, /--min-coverage/);
  assert.match(stderr, /ASSAY_OBJECTS/);
});

test('flags take the shape of the configuration file', () => {
  assert.deepEqual(settingsOf({ maxDepth: '3', s3Endpoint: 'http://127.0.0.1:1', include: ['a', 'b'], rescan: true }), {
    limits: { maxDepth: '3' },
    s3: { endpoint: 'http://127.0.0.1:1' },
    include: ['a', 'b'],
    rescan: true,
  });
});
