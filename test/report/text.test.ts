import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DetectorInfo } from '../../src/model/detector-info.ts';
import { FAILED_REASONS, PARTIAL_REASONS } from '../../src/model/outcome.ts';
import { readBaseline } from '../../src/report/baseline.ts';
import { gapsOf } from '../../src/report/gaps.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderJson } from '../../src/report/json.ts';
import { findingName } from '../../src/report/summary.ts';
import { renderText } from '../../src/report/text.ts';
import { allow, bucket, policyOf } from '../exposure/evidence.ts';
import {
  DETECTORS,
  type Entry,
  emails,
  hostileReport,
  LAKE,
  LOCAL,
  NOW,
  OPEN_LAKE,
  reportOf,
  SHUT_LAKE,
  sampleReport,
  suppression,
  value,
} from './sample.ts';

const options = { detectors: DETECTORS, width: 80, color: false };

test('who outside can write is told first, as poison, whatever the data is', async () => {
  const policy = policyOf(allow({ Action: 's3:PutObject' }));
  const { report } = await reportOf({ entries: [], evidence: [{ ...SHUT_LAKE, policy }] });
  const [lake] = report.buckets;
  assert.equal(lake?.risk.level, 'high');
  const poison = 'Anyone can write into it, and so poison what is trained on it: at least high.';
  assert.ok(lake?.risk.because.includes(poison));
  const text = renderText(report, { ...options, width: 200 });
  assert.ok(text.includes(poison), text);
  const page = renderHtml(report, DETECTORS);
  assert.match(page, /and so poison what is trained on it/);
  assert.match(page, /<pre><code>--- policy\.json\n\+\+\+ policy\.json\n@@ /);
  assert.match(page, /<pre><code>resource &quot;aws_s3_bucket_policy&quot;/);
});

test('a person first reads the verdict, then what is exposed, why and how to end it, findings, and what was not read', async () => {
  const { report } = await sampleReport();
  const text = renderText(report, options);
  assert.match(text, /^CRITICAL risk in s3:\/\/lake\. The data is restricted and anyone can reach it\./);
  const order = [
    'CRITICAL',
    'incomplete',
    'Buckets',
    'PublicRead',
    'fix: Turn Block Public Access on',
    '$ aws s3api put-public-access-block --bucket lake ',
    'Findings (2 critical, 1 medium)',
    'acm…  2 different values, 3 times',
    's3://lake/again.jsonl  row 9, column text',
    'fix: Revoke the key at Acme.',
    'Coverage',
    '1 failed:access-denied: Grant the scanning identity s3:GetObject',
    '    s3://lake/secret.bin',
    '1 partial:truncated: It ends in the middle',
    '    s3://lake/broken.gz',
  ].map((part) => text.indexOf(part));
  assert.ok(
    order.every((at, index) => at >= 0 && at > (order[index - 1] ?? -1)),
    `${order.join()}\n${text}`,
  );
});

test('the advice for an object that failed fits its reason and where it is', async () => {
  const advice = async (outcome: NonNullable<Entry['outcome']>, bucket = LAKE) =>
    renderText((await reportOf({ entries: [{ key: 'x', outcome, bucket }] })).report, { ...options, width: 200 });
  assert.match(await advice('failed:access-denied'), /s3:GetObject.*kms:Decrypt/);
  assert.match(await advice('failed:access-denied', LOCAL), /chmod o\+r/);
  assert.doesNotMatch(await advice('failed:access-denied'), /again/);
  assert.match(await advice('failed:network'), /scan again/);
  assert.match(await advice('partial:line-limit'), /--max-line-bytes/);
  assert.match(await advice('skipped:unsupported'), /--exclude/);
});

test('every way to end has advice, and names no more than ten objects in all', async () => {
  const outcomes = [
    ...PARTIAL_REASONS.map((reason) => `partial:${reason}` as const),
    ...FAILED_REASONS.map((reason) => `failed:${reason}` as const),
  ];
  const entries = outcomes.flatMap((outcome) => [1, 2, 3].map((n) => ({ key: `${outcome}-${n}`, outcome })));
  const { report } = await reportOf({ entries });
  for (const { outcome, count, advice } of gapsOf(report)) {
    assert.equal(count, 3, outcome);
    assert.match(advice, /^[A-Z].{15,}\.$|`.+`.*\.$/, outcome);
  }
  const named = renderText(report, options).match(/^ {4}s3:\/\/lake\/\S+-\d$/gm);
  assert.equal(named?.length, 10);
});

test('an object that was not reached is not said to have failed', async () => {
  const { report } = await reportOf({ entries: [{ key: 'a', outcome: null, hasScan: false }], state: 'running' });
  const text = renderText(report, { ...options, width: 200 });
  assert.match(text, /1 not reached: .*run the same command again/);
  assert.doesNotMatch(text, /failed:internal/);
});

