import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Report } from '../src/model/report.ts';
import { runCli } from './cli/run-cli.ts';

const root = new URL('../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'assay-own-tree-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('everything in this repository is scanned, and nothing in it is a secret or worse than low', async () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  const present = files.filter((file) => file !== '' && existsSync(join(root, file)));
  assert.ok(present.length > 500, `${present.length} files`);
  const tree = join(folder, 'tree');
  for (const file of present) cpSync(join(root, file), join(tree, file));
  const output = join(folder, 'report.json');
  const { stderr } = await runCli(['scan', tree, '--objects', 'all', '-o', `json=${output}`], {
    cwd: folder,
    env: { ASSAY_HOME: join(folder, 'home') },
  });
  const { coverage, findings } = JSON.parse(readFileSync(output, 'utf8')) as Report;
  assert.equal(coverage.objects.listed, present.length, stderr);
  assert.deepEqual([coverage.objects.partial, coverage.objects.failed], [0, 0], stderr);
  const serious = findings
    .filter(({ category, severity }) => category === 'secret' || category === 'key' || severity !== 'low')
    .map(({ detector, severity, masked, locations: [place] }) => {
      return `${severity} ${detector} ${masked} ${place?.object.slice(`file://${tree}/`.length)}:${place?.line ?? place?.row}`;
    });
  assert.deepEqual(serious, []);
});
