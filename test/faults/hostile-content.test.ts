import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { loadCatalog } from '../../detectors/catalog.ts';
import { expand } from '../../detectors/sample.ts';
import { memorySource } from '../../src/model/byte-source.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { Report } from '../../src/model/report.ts';
import { createScanner } from '../../src/scan/scanner.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-hostile-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let scans = 0;

interface Scanned {
  code: number | null;
  stderr: string;
  report: Report;
  home: string;
}

async function scan(files: Record<string, string | Buffer>, args: string[] = []): Promise<Scanned> {
  const root = join(folder, `scan-${scans++}`);
  const data = join(root, 'data');
  mkdirSync(data, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(data, name, '..'), { recursive: true });
    writeFileSync(join(data, name), bytes);
  }
  const home = join(root, 'home');
  const file = join(root, 'report.json');
  const { code, stderr } = await runCli(['scan', data, '--objects', 'all', '-o', `json=${file}`, ...args], {
    cwd: root,
    env: { ASSAY_HOME: home },
  });
  return { code, stderr, report: JSON.parse(readFileSync(file, 'utf8')) as Report, home };
}

function outcomes({ objects }: Report): Record<string, string> {
  return Object.fromEntries(objects.map(({ uri, outcome }) => [uri.slice(uri.lastIndexOf('/') + 1), outcome]));
}

test('of 300,000 matches in one object the count is exact and what is stored is bounded', async () => {
  const token = expand("'glpat-' alnum:20", 'many matches');
  const lines: string[] = [];
  for (let row = 0; row < 150_000; row++) {
    lines.push(JSON.stringify({ mail: `person${row}@mail-${row % 977}.org`, note: `use ${token}` }));
  }
  const { code, stderr, report, home } = await scan({ 'many.jsonl': lines.join('\n') });
  assert.equal(code, 0, stderr);
  const [secret] = report.findings.filter(({ kind }) => kind === 'value');
  assert.deepEqual([secret?.count, secret?.objects, secret?.locations.length], [150_000, 1, 100]);
  const [mails] = report.findings.filter(({ entity }) => entity === 'EMAIL');
  assert.deepEqual([mails?.count, mails?.locations.length], [150_000, 100]);
  const distinct = mails?.distinct ?? 0;
  assert.ok(Math.abs(distinct / 150_000 - 1) < 0.06, `${distinct} different ones`);
  const ledger = await openLedger({ stateDir: home });
  const { rows } = await ledger.pool.query('SELECT sum(length(scan))::int AS bytes FROM assay.notable');
  await ledger.close();
  assert.ok(rows[0].bytes < 200_000, `${rows[0].bytes} bytes`);
});

/** A pickle (protocol 0) that runs a command when it is loaded: `os.system(command)`. */
function pickle(command: string): Buffer {
  return Buffer.from(`cos\nsystem\n(S'${command}'\ntR.`);
}

test('files that run code when they are loaded are never loaded', async () => {
  const canary = join(folder, 'canary');
  const code = pickle(`touch ${canary}`);
  const binary = Buffer.concat([Buffer.from('800495', 'hex'), Buffer.alloc(8), code]);
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n".padEnd(118);
  const npy = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), code]);
  const { report } = await scan({
    'model.pkl': code,
    'model4.pkl': binary,
    'model.pkl.gz': gzipSync(binary),
    'array.npy': npy,
    'script.sh': `#!/bin/sh\ntouch ${canary}\n`,
    'page.yaml': `!!python/object/apply:os.system ["touch ${canary}"]\n`,
  });
  assert.equal(existsSync(canary), false);
  const found = outcomes(report);
  assert.equal(Object.keys(found).length, 6);
  for (const name of ['model4.pkl', 'model.pkl.gz', 'array.npy'])
    assert.equal(found[name], 'skipped:unsupported', name);
  for (const name of ['script.sh', 'page.yaml']) assert.equal(found[name], 'complete', name);
});

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf'];

function hostileFiles(): Record<string, string | Buffer> {
  const token = (n: number | string): string => expand("'glpat-' alnum:20", `hostile name ${n}`);
  const columnData = NAMES.map((name) => ({ name, data: [token(name)], type: 'STRING' as const }));
  const files: Record<string, string | Buffer> = {
    'names.jsonl': NAMES.map((name, n) => `{"${name}": {"${name}": "${token(n)}", "isAdmin": true}}`).join('\n'),
    'names.json': `{${NAMES.map((name, n) => `"${name}": {"polluted": "${token(n)}"}`).join(', ')}}`,
    'names.csv': `${NAMES.join(',')}\n${NAMES.map((_name, n) => token(n)).join(',')}\n`,
    'names.parquet': Buffer.from(parquetWriteBuffer({ columnData })),
  };
  for (const name of NAMES) files[`${name}/${name}`] = `polluted = "${token(0)}"\n`;
  return files;
}

test('names that JavaScript objects have of their own are data like any other, as keys, columns and objects', async () => {
  const { code, stderr, report } = await scan(hostileFiles(), ['--max-locations', '1000']);
  assert.equal(code, 0, stderr);
  assert.ok(report.objects.every(({ outcome }) => outcome === 'complete'));
  assert.equal(report.objects.length, 4 + NAMES.length);
  const places = report.findings.flatMap(({ locations }) => locations);
  const columns = (file: string) =>
    new Set(places.filter(({ object }) => object.endsWith(`/${file}`)).map(({ column }) => column));
  assert.deepEqual(columns('names.csv'), new Set(NAMES));
  assert.deepEqual(columns('names.parquet'), new Set(NAMES));
  const pointers = new Set(places.map(({ pointer }) => pointer));
  for (const name of NAMES) {
    assert.ok(pointers.has(`/${name}/${name}`) && pointers.has(`/${name}/polluted`), name);
    assert.ok(
      places.some(({ object }) => object.endsWith(`/data/${name}/${name}`)),
      name,
    );
  }
});

test('content cannot change the prototype of all objects of the process that reads it', async () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const scanner = createScanner(await loadCatalog(), Buffer.alloc(32, 1));
  for (const [key, content] of Object.entries(hostileFiles())) {
    const source = memorySource(Buffer.from(content));
    const { outcome } = await scanner.scanObject({ source, key, limits: DEFAULT_LIMITS, maxLocations: 10 });
    assert.equal(outcome, 'complete', key);
  }
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test('a configuration with hostile names is refused by name, and changes nothing', async () => {
  const file = join(folder, 'hostile.json');
  writeFileSync(file, '{"__proto__": {"threads": 1}, "constructor": {"prototype": {"rescan": true}}}');
  const { code, stderr } = await runCli(['scan', folder, '--config', file], { env: { ASSAY_HOME: join(folder, 'c') } });
  assert.equal(code, 2);
  assert.match(stderr, /constructor is not a setting/);
});
