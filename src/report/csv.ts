import type { FindingReport, Report } from '../model/report.ts';
import { bucketFinder, type SplitUri } from './places.ts';
import { shown } from './shown.ts';
import { type Detectors, findingName } from './summary.ts';

type Cell = string | number | null | undefined;
type Place = FindingReport['locations'][number];

interface Row {
  finding: FindingReport;
  /** From 1; a finding without places has one row. */
  number: number;
  place: Place | undefined;
  where: SplitUri;
}

const COLUMNS: Record<string, (row: Row, detectors: Detectors) => Cell> = {
  fingerprint: ({ finding }) => finding.fingerprint,
  place: ({ number }) => number,
  status: ({ finding }) => finding.status,
  severity: ({ finding }) => finding.severity,
  category: ({ finding }) => finding.category,
  level: ({ finding }) => finding.level,
  name: ({ finding }, detectors) => findingName(finding, detectors),
  detector: ({ finding }) => finding.detector,
  issuer: ({ finding }) => finding.issuer,
  entity: ({ finding }) => finding.entity,
  confidence: ({ finding }) => finding.confidence,
  probability: ({ finding }) => finding.probability,
  masked: ({ finding }) => finding.masked,
  count: ({ finding }) => finding.count,
  objects: ({ finding }) => finding.objects,
  distinct: ({ finding }) => finding.distinct,
  bucket: ({ where }) => where.bucket?.uri,
  bucket_reach: ({ where }) => where.bucket?.exposure.verdict,
  bucket_risk: ({ where }) => where.bucket?.risk.level,
  object: ({ place }) => place?.object,
  member: ({ place }) => place?.member,
  row: ({ place }) => place?.row,
  column: ({ place }) => place?.column,
  pointer: ({ place }) => place?.pointer,
  line: ({ place }) => place?.line,
  page: ({ place }) => place?.page,
  byte_offset: ({ place }) => place?.byteOffset,
  byte_length: ({ place }) => place?.byteLength,
  fix: ({ finding }, detectors) => detectors.get(finding.detector)?.fix,
};

/** The findings as RFC 4180: one row a place, those of a finding one after the other (`place` 1 alone: one a finding). */
export function renderCsv(report: Report, detectors: Detectors): string {
  const find = bucketFinder(report.buckets);
  const lines = [Object.keys(COLUMNS).join(',')];
  for (const finding of report.findings) {
    const places: (Place | undefined)[] = finding.locations.length === 0 ? [undefined] : finding.locations;
    for (const [index, place] of places.entries()) {
      const where = place === undefined ? { bucket: null, key: '' } : find(place.object);
      const row = { finding, number: index + 1, place, where };
      lines.push(
        Object.values(COLUMNS)
          .map((column) => csvCell(column(row, detectors)))
          .join(','),
      );
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

const FORMULA = new Set(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
const BLANK = new Set([' ', '\u00a0', '\u3000', '"', "'"]);

/**
 * A cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one, as people type it,
 * also where `;` parts the cells. Control characters, tabs and line feeds are written out, so a cell is one line.
 */
export function csvCell(given: Cell): string {
  if (given === null || given === undefined) return '';
  if (typeof given === 'number') return String(given);
  let text = '';
  let isStart = true;
  for (const char of shown(given)) {
    if (isStart && FORMULA.has(char)) text += "'";
    isStart = char === ';' || (isStart && BLANK.has(char));
    text += char;
  }
  const isPlain = text === text.trim() && !text.includes('"') && !text.includes(',') && !text.includes(';');
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
