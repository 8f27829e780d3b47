import { createHash } from 'node:crypto';
import { SEVERITIES } from '../model/detector-info.ts';
import type { Report } from '../model/report.ts';
import { RISK_ORDER } from '../posture/join-risk.ts';
import { coverageSection, outcomeParts } from './html-coverage.ts';
import { exposureSection } from './html-exposure.ts';
import { type BarPart, bar, escaped, list, name } from './html-parts.ts';
import { embeddedJson, pageData } from './html-rows.ts';
import { HTML_SCRIPT } from './html-script.ts';
import { HTML_STYLE } from './html-style.ts';
import { acceptedSection, findingsSection, objectsSection } from './html-tables.ts';
import { bytesText, plural, thousands } from './shown.ts';
import { type Detectors, headline, scannableObjects } from './summary.ts';
import { percentText } from './verdict.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** Nothing from outside, no script but ours, and none that writes markup. */
const POLICY = `default-src 'none'; script-src ${hash(HTML_SCRIPT)}; style-src ${hash(HTML_STYLE)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;

/**
 * One page that needs no network: verdict, what is exposed and why, what was found, coverage. Everything from outside is
 * escaped, and the policy forbids the rest. It is read without scripts too, to the first rows of its tables.
 */
export function renderHtml(report: Report, detectors: Detectors): string {
  const { buckets } = report;
  const data = pageData(report, detectors);
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Assay report</title>
<style>${HTML_STYLE}</style>
</head>
<body>
${hero(report)}
<main>
${exposureSection(buckets)}
${findingsSection(report, data, detectors)}
${acceptedSection(report)}
${coverageSection(report)}
${objectsSection(data)}
</main>
${footer(report)}
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${HTML_SCRIPT}</script>
</body>
</html>
`;
}

function hero(report: Report): string {
  const { result, scan, buckets } = report;
  const { verdict, because } = headline(report);
  const worst = buckets[0]?.risk.level ?? 'unknown';
  const words = [result.violated ? 'violated' : '', result.incomplete ? 'incomplete' : ''].filter(
    (word) => word !== '',
  );
  const notice =
    result.reasons.length === 0
      ? ''
      : `<div class="notice"><p>This scan is <b>${words.join(' and ')}</b>:</p>${list(result.reasons)}</div>`;
  return `<header class="hero e-${worst}">
<p class="dim">Assay report · ${escaped(scan.finishedAt === '' ? scan.startedAt : scan.finishedAt)}</p>
<h1>${escaped(verdict)}</h1>
<p class="lead">${escaped(because)}</p>
${notice}
<dl class="tiles">${tiles(report).join('')}</dl>
</header>`;
}

function tiles(report: Report): string[] {
  const { buckets, findings, coverage } = report;
  const risks: BarPart[] = RISK_ORDER.toReversed().map((level) => ({
    className: `s-${level}`,
    label: `${level} risk`,
    count: buckets.filter(({ risk }) => risk.level === level).length,
  }));
  const severities: BarPart[] = SEVERITIES.toReversed().map((severity) => ({
    className: `s-${severity}`,
    label: severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }));
  const open = buckets.filter(({ exposure }) => exposure.verdict === 'public' || exposure.verdict === 'cross-account');
  const scannable = scannableObjects(coverage);
  const percent = scannable === 0 ? 100 : (100 * coverage.objects.complete) / scannable;
  const severe = findings.filter(({ severity }) => severity === 'critical' || severity === 'high').length;
  return [
    tile(
      'Reachable from outside',
      `${thousands(open.length)} of ${plural(buckets.length, 'bucket')}`,
      bar(risks, 'Buckets by risk'),
    ),
    tile(
      'Findings',
      thousands(findings.length),
      bar(severities, 'Findings by severity'),
      `${thousands(severe)} critical or high`,
    ),
    tile(
      'Scanned completely',
      percentText(percent),
      bar(outcomeParts(report), 'Objects by outcome'),
      `of ${plural(scannable, 'scannable object')}`,
    ),
    tile(
      'Data read',
      bytesText(coverage.bytes.read),
      '',
      `${thousands(coverage.objects.listed)} objects listed, ${bytesText(coverage.bytes.listed)}`,
    ),
  ];
}

function tile(title: string, figure: string, drawing: string, note = ''): string {
  return `<div><dt>${title}</dt><dd><b>${figure}</b>${drawing}${note === '' ? '' : `<small>${note}</small>`}</dd></div>`;
}

function footer({ scan }: Report): string {
  return `<footer><p>Scan <code>${escaped(scan.id)}</code> of ${scan.targets.map(name).join(', ')}, ${escaped(scan.startedAt)} to
${escaped(scan.finishedAt === '' ? 'now' : scan.finishedAt)}. Assay ${escaped(scan.version)}, detector set <code>${escaped(scan.detectorSet)}</code>,
fingerprint key <code>${escaped(scan.fingerprintKeyId)}</code>. Values are masked: no report holds one.</p></footer>`;
}
