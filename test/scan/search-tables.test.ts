import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadCatalog } from '../../detectors/catalog.ts';
import { buildTables, packTables, readTables, tablesOf } from '../../src/scan/search-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-tables-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const detectors = (await loadCatalog()).slice(0, 12);
const file = join(folder, 'search-tables');
const url = pathToFileURL(file);
writeFileSync(file, packTables(detectors));
const built = buildTables(detectors);

test('prepared tables are those that would be built', () => {
  assert.deepEqual(readTables(url, detectors), built);
});

test('tables that are damaged anywhere, cut, or absent are not used: they are built', () => {
  const whole = readFileSync(file);
  const other = join(folder, 'damaged');
  const damaged = pathToFileURL(other);
  for (const at of [0, 31, 32, whole.length >> 1, whole.length - 1]) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(other, bytes);
    assert.equal(readTables(damaged, detectors), null, `byte ${at}`);
    assert.deepEqual(tablesOf(detectors, damaged), built);
  }
  for (const size of [0, 20, 32, whole.length - 1]) {
    writeFileSync(other, whole.subarray(0, size));
    assert.equal(readTables(damaged, detectors), null, `${size} bytes`);
  }
  rmSync(other);
  assert.deepEqual(tablesOf(detectors, damaged), built);
});

test('tables of other detectors are not used', () => {
  const [first, ...others] = detectors;
  assert.ok(first);
  assert.equal(readTables(url, others), null);
  const changed = { ...first, triggers: [...first.triggers, { literal: 'another' }] };
  assert.equal(readTables(url, [changed, ...others]), null);
  // What is no trigger is no part of the tables.
  assert.deepEqual(readTables(url, [{ ...first, name: 'Another name' }, ...others]), built);
});
