import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'assay-bundle-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// Packages that are not in the bundle are looked for in the folders above it.
symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
const bundle = join(folder, 'bundle');
execFileSync(process.execPath, [join(ROOT, 'script/bundle.ts'), bundle], { cwd: folder });

const data = join(folder, 'data');
mkdirSync(data);
const token = expand("'glpat-' alnum:20", 'bundle');
writeFileSync(join(data, 'chat.jsonl'), `${JSON.stringify({ text: `use ${token}`, mail: 'jane.roe@mailbox.org' })}\n`);
writeFileSync(
  join(data, 'table.csv'),
  `name,ssn\nJane,${['536', '90', '4399'].join('-')}\nJoe,${['219', '09', '9998'].join('-')}\n`,
);

interface Report {
  scan: Record<string, unknown>;
  coverage: unknown;
  findings: { detector: string }[];
  objects: unknown[];
}

function scan(main: string, state: string): Report {
  const out = execFileSync(process.execPath, [main, 'scan', '--quiet', '-f', 'json', '--objects', 'all', data], {
    env: {
      ...process.env,
      ASSAY_HOME: join(folder, state),
      ASSAY_FINGERPRINT_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    encoding: 'utf8',
  });
  return JSON.parse(out);
}

test('the bundle scans as the sources do, under the same detector set', () => {
  const bundled = scan(join(bundle, 'main.js'), 'bundled');
  const sources = scan(join(ROOT, 'src/cli/main.ts'), 'sources');
  assert.ok(bundled.findings.some(({ detector }) => detector.startsWith('gitlab')));
  assert.equal(bundled.scan.detectorSet, sources.scan.detectorSet);
  assert.deepEqual(bundled.findings, sources.findings);
  assert.deepEqual(bundled.coverage, sources.coverage);
  assert.deepEqual(bundled.objects, sources.objects);
});

test('the bundle shows a detector as the sources do, but for the name of a function', () => {
  const show = (main: string): string =>
    execFileSync(process.execPath, [main, 'detectors', 'show', 'us-ssn'], { encoding: 'utf8' }).replace(
      /^(validator: \w+?)[0-9]*$/m,
      '$1',
    );
  const shown = show(join(bundle, 'main.js'));
  assert.match(shown, /^entity: US_SSN$/m);
  assert.equal(shown, show(join(ROOT, 'src/cli/main.ts')));
});

test('the clouds of others are not a part of it, and a scan of files runs nothing of them', () => {
  const text = readdirSync(bundle)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(bundle, name), 'utf8'))
    .join('\n');
  assert.ok(existsSync(join(bundle, 'search-tables')));
  assert.doesNotMatch(text, /^\/\/ .*node_modules\/@(aws-sdk|azure|google-cloud|smithy)\//m);
});

test('a bundle below a folder of another kind of modules starts without a warning', () => {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const { status, stderr } = spawnSync(process.execPath, [join(bundle, 'main.js'), 'scan', '--quiet', data], {
    env: { ...process.env, ASSAY_HOME: join(folder, 'plain') },
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('every command of the bundle can be loaded', () => {
  const help = execFileSync(process.execPath, [join(bundle, 'main.js'), '--help'], { encoding: 'utf8' });
  assert.match(help, /scan/);
  const version = execFileSync(process.execPath, [join(bundle, 'main.js'), '--version'], { encoding: 'utf8' });
  assert.equal(version.trim(), JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  const list = execFileSync(process.execPath, [join(bundle, 'main.js'), 'detectors', 'list'], { encoding: 'utf8' });
  assert.match(list, /us-ssn/);
});
