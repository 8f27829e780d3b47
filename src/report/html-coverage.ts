import type { Report } from '../model/report.ts';
import { type Gap, gapsOf } from './gaps.ts';
import { type BarPart, bar, escaped, legend, list, name, table } from './html-parts.ts';
import { bytesText, plural, thousands } from './shown.ts';
import { coverageLines } from './summary.ts';

/** Named below the reason; all of them are in the table of objects. */
const MAX_NAMED = 5;

/** What was read, what was not and why, and what would change it. */
export function coverageSection(report: Report): string {
  const parts = outcomeParts(report);
  return `<section aria-labelledby="coverage"><h2 id="coverage">Coverage</h2>
${bar(parts, 'Objects')}${legend(parts)}${list(coverageLines(report))}
${gapsOf(report).map(gapCard).join('')}
${formats(report)}</section>`;
}

export function outcomeParts({ coverage: { objects } }: Report): BarPart[] {
  return [
    { className: 'o-complete', label: 'complete', count: objects.complete },
    { className: 'o-partial', label: 'partial', count: objects.partial },
    { className: 'o-failed', label: 'failed', count: objects.failed },
    { className: 'o-skipped', label: 'skipped', count: objects.skipped },
  ];
}

function gapCard({ outcome, count, advice, objects }: Gap): string {
  const named = objects.slice(0, MAX_NAMED).map(({ uri }) => `<li>${name(uri)}</li>`);
  const more = count - named.length;
  if (more > 0 && named.length > 0) named.push(`<li class="dim">and ${thousands(more)} more</li>`);
  return `<article class="card gap"><h3>${plural(count, 'object')}: <code>${escaped(outcome)}</code></h3><p>${escaped(advice)}</p>${named.length > 0 ? `<ul>${named.join('')}</ul>` : ''}</article>`;
}

function formats({ coverage }: Report): string {
  const rows = Object.entries(coverage.formats)
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .map(([format, { objects, bytes }]) => [name(format), thousands(objects), bytesText(bytes)]);
  if (rows.length === 0) return '';
  return `<details><summary>${plural(rows.length, 'format')}</summary>${table(['Format', 'Objects', 'Size'], rows, { numeric: [1, 2], caption: 'What was read, by format' })}</details>`;
}
