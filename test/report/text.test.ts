import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderHtml } from '../../src/report/html.ts';
import { bytesText, shown, thousands } from '../../src/report/shown.ts';
import { renderText } from '../../src/report/text.ts';
import { percentText } from '../../src/report/verdict.ts';
import { DETECTORS, type Entry, emails, reportOf, SHUT_LAKE, sampleReport, value } from './sample.ts';

const options = { detectors: DETECTORS, width: 80, color: false };
const HOSTILE = '<img src=x onerror=alert(1)>"\'&\u001b[2J\u202egnp.exe\u0007\nnext.jsonl';

async function hostileReport() {
  return reportOf({
    entries: [
      {
        key: HOSTILE,
        values: [
          value({ masked: HOSTILE, locations: [{ row: 1, column: HOSTILE, pointer: HOSTILE, member: HOSTILE }] }),
        ],
      },
      { key: `x${HOSTILE}`, columns: [emails(HOSTILE)] },
    ],
    evidence: [
      {
        ...SHUT_LAKE,
        policy: {
          state: 'known',
          value: { Statement: [{ Effect: 'Allow', Sid: HOSTILE, Principal: '*', Action: 's3:*', Resource: '*' }] },
        },
      },
    ],
  });
}

test('a person first reads the verdict, then coverage, buckets, findings and what to do', async () => {
  const { report } = await sampleReport();
  const text = renderText(report, options);
  assert.match(text, /^CRITICAL risk in s3:\/\/lake\. The data is restricted and anyone can reach it\./);
  const order = [
    'CRITICAL',
    'incomplete',
    'Coverage',
    'Buckets',
    'PublicRead',
    'Findings',
    'acm…',
    'What to do next',
  ].map((part) => text.indexOf(part));
  assert.ok(
    order.every((at, index) => at >= 0 && at > (order[index - 1] ?? -1)),
    order.join(),
  );
  assert.match(text, /s3:\/\/lake\/chat\/0001\.jsonl {2}row 3, \/messages\/0\/content, line 4/);
  assert.match(text, /\$ aws s3api put-public-access-block --bucket lake /);
  assert.match(text, /Revoke the key at Acme\./);
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
  const entries: Entry[] = Array.from({ length: 300 }, (_, index) => ({
    key: `k${index}`,
    values: [value({ fingerprint: `v1:${index}` })],
  }));
  const text = renderText((await reportOf({ entries })).report, options);
  assert.ok(text.split('\n').length < 60);
  assert.match(text, /and 290 more findings: see the JSON or HTML report/);
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

test('markup in names stays text on the page', async () => {
  const { report } = await hostileReport();
  const html = renderHtml(report, DETECTORS);
  assert.equal(html.includes('<img'), false);
  assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;'));
});

test('the page needs no network and forbids scripts', async () => {
  const { report } = await sampleReport();
  const html = renderHtml(report, DETECTORS);
  assert.match(
    html,
    /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
  );
  assert.doesNotMatch(html, /<script|<link|<iframe|\ssrc=|\shref=|\sstyle=|url\(|@import|\son\w+=/i);
});

test('the page names coverage, buckets, findings and what to do', async () => {
  const { report } = await sampleReport();
  const html = renderHtml(report, DETECTORS);
  for (const part of [
    'CRITICAL risk',
    '4 of 6 scannable objects',
    'PublicRead',
    'Acme API key',
    'partial:truncated',
    'put-public-access-block',
  ]) {
    assert.ok(html.includes(part), part);
  }
});

test('no text that can be seen is changed', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', ' ', '/') }), (text) =>
      assert.equal(shown(text), text),
    ),
  );
  assert.equal(shown('a\tb\u200b\ud800'), 'a\\u{9}b\\u{200b}\\u{d800}');
});

test('numbers are rounded so that nothing looks better than it is', () => {
  assert.equal(percentText(99.999), '99.9 %');
  assert.equal(percentText(100), '100 %');
  assert.equal(thousands(1234567), '1,234,567');
  assert.deepEqual([0, 999, 1000, 12345, 999_950, 5e9].map(bytesText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '12.3 kB',
    '1.0 MB',
    '5.0 GB',
  ]);
});
