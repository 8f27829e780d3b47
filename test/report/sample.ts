import type { DetectorInfo } from '../../src/model/detector-info.ts';
import type { Evidence } from '../../src/model/exposure.ts';
import type { ColumnEvidence, ObjectScan, ValueEvidence } from '../../src/model/finding.ts';
import type { Ledger, ListingState, ScanCounters, ScanRow, StoredResult } from '../../src/model/ledger.ts';
import type { BucketRef } from '../../src/model/object.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Suppression } from '../../src/model/suppression.ts';
import { type AssembleOptions, assembleReport } from '../../src/report/assemble.ts';
import { allow, bucket, policyOf } from '../exposure/evidence.ts';

export const LAKE: BucketRef = { provider: 'aws-s3', uri: 's3://lake', name: 'lake' };
export const LOCAL: BucketRef = { provider: 'filesystem', uri: 'file:///data', name: '/data' };

const info = (changes: Partial<DetectorInfo> & Pick<DetectorInfo, 'id' | 'name'>): DetectorInfo => ({
  issuer: null,
  entity: null,
  category: 'pii',
  severity: 'medium',
  level: 'confidential',
  fix: 'Remove the column or replace it with tokens.',
  randomPass: 1,
  ...changes,
});
export const DETECTORS: ReadonlyMap<string, DetectorInfo> = new Map(
  [
    info({
      id: 'acme-key',
      name: 'Acme API key',
      issuer: 'acme',
      category: 'secret',
      severity: 'critical',
      level: 'restricted',
      fix: 'Revoke the key at Acme.',
    }),
    info({ id: 'email', name: 'E-mail address', entity: 'EMAIL', category: 'contact' }),
  ].map((one) => [one.id, one]),
);

export function value(changes: Partial<ValueEvidence> = {}): ValueEvidence {
  return {
    detector: 'acme-key',
    issuer: 'acme',
    fingerprint: 'v1:one',
    masked: 'acm…',
    probability: 0.99,
    checks: [{ name: 'crc32', passed: true }],
    severity: 'critical',
    count: 1,
    alternatives: [],
    locations: [{ row: 3, pointer: '/messages/0/content', line: 4 }],
    ...changes,
  };
}

export function emails(column: string): ColumnEvidence {
  const distinct = { exact: ['0000000000000001', '0000000000000002'] };
  return {
    detector: 'email',
    entity: 'EMAIL',
    column,
    strong: { count: 2, distinct, probability: 0.97, masked: 'a…', checks: [], locations: [{ row: 0, column }] },
    weak: { count: 0, distinct: { exact: [] }, probability: 0, masked: '', checks: [], locations: [] },
    trials: { exact: [] },
    alternatives: [],
  };
}

export interface Entry {
  key: string;
  outcome?: Outcome | null;
  bucket?: BucketRef;
  reused?: boolean;
  shownKey?: string;
  values?: ValueEvidence[];
  columns?: ColumnEvidence[];
  /** False: the ledger has an outcome only. */
  hasScan?: boolean;
  notes?: Record<string, number>;
  format?: string;
}

function stored({ key, outcome = 'complete', bucket: home = LAKE, reused = false, ...rest }: Entry): StoredResult {
  const scan: ObjectScan = {
    outcome: outcome ?? 'failed:internal',
    format: rest.format ?? 'jsonl',
    bytesRead: 10,
    bytesScanned: 20,
    records: 1,
    values: rest.values ?? [],
    columns: rest.columns ?? [],
    suppressed: {},
    shownKey: rest.shownKey ?? key,
    notes: rest.notes ?? {},
  };
  const object = { bucket: home, key, version: `v-${key}`, byteLength: 10, lastModified: '' };
  return { object, outcome, reused, scan: (rest.hasScan ?? true) ? scan : null };
}

export interface World {
  entries?: Entry[];
  evidence?: (Evidence | null)[];
  /** One a target. */
  listings?: Partial<ListingState>[];
  options?: Partial<AssembleOptions>;
  state?: ScanRow['state'];
  budgetEnd?: ScanRow['budgetEnd'];
  detectors?: ReadonlyMap<string, DetectorInfo>;
}

