import { createHash } from 'node:crypto';
import type { BucketReport, FindingReport, ObjectReport, Report } from '../model/report.ts';
import { HTML_STYLE } from './html-style.ts';
import { bytesText, plural, shown, thousands } from './shown.ts';
import { coverageLines, type Detectors, findingCount, findingName, headline, nextSteps, placeText } from './summary.ts';

const MAX_ROWS = 2000;
const MAX_PLACES = 20;

/** One page without scripts and without network: everything from outside is escaped, and the policy forbids the rest. */
export function renderHtml(report: Report, detectors: Detectors): string {
  const { buckets, findings, objects } = report;
  const styleHash = createHash('sha256').update(HTML_STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const worst = buckets[0]?.risk.level ?? 'unknown';
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Assay report</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<header>
<h1>Assay report</h1>
<p class="verdict ${worst}">${escaped(headline(report))}</p>
${list(report.result.reasons, 'reasons')}
</header>
<main>
<section><h2>Coverage</h2>${list(coverageLines(report))}${formatsTable(report)}</section>
<section><h2>Buckets</h2>${buckets.map(bucketCard).join('')}</section>
${section('Findings', findings, (shownOnes) => findingsTable(shownOnes, detectors))}
${stepsSection(report, detectors)}
${section('Objects that are not both complete and clean', notable(objects), objectsTable)}
</main>
<footer><p>Scan ${text(report.scan.id)} of ${report.scan.targets.map(text).join(', ')}, from ${text(report.scan.startedAt)}
to ${text(report.scan.finishedAt)}, Assay ${text(report.scan.version)}, detector set ${text(report.scan.detectorSet)}.</p></footer>
</body>
</html>
`;
}

function section<T>(title: string, all: readonly T[], render: (rows: readonly T[]) => string): string {
  if (all.length === 0) return '';
  const rest = all.length - MAX_ROWS;
  const note = rest > 0 ? `<p>${plural(rest, 'more row')}: see the JSON report.</p>` : '';
  return `<section><h2>${title} (${thousands(all.length)})</h2>${render(all.slice(0, MAX_ROWS))}${note}</section>`;
}

function bucketCard({ uri, sensitivity, exposure, risk }: BucketReport): string {
  const score = sensitivity.level === 'unknown' ? '' : `, score ${sensitivity.score} of 100`;
  const reach = Object.entries(exposure.effective).map(
    ([action, who]) => `<td>${escaped(action)}: ${escaped(who)}</td>`,
  );
  const unknowns = exposure.unknowns.map(
    ({ call, reason, permission }) => `${call}: ${reason}${permission === '' ? '' : `, needs ${permission}`}`,
  );
  return `<article>
<h3><span class="badge ${risk.level}">${risk.level}</span> ${text(uri)}</h3>
<p>Data <b>${sensitivity.level}</b>${score} · reach <b>${exposure.verdict}</b></p>
${list([...risk.because, ...exposure.because, ...sensitivity.because])}
<table class="reach"><tr>${reach.join('')}</tr></table>
${unknowns.length > 0 ? `<h4>Not known</h4>${list(unknowns)}` : ''}
</article>`;
}

function findingsTable(findings: readonly FindingReport[], detectors: Detectors): string {
  const rows = findings.map((finding) => {
    const doubt = finding.confidence === 'confirmed' ? '' : ` <small>${finding.confidence}</small>`;
    return `<tr><td><span class="badge ${finding.severity}">${finding.severity}</span></td>
<td>${text(findingName(finding, detectors))}${doubt}</td><td><code>${text(finding.masked)}</code></td>
<td>${escaped(findingCount(finding))}</td><td>${places(finding)}</td></tr>`;
  });
  return table(['Severity', 'What', 'Masked', 'How often', 'Where'], rows);
}

function places({ locations }: FindingReport): string {
  const lines = locations
    .slice(0, MAX_PLACES)
    .map((place) => `${text(place.object)} <small>${escaped(placeText(place))}</small>`);
  const rest = locations.length - MAX_PLACES;
  if (rest > 0) lines.push(`${plural(rest, 'more place')} in the JSON report`);
  const [first = '', ...others] = lines;
  if (others.length === 0) return first;
  return `${first}<details><summary>${plural(others.length, 'more line')}</summary>${others.map((line) => `<div>${line}</div>`).join('')}</details>`;
}

function objectsTable(objects: readonly ObjectReport[]): string {
  const rows = objects.map(
    ({ uri, bytes, format, outcome, findings, level }) =>
      `<tr><td>${text(uri)}</td><td class="number">${bytesText(bytes)}</td><td>${text(format)}</td><td>${escaped(outcome)}</td><td class="number">${thousands(findings)}</td><td>${level}</td></tr>`,
  );
  return table(['Object', 'Size', 'Format', 'Outcome', 'Findings', 'Level'], rows);
}

function notable(objects: readonly ObjectReport[]): ObjectReport[] {
  return objects.filter(({ outcome, findings }) => outcome !== 'complete' || findings > 0);
}

function formatsTable({ coverage }: Report): string {
  const rows = Object.entries(coverage.formats).map(
    ([format, { objects, bytes }]) =>
      `<tr><td>${text(format)}</td><td class="number">${thousands(objects)}</td><td class="number">${bytesText(bytes)}</td></tr>`,
  );
  return rows.length === 0 ? '' : table(['Format', 'Objects', 'Size'], rows);
}

function stepsSection(report: Report, detectors: Detectors): string {
  const steps = nextSteps(report, detectors).map(
    ({ words, commands }) =>
      `<li>${escaped(words)}${commands.map((command) => `<pre>${escaped(command)}</pre>`).join('')}</li>`,
  );
  return steps.length === 0 ? '' : `<section><h2>What to do next</h2><ol>${steps.join('')}</ol></section>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function list(lines: readonly string[], name = ''): string {
  if (lines.length === 0) return '';
  return `<ul class="${name}">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}

/** A name from outside: its direction stays its own. */
function text(value: string): string {
  return `<bdi>${escaped(value)}</bdi>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escaped(value: string): string {
  let answer = '';
  for (const char of shown(value)) answer += ENTITIES[char] ?? char;
  return answer;
}
