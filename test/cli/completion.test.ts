import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Command } from 'commander';
import { completionScript } from '../../src/cli/completion.ts';
import { describeProgram } from '../../src/cli/program.ts';
import { runCli } from './run-cli.ts';

const program = describeProgram(() => {});
const folder = mkdtempSync(join(tmpdir(), 'assay-completion-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'data.jsonl'), '');
const script = join(folder, 'script.bash');
writeFileSync(script, completionScript(program, 'bash'));

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const ask = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _assay; declare -p COMPREPLY';
  const { stdout, stderr, status } = spawnSync('bash', ['-c', ask, script, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return [...stdout.matchAll(/\[\d+\]="([^"]*)"/g)].map(([, word = '']) => word);
}

function walk(command: Command, path: string[]): { command: Command; path: string[] }[] {
  const below = command.commands.flatMap((one) => walk(one, [...path, one.name()]));
  return [{ command, path }, ...below];
}

test('bash offers every command and every option that the program has, and no other', () => {
  for (const { command, path } of walk(program, ['assay'])) {
    const commands = command.commands.map((one) => one.name());
    if (commands.length > 0) assert.deepEqual(offered(...path, ''), commands);
    const options = command.options.flatMap(({ short, long }) => [short, long]).filter((one) => one !== undefined);
    assert.deepEqual(offered(...path, '-').sort(), [...options, '-h', '--help'].sort(), path.join(' '));
  }
});

test('bash offers the words that an option takes, files where it takes one, and nothing where it takes a number', () => {
  assert.deepEqual(offered('assay', 'scan', '--objects', ''), ['notable', 'all']);
  assert.deepEqual(offered('assay', 'scan', '--fail-on', 'h'), ['high']);
  assert.deepEqual(offered('assay', 'scan', '--resume', ''), ['auto', 'never']);
  assert.deepEqual(offered('assay', 'detectors', 'list', '-f', ''), ['text', 'json']);
  assert.deepEqual(offered('assay', 'scan', '--config', 'da'), ['data.jsonl']);
  assert.deepEqual(offered('assay', 'scan', '--threads', ''), []);
  assert.deepEqual(offered('assay', 'scan', '--quiet', 'da'), ['data.jsonl']);
  assert.deepEqual(offered('assay', 'completion', 'z'), ['zsh']);
});

test('each shell gets a script, another one a message', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await runCli(['completion', shell]);
    assert.equal(code, 0);
    assert.match(stdout, /assay detectors list/);
  }
  assert.equal((await runCli(['completion', 'tcsh'])).code, 2);
});
