import { SEVERITIES } from '../model/detector-info.ts';
import type { FindingReport, ObjectReport, Report } from '../model/report.ts';
import { bucketFinder } from './places.ts';
import { bytesText, shown } from './shown.ts';
import { type Detectors, findingCount, findingName, placeText } from './summary.ts';

/** Kept in the page; the JSON report has all. */
const MAX_ROWS = 20_000;
const MAX_PLACES = 20;

/** What the page's script gets: text that is ready to be shown, each object's name once. */
export interface PageData {
  findings: FindingRow[];
  objects: ObjectRow[];
  buckets: string[];
  /** Names of objects, by the numbers in `FindingRow.places`. */
  names: string[];
  /** Per detector what to do. */
  fixes: Record<string, string>;
  /** Findings and objects that are left out. */
  left: { findings: number; objects: number };
}

export interface FindingRow {
  severity: string;
  name: string;
  detector: string;
  category: string;
  confidence: string;
  masked: string;
  times: string;
  count: number;
  status: string;
  /** Indexes in `buckets`. */
  buckets: number[];
  places: [name: number, where: string][];
  morePlaces: number;
  fingerprint: string;
}

export interface ObjectRow {
  name: string;
  bytes: number;
  size: string;
  format: string;
  outcome: string;
  findings: number;
  level: string;
  notes: string;
}

export function pageData(report: Report, detectors: Detectors): PageData {
  const find = bucketFinder(report.buckets);
  const bucketIndex = new Map(report.buckets.map(({ uri }, index) => [uri, index]));
  const names = new Map<string, number>();
  const findings = report.findings.slice(0, MAX_ROWS);
  const notable = report.objects.filter(
    ({ outcome, findings, notes }) => outcome !== 'complete' || findings > 0 || notes,
  );
  const objects = notable.slice(0, MAX_ROWS);
  const number = (uri: string): number => {
    const known = names.get(uri) ?? names.size;
    names.set(uri, known);
    return known;
  };
  const fixes = new Map(findings.map(({ detector }) => [detector, detectors.get(detector)?.fix ?? '']));
  const findingRow = (finding: FindingReport): FindingRow => {
    const uris = new Set(finding.locations.map(({ object }) => find(object).bucket?.uri ?? ''));
    return {
      severity: finding.severity,
      name: shown(findingName(finding, detectors)),
      detector: shown(finding.detector),
      category: finding.category,
      confidence: finding.confidence,
      masked: shown(finding.masked),
      times: findingCount(finding),
      count: finding.count,
      status: finding.status,
      buckets: [...uris].map((uri) => bucketIndex.get(uri) ?? -1).filter((index) => index >= 0),
      places: finding.locations.slice(0, MAX_PLACES).map((place) => [number(place.object), placeText(place)]),
      morePlaces: Math.max(0, finding.locations.length - MAX_PLACES),
      fingerprint: shown(finding.fingerprint),
    };
  };
  return {
    findings: findings.map(findingRow),
    objects: objects.map(objectRow),
    buckets: report.buckets.map(({ uri }) => shown(uri)),
    names: [...names.keys()].map(shown),
    fixes: Object.fromEntries(fixes),
    left: { findings: report.findings.length - findings.length, objects: notable.length - objects.length },
  };
}

function objectRow({ uri, bytes, format, outcome, findings, level, notes = {} }: ObjectReport): ObjectRow {
  const remarks = Object.entries(notes).map(([note, count]) => (count === 1 ? note : `${note} (${count})`));
  const size = bytesText(bytes);
  return {
    name: shown(uri),
    bytes,
    size,
    format: shown(format),
    outcome,
    findings,
    level,
    notes: shown(remarks.join(', ')),
  };
}

/** JSON that no parser of HTML leaves early: it has no angle bracket and no ampersand. */
export function embeddedJson(data: PageData): string {
  const codes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify({ ...data, severities: SEVERITIES }).replace(/[<>&]/g, (char) => codes[char] ?? '');
}
