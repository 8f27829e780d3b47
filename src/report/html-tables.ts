import { SEVERITIES } from '../model/detector-info.ts';
import type { Report } from '../model/report.ts';
import { type FindingGroup, groupCount, groupFindings } from './groups.ts';
import { bar, escaped, legend, list, name, pill, table } from './html-parts.ts';
import type { FindingRow, ObjectRow, PageData } from './html-rows.ts';
import { plural, thousands } from './shown.ts';
import { type Detectors, statusLines } from './summary.ts';

/** Written into the page for readers without scripts, and until the script has run. */
const STATIC_ROWS = 100;
const FIRST_KINDS = 10;
const MAX_KINDS = 200;

interface Column {
  title: string;
  /** What the script sorts by. */
  key: string;
  isNumber?: boolean;
}
const FINDING_COLUMNS: Column[] = [
  { title: 'Severity', key: 'severity' },
  { title: 'Finding', key: 'name' },
  { title: 'Masked', key: 'masked' },
  { title: 'Seen', key: 'count', isNumber: true },
  { title: 'Where', key: 'where' },
  { title: 'Status', key: 'status' },
];
const OBJECT_COLUMNS: Column[] = [
  { title: 'Object', key: 'name' },
  { title: 'Size', key: 'bytes', isNumber: true },
  { title: 'Format', key: 'format' },
  { title: 'Outcome', key: 'outcome' },
  { title: 'Findings', key: 'findings', isNumber: true },
  { title: 'Level', key: 'level' },
  { title: 'Remarks', key: 'notes' },
];

/** Kinds with what to do about them, then every finding with search, filters and order. */
export function findingsSection(report: Report, data: PageData, detectors: Detectors): string {
  const { findings } = report;
  if (findings.length === 0) return '';
  const parts = SEVERITIES.toReversed().map((severity) => ({
    className: `s-${severity}`,
    label: severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }));
  const filters = ['severity', 'status', 'bucket', 'category'].map(filterOf).join('');
  return `<section aria-labelledby="found"><h2 id="found">What was found</h2>
${bar(parts, 'Findings by severity')}${legend(parts)}${list(statusLines(report))}
${kinds(groupFindings(findings, detectors))}</section>
<section aria-labelledby="findings" id="findings-table"><h2 id="findings">All findings <span class="dim">(${thousands(findings.length)})</span></h2>
${tools('findings', filters)}${dataTable(
  'Findings',
  FINDING_COLUMNS,
  data.findings.slice(0, STATIC_ROWS).map((row) => findingCells(row, data)),
)}
${leftOut(findings.length, data.findings.length, data.left.findings)}</section>`;
}

/** Objects with findings, and those that were not read completely. */
export function objectsSection(data: PageData): string {
  const { objects } = data;
  if (objects.length === 0) return '';
  return `<section aria-labelledby="objects" id="objects-table"><h2 id="objects">Objects that are not both complete and clean <span class="dim">(${thousands(objects.length + data.left.objects)})</span></h2>
${tools('objects', ['outcome', 'level'].map(filterOf).join(''))}${dataTable('Objects', OBJECT_COLUMNS, objects.slice(0, STATIC_ROWS).map(objectCells))}
${leftOut(objects.length + data.left.objects, objects.length, data.left.objects)}</section>`;
}

/** What people accepted, and what they no longer do. */
export function acceptedSection({ suppressions }: Report): string {
  if (suppressions.length === 0) return '';
  const rows = suppressions.map(({ fingerprint, scope, reason, owner, addedBy, addedAt, expiresAt, state }) => [
    `<span class="pill ${state === 'active' ? 's-none' : 's-medium'}">${state}</span>`,
    escaped(reason),
    `${escaped(owner)}<br><small>added by ${escaped(addedBy)}, ${escaped(addedAt.slice(0, 10))}</small>`,
    escaped(expiresAt.slice(0, 10)),
    `${scope === '' ? 'everywhere' : name(scope)}<br><code>${escaped(fingerprint)}</code>`,
  ]);
  return `<section aria-labelledby="accepted"><h2 id="accepted">Accepted findings</h2>${table(['State', 'Reason', 'Owner', 'Until', 'What'], rows, { caption: 'Accepted findings' })}</section>`;
}

