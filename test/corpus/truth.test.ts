import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { CorpusSet, Place, Truth } from '../../corpus/corpus-set.ts';
import { SETS, truthLines, writeObjects } from '../../corpus/generate.ts';
import type { FindingReport, Report } from '../../src/model/report.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'assay-corpus-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const sets: CorpusSet[] = Object.values(SETS).map((make) => make());
let report: Report;

before(async () => {
  writeObjects(join(folder, 'corpus'));
  const targets = sets.map(({ name }) => join(folder, 'corpus', name, 'objects'));
  const out = join(folder, 'report.json');
  await promisify(execFile)(
    process.execPath,
    [main, 'scan', ...targets, '--quiet', '--max-locations', '10000', '-f', 'json', '-o', out],
    { cwd: folder, env: { ...process.env, ASSAY_HOME: join(folder, 'home') } },
  );
  report = JSON.parse(readFileSync(out, 'utf8'));
});

/** `chat/chat.jsonl` of a file under the folder. */
function nameOf(uri: string): string {
  const match = /\/corpus\/([^/]+)\/objects\/(.+)$/.exec(uri);
  assert.ok(match, uri);
  return `${match[1]}/${match[2]}`;
}

/** Row with column or pointer where there are records, else the line. */
function placeOf(object: string, { row, column, pointer, line }: Place): string {
  return row === undefined ? `${object} line ${line}` : `${object} row ${row} ${pointer ?? column}`;
}

/** What a report has to say of planted values: one text a finding, so that differences can be read. */
function expected(): string[] {
  const findings = new Map<string, { head: string; count: number; items: Set<string>; places: string[] }>();
  for (const set of sets) {
    for (const truth of set.truth) {
      const object = `${set.name}/${truth.object}`;
      const item = truth.item.includes('/') ? truth.item : `${set.name}/${truth.item}`;
      const head = truth.issuer === null ? columnHead(object, truth) : `value ${truth.detector} ${truth.issuer}`;
      const key = truth.issuer === null ? head : item;
      const finding = findings.get(key) ?? { head, count: 0, items: new Set(), places: [] };
      finding.count += truth.repeats ?? 1;
      finding.items.add(item);
      finding.places.push(placeOf(object, truth));
      findings.set(key, finding);
    }
  }
  return [...findings.values()].map(({ head, count, items, places }) => {
    return [head, `${count} of ${items.size}`, ...places.sort()].join('\n  ');
  });
}

function columnHead(object: string, { entity, column, pointer }: Truth): string {
  const where = pointer === undefined ? column : pointer.replace(/\/\d+(?=\/|$)/g, '/*');
  return `column ${entity} ${object}${where === undefined ? '' : ` ${where}`}`;
}

function found({ kind, detector, issuer, entity, count, distinct, locations }: FindingReport): string {
  const places = locations.map(({ object, ...place }) => placeOf(nameOf(object), place));
  const first = locations[0];
  assert.ok(first);
  const where = first.row === undefined ? undefined : (first.pointer?.replace(/\/\d+(?=\/|$)/g, '/*') ?? first.column);
  const head =
    kind === 'value'
      ? `value ${detector} ${issuer}`
      : `column ${entity} ${nameOf(first.object)}${where === undefined ? '' : ` ${where}`}`;
  return [head, `${count} of ${distinct}`, ...places.sort()].join('\n  ');
}

test('the committed truth is what the generator plants, and the objects are the same byte for byte each time', () => {
  for (const [index, [name, make]] of Object.entries(SETS).entries()) {
    const set = sets[index] as CorpusSet;
    const truth = readFileSync(new URL(`../../corpus/${name}/truth.jsonl`, import.meta.url), 'utf8');
    assert.equal(truth, truthLines(set), `${name}: run node corpus/generate.ts --truth`);
    assert.deepEqual(make().objects, set.objects);
  }
});

test('no line of the truth holds a planted value', () => {
  for (const set of sets) {
    const text = truthLines(set);
    for (const value of set.values) assert.ok(!text.includes(value), set.name);
  }
});

test('every object of every set is scanned completely', () => {
  const objects = sets.reduce((sum, set) => sum + set.objects.size, 0);
  assert.equal(report.coverage.objects.listed, objects);
  assert.equal(report.coverage.objects.complete, objects);
  assert.equal(report.result.incomplete, false);
});

test('everything planted is found where it was planted, once, and nothing else is', () => {
  const wanted = new Set(expected());
  const got = report.findings.map(found);
  const missed = [...wanted].filter((text) => !got.includes(text));
  const extra = got.filter((text) => !wanted.has(text));
  assert.deepEqual({ missed, extra }, { missed: [], extra: [] });
  assert.equal(got.length, wanted.size);
});

test('the clean set stays silent and its bucket is graded as nothing sensitive', () => {
  const clean = report.buckets.find(({ uri }) => uri.endsWith('/clean/objects'));
  assert.equal(clean?.sensitivity.level, 'none');
  assert.deepEqual(
    report.findings.filter(({ locations }) => locations.some(({ object }) => object.includes('/clean/objects/'))),
    [],
  );
});
