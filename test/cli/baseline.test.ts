import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import type { Report } from '../../src/model/report.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-baseline-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
mkdirSync(data, { mode: 0o700 });
const token = (seed: string) => expand("'glpat-' alnum:20", seed);
const env = { ASSAY_HOME: join(folder, 'home') };
const cli = (args: string[], more = {}) => runCli(args, { cwd: folder, env: { ...env, ...more } });

test('only what came after the baseline counts for --fail-on, in a scan and in a report of it', async () => {
  writeFileSync(join(data, 'a.txt'), `see ${token('one')}\n`);
  const fail = ['--fail-on', 'high'];
  assert.equal((await cli(['scan', 'data', ...fail, '-o', 'json=old.json'])).code, 1);
  const against = [...fail, '--baseline', 'old.json', '-f', 'json'];
  const same = await cli(['scan', 'data', ...against]);
  assert.equal(same.code, 0, same.stderr);
  writeFileSync(join(data, 'b.txt'), `and ${token('one')} and ${token('two')}\n`);
  for (const command of [
    ['scan', 'data'],
    ['report', 'latest'],
  ]) {
    const { code, stdout } = await cli([...command, ...against]);
    assert.equal(code, 1);
    const { findings, result, baseline } = JSON.parse(stdout) as Report;
    assert.deepEqual(findings.map(({ status, objects }) => [status, objects]).toSorted(), [
      ['known', 2],
      ['new', 1],
    ]);
    assert.deepEqual(result.reasons, ['1 new finding of severity high or above']);
    assert.deepEqual([baseline?.findings, baseline?.gone], [1, 0]);
  }
});

test('a baseline that cannot be used ends the command with 2 before anything is scanned', async () => {
  writeFileSync(join(folder, 'broken.json'), '{"schema": "assay.report/v1"');
  const key = { ASSAY_FINGERPRINT_KEY: Buffer.alloc(32, 7).toString('base64') };
  for (const [file, more, words] of [
    ['absent.json', {}, /absent\.json: cannot be read \(ENOENT\)/],
    ['broken.json', {}, /broken\.json: is no JSON report/],
    ['old.json', key, /fingerprinted with another key/],
  ] as const) {
    const { code, stdout, stderr } = await cli(['scan', 'data', '--baseline', file], more);
    assert.deepEqual([code, stdout], [2, ''], file);
    assert.match(stderr, words);
  }
});