function kinds(groups: readonly FindingGroup[]): string {
  const rows = groups
    .slice(0, MAX_KINDS)
    .map((group) => [
      pill(group.severity),
      `<span data-kind="${escaped(group.name)}">${name(group.name)}</span>`,
      escaped(groupCount(group)),
      escaped(group.fix),
    ]);
  const heads = ['Severity', 'Kind', 'Seen', 'What to do'];
  const rest = rows.slice(FIRST_KINDS);
  const first = table(heads, rows.slice(0, FIRST_KINDS), { caption: 'Kinds of findings' });
  if (rest.length === 0) return first;
  const left = groups.length - rows.length;
  const more = left > 0 ? `<p>${plural(left, 'more kind')} among all findings.</p>` : '';
  return `${first}<details><summary>${plural(rest.length, 'more kind')}</summary>${table(heads, rest, { caption: 'More kinds of findings' })}${more}</details>`;
}

function filterOf(field: string): string {
  return `<label>${field.slice(0, 1).toUpperCase()}${field.slice(1)}<select data-filter="${field}"><option value="">all</option></select></label>`;
}

function tools(id: string, filters: string): string {
  return `<div class="tools" role="search" aria-label="${id}" hidden><label class="search">Search<input type="search" autocomplete="off" spellcheck="false"></label>${filters}<button type="button" class="clear">Clear</button></div><p class="count dim" role="status" data-noun="${id}"></p>`;
}

function dataTable(caption: string, columns: readonly Column[], rows: readonly string[][]): string {
  const head = columns
    .map(
      ({ title, key, isNumber }) => `<th scope="col" data-key="${key}"${isNumber ? ' class="num"' : ''}>${title}</th>`,
    )
    .join('');
  const body = rows
    .map(
      (cells) =>
        `<tr>${cells.map((cell, at) => `<td${columns[at]?.isNumber ? ' class="num"' : ''}>${cell}</td>`).join('')}</tr>`,
    )
    .join('\n');
  return `<div class="wide" tabindex="0" role="group" aria-label="${caption}"><table class="data"><caption class="hidden">${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div><div class="pager" hidden></div>`;
}

function findingCells(row: FindingRow, data: PageData): string[] {
  const { severity, name: what, category, confidence, masked, times, status, fingerprint } = row;
  const doubt = confidence === 'confirmed' ? '' : ` · ${confidence}`;
  const places = row.places.map(([at, where]) => placeMarkup(data.names[at] ?? '', where));
  if (row.morePlaces > 0) places.push(`and ${plural(row.morePlaces, 'more place')} in the JSON report`);
  const [first = '', ...others] = places;
  const rest = others.map((place) => `<li>${place}</li>`).join('');
  const fix = data.fixes[row.detector] ?? '';
  return [
    pill(severity),
    `${escaped(what)}<br><small>${escaped(category)}${doubt}</small>`,
    `<code>${name(masked)}</code>`,
    escaped(times),
    `${first}<details><summary>details</summary>${rest === '' ? '' : `<ul>${rest}</ul>`}${fix === '' ? '' : `<p>${escaped(fix)}</p>`}<p><code>${escaped(fingerprint)}</code></p></details>`,
    `<span class="t-${status}">${status}</span>`,
  ];
}

function placeMarkup(object: string, where: string): string {
  return `${name(object)}${where === '' ? '' : ` <small>${escaped(where)}</small>`}`;
}

function objectCells(row: ObjectRow): string[] {
  const { name: object, size, format, outcome, findings, level, notes } = row;
  return [name(object), size, escaped(format), escaped(outcome), thousands(findings), escaped(level), escaped(notes)];
}

function leftOut(all: number, kept: number, left: number): string {
  const note =
    left > 0
      ? `<p>${thousands(left)} of ${thousands(all)} are left out of this page: the JSON report has all.</p>`
      : '';
  if (kept <= STATIC_ROWS) return note;
  return `<p class="static dim">The first ${STATIC_ROWS}; with scripts this page shows, searches and sorts ${left > 0 ? thousands(kept) : 'all'} of them.</p>${note}`;
}
