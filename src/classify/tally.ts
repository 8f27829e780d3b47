import type { DetectorInfo, Level, Severity } from '../model/detector-info.ts';
import { confidenceOf, type DistinctSketch, type ValueEvidence } from '../model/finding.ts';
import type { StoredResult } from '../model/ledger.ts';
import { objectUri } from '../model/object.ts';
import { wasRead } from '../model/outcome.ts';
import type { Sensitivity } from '../model/posture.ts';
import type { FindingReport } from '../model/report.ts';
import { BucketPlaces, type PartOf, type PrefixSensitivity } from './bucket-places.ts';
import { estimateDistinct } from './distinct.ts';
import { type JudgedColumn, judgeColumns } from './judge-columns.ts';
import { isBulk, maxLevel, maxSeverity, nextLevel, nextSeverity, previousLevel } from './levels.ts';
import { byPlace, Places } from './places.ts';
import { PUBLISHED_OBJECTS, RepeatedValues, smallColumn } from './repeated-values.ts';
import type { BucketCoverage } from './sensitivity.ts';

export interface TallyOptions {
  /** Places kept for one finding. */
  maxLocations: number;
  /** Keyed hash over parts, as the scanner uses for values: `v1:…`. */
  fingerprint: (parts: string[]) => string;
  /** Whether a finding is accepted where it stands in this object; it counts as suppressed when it is in every one. */
  isSuppressed?: (fingerprint: string, objectUri: string) => boolean;
  /** Parts are told apart. Absent: there is one, 0. */
  partOf?: PartOf;
}

export interface Tally {
  /** Takes the result of one object, each object once. Answers what the object's own row of the report says. */
  add(result: StoredResult): { findings: number; level: Level | 'unknown' };
  /** All findings, by severity, then count. */
  findings(): FindingReport[];
  sensitivity(bucketUri: string, coverage: BucketCoverage): Sensitivity;
  /** The folders of each part of a bucket, by the part's number. `isListed`: the listing came to its end. */
  prefixes(bucketUri: string, isListed: boolean): Map<number, PrefixSensitivity>;
}

/**
 * Collects the evidence of a whole scan, object by object in any order; the answers are the same for every order. Memory
 * grows with distinct findings, not with matches.
 */
export function createTally(detectors: ReadonlyMap<string, DetectorInfo>, options: TallyOptions): Tally {
  return new ScanTally(detectors, options);
}

interface ValueFinding {
  info: DetectorInfo;
  best: ValueEvidence;
  severity: Severity;
  count: number;
  objects: number;
  suppressedObjects: number;
  alternatives: Set<string>;
  places: Places;
}

interface ColumnFinding {
  object: string;
  judged: JudgedColumn;
  distinct: number;
  /** Hashes of a column so small that it may be boilerplate. */
  small: string[] | null;
}

class ScanTally implements Tally {
  private readonly values = new Map<string, ValueFinding>();
  private readonly columns: ColumnFinding[] = [];
  private readonly places: BucketPlaces;
  private readonly repeated = new RepeatedValues();
  private readonly detectors: ReadonlyMap<string, DetectorInfo>;
  private readonly options: TallyOptions;

  constructor(detectors: ReadonlyMap<string, DetectorInfo>, options: TallyOptions) {
    this.detectors = detectors;
    this.options = options;
    this.places = new BucketPlaces(options.partOf ?? (() => 0), (info, small) => this.isPublished(info, small));
  }

  add({ object, outcome, scan }: StoredResult): { findings: number; level: Level | 'unknown' } {
    let level: Level = 'none';
    let findings = 0;
    const place = this.places.at(object);
    place.addOutcome(outcome ?? 'failed:internal');
    if (scan !== null) {
      const uri = objectUri(object.bucket, scan.shownKey === '' ? object.key : scan.shownKey);
      for (const value of scan.values) {
        const info = this.detectors.get(value.detector);
        if (info === undefined || confidenceOf(value.probability) === 'possible') continue;
        this.addValue(value, info, uri);
        place.addValue(uri, info, value);
        level = maxLevel(level, info.level);
        findings++;
      }
      const published = new Set<string>();
      for (const judged of judgeColumns(scan.columns, this.detectors, this.options.maxLocations)) {
        const finding = columnFinding(uri, judged);
        this.columns.push(finding);
        if (judged.info.category === 'contact') for (const hash of finding.small ?? []) published.add(hash);
        place.addColumn(uri, judged, finding.small);
        level = maxLevel(level, columnLevel(finding, false));
        findings++;
      }
      this.repeated.add(published);
    }
    return { findings, level: findings === 0 && !(outcome !== null && wasRead(outcome)) ? 'unknown' : level };
  }

