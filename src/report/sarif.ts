import { createHash } from 'node:crypto';
import type { Severity } from '../model/detector-info.ts';
import type { RiskLevel } from '../model/posture.ts';
import type { BucketReport, FindingReport, Report } from '../model/report.ts';
import type { Suppression } from '../model/suppression.ts';
import { bucketFinder, encodeBase, encodeKey, objectsByUri, type SplitUri } from './places.ts';
import { bucketRules, findingRules, type Level, type Rule } from './sarif-rules.ts';
import { plural, shown } from './shown.ts';
import { type Detectors, findingCount, findingName, placeText } from './summary.ts';

/** Of one run, and of one result: what GitHub takes. The report has the rest. */
const MAX_RESULTS = 25_000;
const MAX_LOCATIONS = 1000;

const LEVELS: Record<Severity, Level> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };
const RISK_LEVELS: Record<RiskLevel, Level | null> = { ...LEVELS, unknown: 'note', none: null };

/**
 * SARIF 2.1.0, one run: a result a finding (not a match), and one for each bucket whose exposure is a risk. Objects are
 * relative to their bucket. Results carry masks and counts, never text of an object.
 */
export function renderSarif(report: Report, detectors: Detectors): string {
  const rules: Rule[] = [...bucketRules(report.buckets), ...findingRules(report.findings, detectors)];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const describePlace = placeDescriber(report);
  const accepted = Map.groupBy(
    report.suppressions.filter(({ state }) => state === 'active'),
    ({ fingerprint }) => fingerprint,
  );
  const results = [
    ...report.buckets.flatMap((bucket) => bucketResult(bucket) ?? []),
    ...report.findings.map((finding) => ({
      ...findingResult(finding, detectors, describePlace),
      suppressions: finding.status === 'suppressed' ? (accepted.get(finding.fingerprint) ?? []).map(suppressionOf) : [],
    })),
  ].map((result) => ({ ruleIndex: indexes.get(result.ruleId), ...result }));
  const kept = results.slice(0, MAX_RESULTS);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Assay', version: report.scan.version, rules } },
        automationDetails: { id: `assay/${report.scan.id}` },
        invocations: [invocation(report, results.length - kept.length)],
        originalUriBaseIds: Object.fromEntries(
          report.buckets.map(({ uri }, index) => [baseId(index), { uri: encodeBase(uri) }]),
        ),
        results: kept,
        properties: { scan: report.scan, coverage: report.coverage },
      },
    ],
  };
  return `${JSON.stringify(log)}\n`;
}

type PlaceDescriber = (place: FindingReport['locations'][number]) => object;

function findingResult(finding: FindingReport, detectors: Detectors, describePlace: PlaceDescriber) {
  const { fingerprint, severity, confidence, probability, masked, baseline } = finding;
  const { category, level, issuer, entity, count, objects, distinct, checks, verification } = finding;
  const doubt = confidence === 'confirmed' ? '' : ` (${confidence})`;
  const words = `${findingName(finding, detectors)}${doubt} ${masked}: ${findingCount(finding)}.`;
  return {
    ruleId: finding.detector,
    level: LEVELS[severity],
    rank: Math.round(probability * 1000) / 10,
    message: { text: shown(words) },
    locations: finding.locations.slice(0, MAX_LOCATIONS).map(describePlace),
    occurrenceCount: count,
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'assayFingerprint/v1': fingerprint },
    ...(baseline && { baselineState: baseline === 'known' ? 'unchanged' : 'new' }),
    properties: { severity, category, level, issuer, entity, confidence, objects, distinct, checks, verification },
  };
}

function suppressionOf({ reason, owner, scope, addedBy, addedAt, expiresAt }: Suppression): object {
  return {
    kind: 'external',
    status: 'accepted',
    justification: shown(reason),
    properties: { owner, scope, addedBy, addedAt, expiresAt },
  };
}

/** Offsets count bytes of the decompressed member: only where that is the object itself can SARIF say them of it. */
function placeDescriber(report: Report): PlaceDescriber {
  const find = bucketFinder(report.buckets);
  const objects = objectsByUri(report);
  const bases = new Map(report.buckets.map(({ uri }, index) => [uri, baseId(index)]));
  return ({ object, ...place }) => {
    const isPlain = place.member === undefined && objects.get(object)?.format.includes('+') === false;
    const { line, byteOffset, byteLength } = place;
    const hasBytes = isPlain && byteOffset !== undefined;
    const region = {
      ...(line !== undefined && place.member === undefined && { startLine: line }),
      ...(hasBytes && { byteOffset, ...(byteLength !== undefined && { byteLength }) }),
    };
    const rest = { row: place.row, page: place.page, ...(!hasBytes && { byteOffset, byteLength }) };
    const words = placeText({ object, ...place });
    const name = place.member ?? place.pointer ?? place.column;
    return {
      physicalLocation: {
        artifactLocation: artifactOf(find(object), bases),
        ...(Object.keys(region).length > 0 && { region }),
      },
      ...(name !== undefined && { logicalLocations: [{ fullyQualifiedName: shown(name) }] }),
      ...(words !== '' && { message: { text: words } }),
      ...(Object.values(rest).some((one) => one !== undefined) && { properties: rest }),
    };
  };
}

function artifactOf({ bucket, key }: SplitUri, bases: ReadonlyMap<string, string>): object {
  return { uri: encodeKey(key), ...(bucket !== null && { uriBaseId: bases.get(bucket.uri) }) };
}

function bucketResult({ uri, exposure, sensitivity, risk }: BucketReport) {
  const level = RISK_LEVELS[risk.level];
  if (level === null) return null;
  const fingerprint = createHash('sha256').update(`${uri}\0${exposure.verdict}`).digest('hex');
  const words = [...risk.because, ...exposure.because, ...exposure.fix].map((line) =>
    shown(line).replace(/[^.]$/, '$&.'),
  );
  return {
    ruleId: `exposure-${exposure.verdict}`,
    level,
    message: { text: `${shown(uri)}: ${words.join(' ')}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeBase(uri) } } }],
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'assayBucket/v1': fingerprint },
    suppressions: [],
    properties: {
      risk: risk.level,
      reach: exposure.verdict,
      sensitivity: sensitivity.level,
      effective: exposure.effective,
    },
  };
}

/** What was not read, told where tools look for it: an incomplete scan is no successful one. */
function invocation({ scan, result, coverage }: Report, dropped: number): object {
  const notes = result.reasons.map((reason) => ({ level: 'warning', message: { text: shown(reason) } }));
  for (const [outcome, count] of Object.entries(coverage.reasons)) {
    notes.push({
      level: outcome.startsWith('skipped:') ? 'note' : 'warning',
      message: { text: `${plural(count, 'object')}: ${outcome}` },
    });
  }
  if (dropped > 0)
    notes.push({
      level: 'warning',
      message: { text: `${plural(dropped, 'result')} left out: a run holds ${MAX_RESULTS}` },
    });
  return {
    executionSuccessful: scan.state === 'done' && !result.incomplete,
    startTimeUtc: scan.startedAt,
    ...(scan.finishedAt !== '' && { endTimeUtc: scan.finishedAt }),
    toolExecutionNotifications: notes,
  };
}

function baseId(index: number): string {
  return `BUCKET${index + 1}`;
}
