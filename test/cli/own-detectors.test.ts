import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import type { Report } from '../../src/model/report.ts';
import { runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'assay-own-cli-'));
after(() => rmSync(root, { recursive: true }));
const EXAMPLE = new URL('../../docs/examples/detectors', import.meta.url).pathname;
const KEY = expand("'acme_live_' base62:24", 'own cli');

const BROKEN = `- id: us-ssn
  entity: ACME
  category: pii
  severity: low
  pattern: '\\bx'
  examples: [x]
- id: acme-loud
  issuer: acme
  category: secret
  severity: high
  pattern: ((a{1000}){1000})
  examples: [nothing]
`;

function folder(name: string, files: Record<string, string>): string {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  return path;
}

async function scan(data: string, ...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await runCli(['scan', data, '-f', 'json', '--quiet', ...args], {
    cwd: root,
    env: { ASSAY_HOME: join(root, 'home') },
  });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Report;
}

test('the example of the documentation is sound', async () => {
  const { stdout } = await runCli(['detectors', 'check', '--detectors', EXAMPLE]);
  assert.match(stdout, / detectors and 3 of your own, /);
  assert.doesNotMatch(stdout, /acme|warning/);
});

test('a scan finds what own detectors describe, names them, and is another scan than without them', async () => {
  const data = folder('data', {
    'a.txt': `key=${KEY}\n`,
    'staff.csv': 'name,badge\nA,ACME-493021\nB,ACME-110293\n',
  });
  const plain = await scan(data);
  const own = await scan(data, '--detectors', EXAMPLE);
  assert.notEqual(own.scan.detectorSet, plain.scan.detectorSet);
  assert.ok(!plain.findings.some(({ detector }) => detector.startsWith('acme-')));
  const [key, badge] = ['acme-api-key', 'acme-badge'].map((id) => own.findings.find(({ detector }) => detector === id));
  assert.equal(key?.issuer, 'acme');
  assert.equal(key?.severity, 'high');
  assert.equal(badge?.entity, 'ACME_BADGE');
  assert.equal(badge?.distinct, 2);
  assert.equal(badge?.locations[0]?.column, 'badge');
  assert.ok(!JSON.stringify(own).includes(KEY.slice(10)));
  // Nothing has changed: the second scan with them reads nothing again.
  assert.equal((await scan(data, '--detectors', EXAMPLE)).coverage.objects.reused, 2);
});

test('the configuration file and the environment name folders of detectors too', async () => {
  const text = { input: KEY, env: { ASSAY_DETECTORS: EXAMPLE } };
  assert.match((await runCli(['detectors', 'test'], text)).stdout, /acme-api-key/);
  const config = join(root, 'config.yaml');
  writeFileSync(config, `detectors: ['${EXAMPLE}']\n`);
  assert.match((await runCli(['detectors', 'test', '--config', config], { input: KEY })).stdout, /acme-api-key/);
});

test('list, show and test know own detectors', async () => {
  const list = await runCli(['detectors', 'list', '--detectors', EXAMPLE]);
  assert.match(list.stdout, /^acme-api-key +acme +high/m);
  const show = await runCli(['detectors', 'show', 'acme-api-key', '--detectors', EXAMPLE]);
  assert.match(show.stdout, /literal: acme_live_/);
  const judged = await runCli(['detectors', 'test', '--jsonl', '--detectors', EXAMPLE], {
    input: `${JSON.stringify({ id: 1, text: KEY })}\n`,
  });
  assert.equal(JSON.parse(judged.stdout).findings[0].detector, 'acme-api-key');
});

test('check tells every problem with file and line, and exits 2', async () => {
  const path = folder('broken', { 'a.yaml': BROKEN });
  const { code, stdout } = await runCli(['detectors', 'check', '--detectors', path], { cwd: root });
  assert.equal(code, 2);
  assert.match(stdout, /^broken\/a\.yaml:1: us-ssn: id us-ssn is in the catalogue/m);
  assert.match(stdout, /^broken\/a\.yaml:5: us-ssn: pattern "\\bx": /m);
  assert.match(stdout, /^broken\/a\.yaml:11: acme-loud: pattern "\(\(a\{1000\}\)\{1000\}\)" is too large/m);
  assert.match(stdout, /^warning: broken\/a\.yaml:1: us-ssn: has no counterExamples/m);
});

test('a scan with a detector that is wrong does not begin', async () => {
  const path = folder('broken', { 'a.yaml': BROKEN });
  const { code, stdout, stderr } = await runCli(['scan', '.', '--detectors', path], {
    cwd: root,
    env: { ASSAY_HOME: join(root, 'home') },
  });
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /detectors: 3 problems\n.*\n.*\n/);
});