  findings(): FindingReport[] {
    const reports = [...this.values.values()].map(reportValue);
    for (const finding of this.columns) reports.push(this.reportColumn(finding));
    return reports.sort(byImportance);
  }

  sensitivity(bucketUri: string, coverage: BucketCoverage): Sensitivity {
    return this.places.sensitivity(bucketUri, coverage);
  }

  prefixes(bucketUri: string, isListed: boolean): Map<number, PrefixSensitivity> {
    return this.places.prefixes(bucketUri, isListed);
  }

  private addValue(value: ValueEvidence, info: DetectorInfo, uri: string): void {
    let finding = this.values.get(value.fingerprint);
    if (finding === undefined) {
      finding = {
        info,
        best: value,
        severity: value.severity,
        count: 0,
        objects: 0,
        suppressedObjects: 0,
        alternatives: new Set(),
        places: new Places(this.options.maxLocations),
      };
      this.values.set(value.fingerprint, finding);
    } else if (isBetter(value, finding.best)) {
      finding.info = info;
      finding.best = value;
    }
    finding.severity = maxSeverity(finding.severity, value.severity);
    finding.count += value.count;
    finding.objects++;
    if (this.options.isSuppressed?.(value.fingerprint, uri)) finding.suppressedObjects++;
    for (const name of value.alternatives) finding.alternatives.add(name);
    finding.places.add(uri, value.locations);
  }

  private reportColumn(finding: ColumnFinding): FindingReport {
    const { judged, object, distinct } = finding;
    const { info, matches, column } = judged;
    const isPublished = this.isPublished(info, finding.small);
    const isMany = isBulk(info.category, info.level, distinct);
    const fingerprint = this.options.fingerprint([info.entity ?? '', info.level, object, column ?? '']);
    return {
      fingerprint,
      kind: 'column',
      detector: info.id,
      issuer: null,
      entity: info.entity,
      category: info.category,
      severity: isMany ? nextSeverity(info.severity) : info.severity,
      probability: matches.probability,
      confidence: confidenceOf(matches.probability),
      checks: matches.checks,
      verification: null,
      count: matches.count,
      objects: 1,
      distinct,
      masked: matches.masked,
      level: columnLevel(finding, isPublished),
      status: this.options.isSuppressed?.(fingerprint, object) ? 'suppressed' : 'new',
      alternatives: judged.alternatives,
      locations: matches.locations.map((place) => ({ object, ...place })),
    };
  }

  private isPublished(info: DetectorInfo, small: readonly string[] | null): boolean {
    return info.category === 'contact' && small !== null && this.repeated.leastObjects(small) >= PUBLISHED_OBJECTS;
  }
}

function columnFinding(object: string, judged: JudgedColumn): ColumnFinding {
  const { distinct } = judged.matches;
  const small = smallColumn(distinct);
  const count = estimateDistinct(distinct);
  // Evidence waits here for the end of the scan: what was needed of the sketch has been taken.
  const emptied: DistinctSketch = { exact: [] };
  return { object, judged: { ...judged, matches: { ...judged.matches, distinct: emptied } }, distinct: count, small };
}

function columnLevel({ judged: { info }, distinct }: ColumnFinding, isPublished: boolean): Level {
  if (isPublished) return previousLevel(info.level);
  return isBulk(info.category, info.level, distinct) ? nextLevel(info.level) : info.level;
}

function reportValue(finding: ValueFinding): FindingReport {
  const { info, best, severity, count, objects, places } = finding;
  return {
    fingerprint: best.fingerprint,
    kind: 'value',
    detector: info.id,
    issuer: best.issuer,
    entity: null,
    category: info.category,
    severity,
    probability: best.probability,
    confidence: confidenceOf(best.probability),
    checks: best.checks,
    verification: null,
    count,
    objects,
    distinct: 1,
    masked: best.masked,
    level: info.level,
    status: finding.suppressedObjects === objects ? 'suppressed' : 'new',
    alternatives: [...finding.alternatives].sort(),
    locations: places.list(),
  };
}

/** Total order, so that the order of objects does not show. */
function isBetter(a: ValueEvidence, b: ValueEvidence): boolean {
  if (a.probability !== b.probability) return a.probability > b.probability;
  if (a.detector !== b.detector) return a.detector < b.detector;
  return JSON.stringify([a.masked, a.checks]) < JSON.stringify([b.masked, b.checks]);
}

const SEVERITY_RANK: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3 };

function byImportance(a: FindingReport, b: FindingReport): number {
  const [first, second] = [a.locations[0], b.locations[0]];
  return (
    SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
    b.count - a.count ||
    (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : 0) ||
    (first === undefined || second === undefined ? 0 : byPlace(first, second)) ||
    (a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0)
  );
}
