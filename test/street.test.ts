import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const ROOT = new URL('../', import.meta.url).pathname;

/** File, and an import that it may not have. */
const VIOLATIONS: [file: string, imported: string][] = [
  ['detectors/secrets/a.ts', 'node:fs'],
  ['detectors/secrets/a.ts', 'zod'],
  ['detectors/pii/us/a.ts', '../../../src/errors.ts'],
  ['detectors/catalog.ts', '../src/errors.ts'],
  ['src/model/a.ts', '../errors.ts'],
  ['src/errors.ts', 'node:fs'],
  ['src/config/a.ts', '../providers/b.ts'],
  ['src/config/a.ts', '../scan/b.ts'],
  ['src/config/a.ts', '../store/b.ts'],
  ['src/decode/a.ts', '../scan/b.ts'],
  ['src/decode/a.ts', '../providers/b.ts'],
  ['src/decode/a.ts', '@aws-sdk/client-s3'],
  ['src/decode/a.ts', 'node:https'],
  ['src/providers/a.ts', '../decode/b.ts'],
  ['src/providers/a.ts', '../scan/b.ts'],
  ['src/providers/a.ts', '../classify/b.ts'],
  ['src/providers/a.ts', '../exposure/b.ts'],
  ['src/exposure/a.ts', '../providers/b.ts'],
  ['src/exposure/a.ts', 'node:fs'],
  ['src/classify/a.ts', '../scan/b.ts'],
  ['src/plan/a.ts', '../providers/b.ts'],
  ['src/plan/a.ts', 'node:fs'],
  ['src/scan/a.ts', '../providers/b.ts'],
  ['src/scan/a.ts', '../../workers/b.ts'],
  ['src/scan/a.ts', 'node:net'],
  ['src/posture/a.ts', '../providers/b.ts'],
  ['src/report/a.ts', '../scan/b.ts'],
  ['src/report/a.ts', '../../workers/b.ts'],
  ['src/store/a.ts', '../scan/b.ts'],
  ['src/store/a.ts', '../providers/b.ts'],
  ['workers/a.ts', '../src/cli/b.ts'],
  ['workers/a.ts', '../src/web/b.ts'],
  ['src/cli/a.ts', '../web/b.ts'],
  ['src/cli/a.ts', 'bullmq'],
  ['src/cli/a.ts', '@aws-sdk/client-s3'],
  ['src/web/a.ts', '../cli/b.ts'],
];
const ALLOWED: [file: string, imported: string][] = [
  ['detectors/secrets/a.ts', '../detector.ts'],
  ['detectors/secrets/a.ts', 'node:crypto'],
  ['detectors/catalog.ts', 'node:fs/promises'],
  ['src/config/a.ts', 'zod'],
  ['src/decode/a.ts', 'hyparquet'],
  ['src/decode/a.ts', '../model/b.ts'],
  ['src/providers/a.ts', '@aws-sdk/client-s3'],
  ['src/providers/a.ts', '@azure/storage-blob'],
  ['src/providers/a.ts', '@google-cloud/storage'],
  ['src/scan/a.ts', 're2'],
  ['src/scan/a.ts', '../../detectors/b.ts'],
  ['src/report/a.ts', '../classify/b.ts'],
  ['src/store/a.ts', 'kysely'],
  ['workers/a.ts', 'piscina'],
  ['workers/a.ts', '../src/scan/b.ts'],
  ['src/cli/a.ts', '../../workers/b.ts'],
];

const folder = mkdtempSync(join(tmpdir(), 'assay-street-'));
after(() => rmSync(folder, { recursive: true }));

/** Names of the files, of one import each, that the street's rule complains about. */
function complaints(imports: [file: string, imported: string][]): Set<string> {
  const tree = mkdtempSync(join(folder, 'tree-'));
  for (const name of ['biome.json', 'package.json', 'tsconfig.json']) cpSync(join(ROOT, name), join(tree, name));
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  const names = new Map<string, string>();
  for (const [index, [file, imported]] of imports.entries()) {
    // Files with a name of their own keep it; the others are numbered, so that each holds one import.
    const path = file.replace(/\/a\.ts$/, `/a${index}.ts`);
    names.set(path, `${file} imports ${imported}`);
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `import * as b from '${imported}';\n\nexport const a = b;\n`);
  }
  const args = [
    'lint',
    '--vcs-enabled=false',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none',
    '.',
  ];
  let output: string;
  try {
    output = execFileSync(join(ROOT, 'node_modules/.bin/biome'), args, { cwd: tree, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  return new Set([...names].filter(([path]) => output.includes(`${path},`)).map(([, name]) => name));
}

test('an import against the one-way street is a lint error, whatever the row', () => {
  const found = complaints(VIOLATIONS);
  assert.deepEqual(
    VIOLATIONS.map(([file, imported]) => `${file} imports ${imported}`).filter((name) => !found.has(name)),
    [],
  );
});

test('an import along the street is none', () => {
  assert.deepEqual([...complaints(ALLOWED)], []);
});

test('no type that crosses a thread has a field that is called raw or value', () => {
  // The facts of a policy document are settings of a bucket, not scanned data.
  for (const file of readdirSync(join(ROOT, 'src/model')).filter((name) => name !== 'exposure.ts')) {
    const fields = readFileSync(join(ROOT, 'src/model', file), 'utf8').match(/^\s+(raw|value)\??:/gm);
    assert.equal(fields, null, file);
  }
});