test('what is accepted, known or gone is counted, and only new findings are described', async () => {
  const old = { key: 'a', values: [value({ fingerprint: 'v1:old' }), value({ fingerprint: 'v1:gone' })] };
  const baseline = readBaseline(renderJson((await reportOf({ entries: [old] })).report), 'old.json', 'k');
  const entries = [
    { key: 'a', values: [value({ fingerprint: 'v1:old' }), value()] },
    { key: 'b', columns: [emails('mail')] },
  ];
  const all = [suppression(), suppression({ fingerprint: 'v1:old', expiresAt: '2026-01-02T00:00:00Z' })];
  const { report } = await reportOf({ entries, options: { baseline, suppressions: { all, now: NOW } } });
  const text = renderText(report, options);
  assert.match(text, /1 new, 1 known from the baseline; 1 of its findings is gone/);
  assert.match(text, /1 accepted by data team/);
  assert.match(text, /1 acceptance expired/);
  assert.match(text, /E-mail address/);
  assert.doesNotMatch(text, /acm…/);
});

test('remarks of objects reach text and page', async () => {
  const entries = [{ key: 'a', outcome: 'partial:corrupt' as const, notes: { 'crc-mismatch': 3 } }];
  const { report } = await reportOf({ entries });
  assert.deepEqual(report.objects[0]?.notes, { 'crc-mismatch': 3 });
  assert.match(renderText(report, options), /remarks: crc-mismatch \(3\)/);
  assert.match(renderHtml(report, DETECTORS), /<td>crc-mismatch \(3\)<\/td>/);
});

test('nothing found in a part is not said to be clean', async () => {
  const part = await reportOf({ entries: [{ key: 'a' }, { key: 'b', outcome: 'failed:network' }] });
  assert.match(renderText(part.report, options), /^Nothing was found in what was read\. Not everything was read\./);
  const lowered = await reportOf({
    entries: [{ key: 'a' }, { key: 'b', outcome: 'failed:network' }],
    options: { minCoverage: 50 },
  });
  assert.match(renderText(lowered.report, options), /Not everything was read\./);
  const whole = await reportOf({ entries: [{ key: 'a' }] });
  assert.match(renderText(whole.report, options), /^Nothing was found, and everything was read\./);
});

test('lines keep to the width, except words that cannot be cut', async () => {
  const { report } = await sampleReport();
  for (const width of [60, 100]) {
    for (const line of renderText(report, { ...options, width }).split('\n')) {
      const isCommand = line.trimStart().startsWith('$');
      const longest = Math.max(
        ...line
          .trimStart()
          .split(' ')
          .map((word) => word.length),
      );
      assert.ok(isCommand || line.length <= width || longest > width - 20, line);
    }
  }
});

test('colour comes only when it is asked for', async () => {
  const { report } = await sampleReport();
  assert.equal(renderText(report, options).includes('\u001b'), false);
  assert.ok(renderText(report, { ...options, color: true }).includes('\u001b[1;31m'));
});

test('a long report stays short on the terminal', async () => {
  const detectors = new Map(
    Array.from({ length: 40 }, (_, index) => {
      const id = `kind-${index}`;
      return [id, { ...(DETECTORS.get('acme-key') as DetectorInfo), id, name: `Kind ${index}` }] as const;
    }),
  );
  const entries: Entry[] = Array.from({ length: 400 }, (_, index) => ({
    key: `k${index}`,
    values: [value({ fingerprint: `v1:${index}`, detector: `kind-${index % 40}` })],
  }));
  const { report } = await reportOf({ entries, evidence: [OPEN_LAKE], detectors });
  const text = renderText(report, { ...options, detectors, width: 100 });
  assert.ok(text.split('\n').length < 50, text);
  assert.match(text, /and 34 more kinds: see the JSON or HTML report/);
});

test('control and direction characters of names are written out, not obeyed', async () => {
  const { report } = await hostileReport();
  const html = renderHtml(report, DETECTORS);
  for (const page of [renderText(report, options), html]) {
    for (const char of ['\u001b', '\u202e', '\u0007']) assert.equal(page.includes(char), false);
    assert.ok(page.includes('\\u{202e}'));
    assert.equal(page.includes('\nnext.jsonl'), false);
  }
});

test('a detector that speaks for many issuers is told with the issuer', async () => {
  const { report } = await sampleReport();
  const [finding] = report.findings;
  assert.ok(finding);
  const info = { id: finding.detector, name: 'Credential of a known issuer', issuer: 'generic' };
  const detectors = new Map([[finding.detector, info as unknown as DetectorInfo]]);
  assert.equal(
    findingName({ ...finding, issuer: 'weatherbird' }, detectors),
    'Credential of a known issuer: weatherbird',
  );
  assert.equal(findingName({ ...finding, issuer: 'generic' }, detectors), 'Credential of a known issuer');
});

test('prefixes that differ are told below their bucket, the riskiest first', async () => {
  const { report } = await reportOf({
    entries: [{ key: 'public/readme.md' }, { key: 'private/chat.jsonl', values: [value()] }],
    evidence: [bucket({ policy: policyOf(allow({ Resource: 'arn:aws:s3:::lake/public/*' })) })],
    options: { maskName: (name) => name },
  });
  const text = renderText(report, { detectors: DETECTORS, width: 100, color: false });
  assert.match(
    text,
    /in private\/: data restricted, reach private, risk low\n +in public\/: data none, reach public, risk low/,
  );
  const html = renderHtml(report, DETECTORS);
  assert.match(html, /Where in the bucket.*private\/.*public\//s);
});