/** Of a finding of `value()`, accepted until the year after the scan's. */
export function suppression(changes: Partial<Suppression> = {}): Suppression {
  return {
    fingerprint: 'v1:one',
    scope: '',
    reason: 'a key of a test account',
    owner: 'data team',
    addedBy: 'jo@host',
    addedAt: '2026-01-01T00:00:00Z',
    expiresAt: '2027-01-01T00:00:00Z',
    ...changes,
  };
}

export const NOW = '2026-01-03T00:00:00Z';

export const OPEN_LAKE = bucket({ policy: policyOf(allow({ Sid: 'PublicRead' })) });
export const SHUT_LAKE = bucket();

/** The report of a scan that left exactly this in its ledger. */
export function reportOf({
  entries = [],
  evidence = [SHUT_LAKE],
  listings = [{}],
  options = {},
  state = 'done',
  budgetEnd = null,
  detectors = DETECTORS,
}: World) {
  const results = entries.map(stored);
  const counters: ScanCounters = {
    listed: { objects: results.length, bytes: results.length * 10 },
    listingComplete: true,
    done: {
      objects: results.length,
      bytes: results.length * 10,
      bytesRead: results.length * 10,
      bytesScanned: results.length * 20,
      reused: 0,
    },
    outcomes: {},
    formats: { jsonl: { objects: results.length, bytes: results.length * 10 } },
    suppressed: { placeholder: 2 },
  };
  const ledger = {
    getScan: async (id) => ({
      id,
      signature: 's',
      targets: listings.map((_, index) => ({ text: `s3://lake/${index}`, bucket: LAKE, prefix: '' })),
      config: {},
      startedAt: '2026-01-02T03:04:05Z',
      version: '0.1.0',
      state,
      finishedAt: '2026-01-02T03:05:05Z',
      detectorSet: 'sha256:0',
      limitsDigest: 'l',
      isShared: false,
      fingerprintKeyId: 'k',
      takenUpAt: '2026-01-02T03:04:05Z',
      spent: { bytes: 10, requests: 2, cost: 0.5 },
      budgetEnd,
    }),
    listing: async (_id, index) => ({ cursor: null, complete: true, error: null, ...listings[index] }),
    exposures: async () =>
      evidence.map((one) => ({
        bucket: one?.provider === 'filesystem' ? LOCAL : LAKE,
        evidence: one,
        collectedAt: one === null ? null : '2026-01-02T03:04:06Z',
      })),
    counters: async () => counters,
    async *results() {
      yield* results;
    },
  } satisfies Partial<Ledger> as unknown as Ledger;
  return assembleReport({
    ledger,
    scanId: '01SCAN',
    detectors,
    options: {
      maxLocations: 100,
      objects: 'notable',
      failOn: null,
      minCoverage: 100,
      allowEmpty: false,
      fingerprint: (parts) => `v1:${parts.join('|')}`,
      ...options,
    },
  });
}

/** A scan with something of everything in it. */
export function sampleReport() {
  return reportOf({
    entries: [
      { key: 'chat/0001.jsonl', values: [value(), value({ fingerprint: 'v1:two', masked: 'acm…', probability: 0.7 })] },
      { key: 'people.csv', columns: [emails('contact')] },
      { key: 'again.jsonl', values: [value({ locations: [{ row: 9, column: 'text' }] })], reused: true },
      { key: 'clean.txt', hasScan: false },
      { key: 'broken.gz', outcome: 'partial:truncated' },
      { key: 'secret.bin', outcome: 'failed:access-denied' },
      { key: 'cat.png', outcome: 'skipped:media' },
    ],
    evidence: [OPEN_LAKE],
  });
}

/** Markup, controls and a change of direction, as a name. */
export const HOSTILE = '<img src=x onerror=alert(1)>"\'&\u001b[2J\u202egnp.exe\u0007\nnext.jsonl';

/** A scan whose every name is hostile. */
export function hostileReport() {
  return reportOf({
    entries: [
      {
        key: HOSTILE,
        values: [
          value({ masked: HOSTILE, locations: [{ row: 1, column: HOSTILE, pointer: HOSTILE, member: HOSTILE }] }),
        ],
      },
      { key: `x${HOSTILE}`, columns: [emails(HOSTILE)] },
    ],
    evidence: [
      {
        ...SHUT_LAKE,
        policy: {
          state: 'known',
          value: { Statement: [{ Effect: 'Allow', Sid: HOSTILE, Principal: '*', Action: 's3:*', Resource: '*' }] },
        },
      },
    ],
  });
}
