import { createTally } from '../classify/tally.ts';
import type { ExitCode } from '../errors.ts';
import { type ExposureContext, evaluateExposure } from '../exposure/evaluate.ts';
import { unknownExposure } from '../exposure/unknown.ts';
import type { DetectorInfo } from '../model/detector-info.ts';
import type { Ledger, ScanRow, StoredResult } from '../model/ledger.ts';
import { type BucketRef, objectUri } from '../model/object.ts';
import type { BucketReport, ObjectReport, Report } from '../model/report.ts';
import type { Suppression } from '../model/suppression.ts';
import { BucketParts } from '../posture/bucket-parts.ts';
import { RISK_ORDER } from '../posture/join-risk.ts';
import { judgeBucket } from '../posture/judge-bucket.ts';
import { goneSince, markKnown } from './baseline.ts';
import { CoverageCount, NOT_REACHED } from './coverage-count.ts';
import { suppressionsAt } from './suppressions.ts';
import { type BrokenListing, type Demands, judgeResult } from './verdict.ts';

export interface AssembleOptions extends Demands {
  /** Places kept for one finding. */
  maxLocations: number;
  /** `notable`: those that are not both complete and clean. */
  objects: 'notable' | 'all';
  trusted?: ExposureContext['trusted'];
  /** Keyed hash over parts: `v1:…`. */
  fingerprint: (parts: string[]) => string;
  /** Masks personal and secret values in a key that no scan has seen; without it such keys are not shown. */
  maskName?: (key: string) => string;
  /** Accepted findings, those that have expired at `now` (RFC 3339) among them. */
  suppressions?: { all: readonly Suppression[]; now: string };
}

export interface AssembleRequest {
  ledger: Ledger;
  scanId: string;
  detectors: ReadonlyMap<string, DetectorInfo>;
  options: AssembleOptions;
  /** RFC 3339; else the time the ledger holds, or none. */
  finishedAt?: string;
}

/** Objects that a scan did not come to can be millions: in `notable` the first are listed, and all are counted. */
const MAX_UNREAD = 10_000;

/**
 * The report of a scan, from the ledger alone: results are streamed once, memory grows with findings and notable
 * objects. Throws when there is no such scan.
 */
export async function assembleReport(request: AssembleRequest): Promise<{ report: Report; exitCode: ExitCode }> {
  const { ledger, scanId, detectors, options } = request;
  const scan = await ledger.getScan(scanId);
  if (scan === null) throw new Error(`report: there is no scan ${scanId}`);

  const { maxLocations, fingerprint, baseline } = options;
  const suppressions = suppressionsAt(options.suppressions?.all ?? [], options.suppressions?.now ?? '');
  const judged = await judgedExposures(ledger, scanId, options);
  const partsByBucket = new Map(judged.map(({ bucket, parts }) => [bucket.uri, parts]));
  const tally = createTally(detectors, {
    maxLocations,
    fingerprint,
    isSuppressed: suppressions.cover,
    partOf: (bucketUri, key) => partsByBucket.get(bucketUri)?.of(key) ?? 0,
  });
  const count = new CoverageCount();
  const objects: ObjectReport[] = [];
  let unread = 0;
  for await (const stored of ledger.results(scanId)) {
    const isUnread = stored.outcome === null && scan.budgetEnd !== null;
    const result: StoredResult = isUnread ? { ...stored, outcome: 'partial:budget' } : stored;
    count.add(result);
    const { findings, level } = tally.add(result);
    if (isUnread) unread += 1;
    const isQuiet = (result.outcome === 'complete' && findings === 0) || (isUnread && unread > MAX_UNREAD);
    if (options.objects === 'all' || !isQuiet) objects.push(objectReport(result, findings, level, options));
  }
  const broken = await brokenListings(ledger, scan);
  for (const { bucketUri } of broken) count.listingBroke(bucketUri);
  const buckets: BucketReport[] = [];
  for (const { bucket, parts } of judged) {
    const { uri, provider } = bucket;
    const coverage = count.of(uri);
    const sensitivity = tally.sensitivity(uri, coverage);
    const { risk, prefixes } = judgeBucket({
      sensitivity,
      parts,
      prefixes: tally.prefixes(uri, coverage.isListed),
      targetPrefixes: scan.targets.filter((target) => target.bucket.uri === uri).map(({ prefix }) => prefix),
      isListed: coverage.isListed,
    });
    const shown = prefixes.map((one) => ({ ...one, prefix: shownPrefix(one.prefix, options) }));
    buckets.push({ uri, provider, sensitivity, exposure: parts.whole, risk, prefixes: shown });
  }
  buckets.sort(
    (a, b) => RISK_ORDER.indexOf(b.risk.level) - RISK_ORDER.indexOf(a.risk.level) || (a.uri < b.uri ? -1 : 1),
  );
  const found = tally.findings();
  const findings = baseline === undefined ? found : markKnown(found, baseline);
  const { result, exitCode } = judgeResult(
    { state: scan.state, budgetEnd: scan.budgetEnd, findings, buckets, count, broken },
    options,
  );
  const report: Report = {
    schema: 'assay.report/v1',
    scan: {
      id: scan.id,
      startedAt: scan.startedAt,
      finishedAt: request.finishedAt ?? scan.finishedAt ?? '',
      version: scan.version,
      detectorSet: scan.detectorSet,
      targets: scan.targets.map(({ text }) => text),
      fingerprintKeyId: scan.fingerprintKeyId,
      state: scan.state,
      ...(scan.budgetEnd !== null && { budget: { usedUp: scan.budgetEnd, spent: scan.spent } }),
    },
    result,
    ...(baseline && {
      baseline: { scan: baseline.scan, findings: baseline.fingerprints.size, gone: goneSince(findings, baseline) },
    }),
    coverage: count.coverage(await ledger.counters(scanId)),
    buckets,
    objects,
    findings,
    suppressions: suppressions.about(findings),
  };
  return { report, exitCode };
}

