import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Report } from '../../src/model/report.ts';
import { readBaseline } from '../../src/report/baseline.ts';
import { renderJson } from '../../src/report/json.ts';
import { encodeBase, encodeKey } from '../../src/report/places.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { DETECTORS, emails, NOW, OPEN_LAKE, reportOf, sampleReport, suppression, value } from './sample.ts';

const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(readFileSync(new URL('./sarif/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'));
// The schema is draft-04; what it uses of it means the same in later drafts, except the two keys taken off above.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

interface Sarif {
  runs: [
    {
      tool: { driver: { rules: { id: string; help: { text: string } }[] } };
      invocations: { executionSuccessful: boolean; toolExecutionNotifications: { message: { text: string } }[] }[];
      originalUriBaseIds: Record<string, { uri: string }>;
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        baselineState?: string;
        suppressions: object[];
        occurrenceCount?: number;
        partialFingerprints: Record<string, string>;
        locations: {
          physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region?: Record<string, number> };
          properties?: Record<string, number>;
        }[];
      }[];
    },
  ];
}

function sarifOf(report: Report): Sarif['runs'][0] {
  const log = JSON.parse(renderSarif(report, DETECTORS)) as Sarif;
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 5), null, 2));
  return log.runs[0];
}

test('the schema itself refuses what is no SARIF', () => {
  assert.equal(validate({ version: '2.1.0', runs: [{}] }), false);
  assert.equal(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{}] }] }), false);
});

test('a report with something of everything is accepted by the schema', async () => {
  const { results, tool, invocations } = sarifOf((await sampleReport()).report);
  assert.deepEqual(
    results.map(({ ruleId, level }) => [ruleId, level]),
    [
      ['exposure-public', 'error'],
      ['acme-key', 'error'],
      ['acme-key', 'error'],
      ['email', 'warning'],
    ],
  );
  for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
  assert.equal(tool.driver.rules[1]?.help.text, 'Revoke the key at Acme.');
  assert.equal(invocations[0]?.executionSuccessful, false);
  const told = invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text).join('\n') ?? '';
  assert.match(told, /1 object: failed:access-denied/);
});

test('one secret is one result with its fingerprint and all its places', async () => {
  const { results } = sarifOf((await sampleReport()).report);
  const [result] = results.filter(({ partialFingerprints: { 'assayFingerprint/v1': one } }) => one === 'v1:one');
  assert.deepEqual([result?.occurrenceCount, result?.locations.length], [2, 2]);
});

test('byte offsets are said of objects that are stored as they are read', async () => {
  const at = { byteOffset: 7, byteLength: 3, line: 2 };
  const place = async (format: string, member?: string) => {
    const locations = [member === undefined ? at : { ...at, member }];
    const { report } = await reportOf({ entries: [{ key: 'x', format, values: [value({ locations })] }] });
    return sarifOf(report).results.find(({ ruleId }) => ruleId === 'acme-key')?.locations[0];
  };
  assert.deepEqual((await place('jsonl'))?.physicalLocation.region, { startLine: 2, byteOffset: 7, byteLength: 3 });
  const packed = await place('jsonl+zstd');
  assert.deepEqual(packed?.physicalLocation.region, { startLine: 2 });
  assert.deepEqual(packed?.properties, { byteOffset: 7, byteLength: 3 });
  assert.equal((await place('text', 'a.tar/b.txt'))?.physicalLocation.region, undefined);
});

test('suppressed and known results are marked as SARIF does', async () => {
  const entries = [{ key: 'a', values: [value(), value({ fingerprint: 'v1:two' })] }];
  const { report: before } = await reportOf({ entries: [{ key: 'a', values: [value()] }] });
  const { report } = await reportOf({
    entries,
    options: {
      suppressions: { all: [suppression()], now: NOW },
      baseline: readBaseline(renderJson(before), 'old.json', 'k'),
    },
  });
  const marks = sarifOf(report).results.map(({ ruleId, baselineState, suppressions }) => [
    ruleId,
    baselineState,
    suppressions.length,
  ]);
  assert.deepEqual(marks.slice(1), [
    ['acme-key', 'unchanged', 1],
    ['acme-key', 'new', 0],
  ]);
  assert.ok(JSON.stringify(sarifOf(report)).includes('"justification":"a key of a test account"'));
});

const KEYS = [
  'a b/c#d?e=f%20',
  '/leading',
  '//host/x',
  'trailing/',
  'a//b',
  '../../etc/passwd',
  './x',
  'c:/x',
  'javascript:alert(1)',
  'ü/漢/😀',
  'rtl\u202egnp.exe',
  'line\nfeed\ttab\0nul',
  'quote"\'<>&`',
  '\ud800lone',
  '(name not shown)',
];

test('hostile names become addresses that lead back to the very object', async () => {
  const entries = KEYS.map((key, index) => ({ key, values: [value({ fingerprint: `v1:${index}` })] }));
  const { report } = await reportOf({ entries, evidence: [OPEN_LAKE] });
  const run = sarifOf(report);
  const uris = run.results.flatMap(({ locations }) =>
    locations.flatMap(({ physicalLocation: { artifactLocation } }) =>
      artifactLocation.uriBaseId === undefined ? [] : [artifactLocation.uri],
    ),
  );
  assert.deepEqual(uris.map(decodeURIComponent).toSorted(), KEYS.map((key) => key.toWellFormed()).toSorted());
  assert.deepEqual(run.originalUriBaseIds, { BUCKET1: { uri: 's3://lake/' } });
});

test('every key is a relative reference without a scheme, host, query or fragment, and decodes to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('/', '.', ':', '%', '?', '#', 'a', ' ', 'ü', '\\') }), (key) => {
      const encoded = encodeKey(key);
      assert.equal(decodeURIComponent(encoded), key);
      assert.doesNotMatch(encoded, /[^A-Za-z0-9%/._~-]/);
      assert.ok(!encoded.startsWith('/'));
    }),
  );
  assert.equal(encodeBase('file:///my data/ü'), 'file:///my%20data/%C3%BC/');
  assert.equal(encodeBase('s3://lake'), 's3://lake/');
});

test('control and direction characters are written out in messages', async () => {
  const entries = [{ key: 'x\u202ey', columns: [emails('c\u202e\n')] }];
  const { report } = await reportOf({ entries, options: { fingerprint: () => 'v1:x' } });
  assert.equal(renderSarif(report, DETECTORS).includes('\u202e'), false);
});

test('a scan without findings has an empty list of results', async () => {
  const run = sarifOf((await reportOf({ entries: [{ key: 'a' }] })).report);
  assert.deepEqual([run.results, run.invocations[0]?.executionSuccessful], [[], true]);
});
