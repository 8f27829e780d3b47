import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { renderHtml } from '../../src/report/html.ts';
import { DETECTORS, hostileReport, sampleReport } from './sample.ts';

test('markup in names stays text on the page', async () => {
  const { report } = await hostileReport();
  const html = renderHtml(report, DETECTORS);
  assert.equal(html.includes('<img'), false);
  assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;'));
});

test('the page needs no network, and its policy allows its own style and script by their hashes alone', async () => {
  const { report } = await sampleReport();
  const html = renderHtml(report, DETECTORS);
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  assert.equal(
    policy,
    `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  );
  assert.equal(html.match(/<script/g)?.length, 2);
  const markup = html.replace(script, '').replace(style, '');
  assert.doesNotMatch(markup, /<link|<iframe|<img|<a\s|\ssrc=|\shref=|\sstyle=|url\(|@import|\son\w+=/i);
});

test('the data in the page cannot end its script, whatever the names', async () => {
  const { report } = await hostileReport();
  const html = renderHtml(report, DETECTORS);
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
  assert.doesNotMatch(json, /[<>&]/);
  assert.equal(JSON.parse(json).findings.length, report.findings.length);
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