/** Who can reach each bucket, known before its objects are counted: they are counted by it. */
async function judgedExposures(
  ledger: Ledger,
  scanId: string,
  { trusted }: AssembleOptions,
): Promise<{ bucket: BucketRef; parts: BucketParts }[]> {
  return (await ledger.exposures(scanId)).map(({ bucket, evidence, collectedAt: at }) => {
    const context = { collectedAt: at ?? '', ...(trusted && { trusted }) };
    const exposure = evidence === null ? unknownExposure(at ?? '') : evaluateExposure(evidence, context);
    return { bucket, parts: new BucketParts(exposure) };
  });
}

function shownPrefix(prefix: string, { maskName }: AssembleOptions): string {
  return prefix === '' ? '' : (maskName?.(prefix) ?? '(name not shown)');
}

function objectReport(
  result: StoredResult,
  findings: number,
  level: ObjectReport['level'],
  { maskName }: AssembleOptions,
): ObjectReport {
  const { object, outcome, reused, scan } = result;
  // A clean object without a scan of its own has a name in which nothing was found; one that was never read may not.
  const masked = scan?.shownKey || (outcome === 'complete' ? object.key : maskName?.(object.key));
  return {
    uri: objectUri(object.bucket, masked ?? '(name not shown)'),
    version: object.version,
    bytes: object.byteLength,
    format: scan?.format ?? '',
    outcome: outcome ?? NOT_REACHED,
    reused,
    findings,
    level,
    ...(scan?.sha256 === undefined ? {} : { sha256: scan.sha256 }),
    ...notesOf(result),
  };
}

/** An object without an outcome counts as failed: its remark says that it was not its fault. */
function notesOf({ outcome, scan }: StoredResult): Pick<ObjectReport, 'notes'> {
  const notes = outcome === null ? { 'not-reached': 1 } : (scan?.notes ?? {});
  return Object.keys(notes).length === 0 ? {} : { notes };
}

async function brokenListings(ledger: Ledger, scan: ScanRow): Promise<BrokenListing[]> {
  const broken: BrokenListing[] = [];
  for (const [index, { text: target, bucket }] of scan.targets.entries()) {
    const { complete, error } = await ledger.listing(scan.id, index);
    const bucketUri = bucket.uri;
    if (error !== null) broken.push({ target, bucketUri, message: error.message });
    else if (!complete) {
      const message = scan.budgetEnd === null ? 'the listing has not ended' : 'the scan ended at its budget';
      broken.push({ target, bucketUri, message });
    }
  }
  return broken;
}
