import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { checkWritable, planOutputs, writeWhole } from '../../src/cli/outputs.ts';

const KNOWN = ['text', 'json', 'jsonl', 'html'];
const plan = (formats: string[], outputs: string[]) =>
  planOutputs(formats, outputs, KNOWN).map(({ format, file }) => `${format} > ${file ?? '-'}`);

const folder = mkdtempSync(join(tmpdir(), 'assay-outputs-'));
after(() => rmSync(folder, { recursive: true }));

test('without flags the text goes to standard output', () => {
  assert.deepEqual(plan([], []), ['text > -']);
});

test('a format alone goes to standard output', () => {
  assert.deepEqual(plan(['json'], []), ['json > -']);
});

test('formats and files pair up in their order', () => {
  assert.deepEqual(plan(['json', 'html'], ['a', 'b']), [`json > ${resolve('a')}`, `html > ${resolve('b')}`]);
  assert.deepEqual(plan(['json', 'html'], ['a']), [`json > ${resolve('a')}`, 'html > -']);
});

test('FORMAT=FILE stands alone, and the text still goes to standard output', () => {
  assert.deepEqual(plan([], ['json=a', 'html=b']), [`json > ${resolve('a')}`, `html > ${resolve('b')}`, 'text > -']);
  assert.deepEqual(plan(['text'], ['html=b']), [`html > ${resolve('b')}`, 'text > -']);
});

test('a file without a format takes the one of its ending', () => {
  assert.deepEqual(plan([], ['a.json'])[0], `json > ${resolve('a.json')}`);
  assert.deepEqual(plan([], ['a.txt'])[0], `text > ${resolve('a.txt')}`);
  assert.deepEqual(plan(['html'], ['a.json'])[0], `html > ${resolve('a.json')}`);
});

test('a dash is standard output, and an equals sign behind a path is part of the name', () => {
  assert.deepEqual(plan([], ['json=-']), ['json > -']);
  assert.deepEqual(plan(['json'], ['./a=b']), [`json > ${resolve('a=b')}`]);
});

test('an unknown format, two formats for one place, and an empty name are usage errors', () => {
  for (const [formats, outputs] of [
    [['sarif'], []],
    [[], ['ocsf=x']],
    [['json', 'html'], []],
    [['json'], ['-', 'html=-']],
    [[], ['json=']],
    [[], ['json=a', 'html=a']],
  ] as [string[], string[]][]) {
    assert.throws(() => plan(formats, outputs), { code: 'usage' });
  }
});

test('a place that cannot be written is an error before the scan', () => {
  assert.throws(() => checkWritable([{ format: 'json', file: join(folder, 'absent', 'a') }]), { code: 'usage' });
  assert.throws(() => checkWritable([{ format: 'json', file: folder }]), { code: 'usage', message: /EISDIR/ });
  checkWritable([{ format: 'json', file: join(folder, 'new') }]);
  assert.deepEqual(readdirSync(folder), []);
});

test('a report replaces the earlier one as a whole and leaves nothing beside it', () => {
  const file = join(folder, 'report.json');
  writeFileSync(file, 'old');
  writeWhole(file, 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder), ['report.json']);
  mkdirSync(join(folder, 'sub'));
  assert.throws(() => writeWhole(join(folder, 'sub', 'absent', 'x'), ''), { code: 'internal' });
});

test('what a link points to is written, the link stays', () => {
  const [file, link] = [join(folder, 'target'), join(folder, 'link')];
  writeFileSync(file, 'old');
  symlinkSync(file, link);
  writeWhole(link, 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.equal(readFileSync(link, 'utf8'), 'new');
});
