import { shown } from './shown.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text between tags or in an attribute: markup in it stays text, and what cannot be seen is written out. */
export function escaped(text: string): string {
  let answer = '';
  for (const char of shown(text)) answer += ENTITIES[char] ?? char;
  return answer;
}

/** A name from outside: its direction stays its own. */
export function name(text: string): string {
  return `<bdi>${escaped(text)}</bdi>`;
}

/** A word on the colour of its level. */
export function pill(level: string): string {
  return `<span class="pill s-${level}">${level}</span>`;
}

export function list(lines: readonly string[], className = ''): string {
  if (lines.length === 0) return '';
  return `<ul${className === '' ? '' : ` class="${className}"`}>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}

/** The first lines, and the rest on demand. */
export function foldedList(lines: readonly string[], max: number): string {
  const rest = lines.slice(max);
  if (rest.length === 0) return list(lines);
  return `${list(lines.slice(0, max))}<details><summary>${rest.length} more</summary>${list(rest)}</details>`;
}

/** Cells are markup already. `numeric`: indexes of the columns with numbers. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  options: { numeric?: readonly number[]; caption?: string } = {},
): string {
  const kind = (index: number): string => (options.numeric?.includes(index) ? ' class="num"' : '');
  const head = heads.map((title, index) => `<th scope="col"${kind(index)}>${title}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell, index) => `<td${kind(index)}>${cell}</td>`).join('')}</tr>`);
  const caption = options.caption === undefined ? '' : `<caption>${escaped(options.caption)}</caption>`;
  return `<div class="wide" tabindex="0" role="group" aria-label="${escaped(options.caption ?? 'table')}"><table>${caption}<thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

export interface BarPart {
  /** A severity, a level of risk or an outcome: its colour. */
  className: string;
  label: string;
  count: number;
}

/** Parts of a whole as one bar, said in words to those who do not see it. */
export function bar(parts: readonly BarPart[], what: string): string {
  const whole = parts.reduce((sum, { count }) => sum + count, 0);
  const kept = parts.filter(({ count }) => count > 0);
  const words = kept.map(({ label, count }) => `${count} ${label}`).join(', ') || 'none';
  let at = 0;
  const rects = kept.map(({ className, count }) => {
    // What is there can be seen, however small its share is.
    const width = Math.max((100 * count) / whole, 0.8);
    const rect = `<rect class="${className}" x="${at.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="8"/>`;
    at += width;
    return rect;
  });
  return `<svg class="bar" viewBox="0 0 ${Math.max(100, at).toFixed(2)} 8" preserveAspectRatio="none" role="img" aria-label="${escaped(`${what}: ${words}`)}"><rect class="track" width="${Math.max(100, at).toFixed(2)}" height="8"/>${rects.join('')}</svg>`;
}

export function legend(parts: readonly BarPart[]): string {
  const items = parts
    .filter(({ count }) => count > 0)
    .map(
      ({ className, label, count }) =>
        `<li><svg class="dot" viewBox="0 0 8 8" aria-hidden="true"><circle class="${className}" cx="4" cy="4" r="4"/></svg>${count.toLocaleString('en-US')} ${escaped(label)}</li>`,
    );
  return `<ul class="legend">${items.join('')}</ul>`;
}
