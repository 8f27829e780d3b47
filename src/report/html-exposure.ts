import type { Level } from '../model/detector-info.ts';
import type { Reach } from '../model/exposure.ts';
import type { BucketReport } from '../model/report.ts';
import { riskCell } from '../posture/join-risk.ts';
import { escaped, foldedList, list, name, pill, table } from './html-parts.ts';
import { plural, thousands } from './shown.ts';
import { fixSteps, prefixName } from './summary.ts';

/** Beyond these a bucket is a row: the worst come first. */
const MAX_CARDS = 25;
const MAX_ROWS = 2000;
const MAX_REASONS = 6;
const MAX_PREFIXES = 20;

const LEVELS: (Level | 'unknown')[] = ['restricted', 'confidential', 'internal', 'none', 'unknown'];
const REACHES: Reach[] = ['public', 'cross-account', 'organization', 'private', 'unknown'];
const ACTIONS: [keyof BucketReport['exposure']['effective'], string][] = [
  ['list', 'List'],
  ['read', 'Read'],
  ['write', 'Write'],
  ['delete', 'Delete'],
  ['changePermissions', 'Change permissions'],
];

/** Buckets, the riskiest first: what each holds, who can reach it, why, and how to end it. */
export function exposureSection(buckets: readonly BucketReport[]): string {
  if (buckets.length === 0) return '';
  const isQuiet = ({ risk }: BucketReport): boolean => risk.level === 'none';
  const loud = buckets.filter((bucket) => !isQuiet(bucket));
  const cards = loud.slice(0, MAX_CARDS);
  const rest = [...loud.slice(MAX_CARDS), ...buckets.filter(isQuiet)];
  return `<section aria-labelledby="exposed"><h2 id="exposed">What is exposed</h2>
${matrix(buckets)}
${cards.map(card).join('\n')}
${restTable(rest, cards.length > 0)}</section>`;
}

/** How many buckets hold what, by who can reach them; each cell in the colour of its risk. */
function matrix(buckets: readonly BucketReport[]): string {
  const places = buckets.map(riskiestPart);
  const count = (level: string, reach: string): number =>
    places.filter(({ sensitivity, exposure }) => sensitivity.level === level && exposure.verdict === reach).length;
  const head = REACHES.map((reach) => `<th scope="col">${reach}</th>`).join('');
  const rows = LEVELS.map((level) => {
    const cells = REACHES.map((reach) => {
      const here = count(level, reach);
      const risk = riskCell(level, reach);
      const words = here === 0 ? '' : `${here}<span class="hidden"> at ${risk} risk</span>`;
      return `<td class="r-${risk}${here === 0 ? ' empty' : ''}">${words}</td>`;
    });
    return `<tr><th scope="row">${level}</th>${cells.join('')}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="group" aria-label="Buckets by data and reach"><table class="matrix"><caption>Buckets by what they hold and who can reach them</caption><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** A bucket whose parts differ in who can reach them counts where its riskiest part does. */
function riskiestPart(bucket: BucketReport): Pick<BucketReport, 'sensitivity' | 'exposure'> {
  const [first] = bucket.prefixes;
  return first !== undefined && bucket.prefixes.some(({ scope }) => scope !== undefined) ? first : bucket;
}

function card(bucket: BucketReport): string {
  const { uri, sensitivity, exposure, risk } = bucket;
  const score = sensitivity.level === 'unknown' ? '' : `, score ${sensitivity.score} of 100`;
  const reach = ACTIONS.map(([action, words]) => {
    const who = exposure.effective[action];
    return `<div><dt>${words}</dt><dd class="w-${who}">${who}</dd></div>`;
  });
  const unknowns = exposure.unknowns.map(
    ({ call, reason, permission }) => `${call}: ${reason}${permission === '' ? '' : `, needs ${permission}`}`,
  );
  const steps = fixSteps(bucket).map(
    ({ words, commands, texts }) =>
      `<li>${escaped(words)}${[...commands, ...texts].map((text) => `<pre><code>${text.split('\n').map(escaped).join('\n')}</code></pre>`).join('')}</li>`,
  );
  const fix = steps.length === 0 ? '' : `<div><h4>How to end it</h4><ol>${steps.join('')}</ol></div>`;
  const notKnown = unknowns.length === 0 ? '' : `<h4>Not known</h4>${foldedList(unknowns, MAX_REASONS)}`;
  return `<article class="card e-${risk.level}">
<header>${pill(risk.level)}<h3>${name(uri)}</h3><p>data <b>${sensitivity.level}</b>${score} · reach <b>${exposure.verdict}</b></p></header>
<dl class="reach">${reach.join('')}</dl>
<div class="columns"><div><h4>Why</h4>${list([...risk.because, ...exposure.because])}
<h4>What it holds</h4>${foldedList(sensitivity.because, MAX_REASONS)}${notKnown}</div>${fix}</div>
${prefixTable(bucket)}</article>`;
}

function prefixTable({ prefixes }: BucketReport): string {
  if (prefixes.length === 0) return '';
  const rows = prefixes
    .slice(0, MAX_PREFIXES)
    .map((prefix) => [
      pill(prefix.risk.level),
      name(prefixName(prefix)),
      thousands(prefix.objects),
      prefix.sensitivity.level,
      prefix.exposure.verdict,
      escaped(prefix.sensitivity.because.slice(0, 2).join('; ')),
    ]);
  const heads = ['Risk', 'Prefix', 'Objects', 'Data', 'Reach', 'What it holds'];
  const left = prefixes.length - rows.length;
  const more = left > 0 ? `<p>${thousands(left)} more in the JSON report.</p>` : '';
  return `${table(heads, rows, { numeric: [2], caption: 'Where in the bucket' })}${more}`;
}

function restTable(buckets: readonly BucketReport[], areOthers: boolean): string {
  if (buckets.length === 0) return '';
  const rows = buckets
    .slice(0, MAX_ROWS)
    .map(({ uri, sensitivity, exposure, risk }) => [
      pill(risk.level),
      name(uri),
      sensitivity.level,
      exposure.verdict,
      escaped(risk.because.join(' ')),
    ]);
  const left = buckets.length - rows.length;
  const more = left > 0 ? `<p>${plural(left, 'more bucket')} in the JSON report.</p>` : '';
  const caption = areOthers ? 'All other buckets' : 'All buckets';
  return `${table(['Risk', 'Bucket', 'Data', 'Reach', 'Why'], rows, { caption })}${more}`;
}
