import type { Report } from '../model/report.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderSarif } from './sarif.ts';
import { renderText, type TextOptions } from './text.ts';

/** What a format may need beside the report: names of detectors, and the terminal for text. */
export type FormatOptions = TextOptions;

/** Every format of a whole report, one a line; `jsonl` is also written while a scan runs (`createJsonlWriter`). */
export const FORMATS = {
  text: renderText,
  json: renderJson,
  jsonl: renderJsonl,
  html: (report, { detectors }) => renderHtml(report, detectors),
  sarif: (report, { detectors }) => renderSarif(report, detectors),
  csv: (report, { detectors }) => renderCsv(report, detectors),
} satisfies Record<string, (report: Report, options: FormatOptions) => string>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];
