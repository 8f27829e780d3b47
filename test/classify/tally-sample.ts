import type { BucketCoverage } from '../../src/classify/sensitivity.ts';
import { createTally, type Tally } from '../../src/classify/tally.ts';
import type { DetectorInfo } from '../../src/model/detector-info.ts';
import type { ColumnEvidence, MatchTally, ObjectScan, ValueEvidence } from '../../src/model/finding.ts';
import type { StoredResult } from '../../src/model/ledger.ts';

const info = (id: string, over: Partial<DetectorInfo>): DetectorInfo => ({
  id,
  name: id,
  issuer: null,
  entity: null,
  category: 'pii',
  severity: 'high',
  level: 'restricted',
  fix: 'Fix it.',
  randomPass: 1,
  ...over,
});
export const DETECTORS: ReadonlyMap<string, DetectorInfo> = new Map(
  [
    info('aws-key', { issuer: 'aws', category: 'secret', severity: 'critical', name: 'AWS secret access key' }),
    info('us-ssn', { entity: 'US_SSN', randomPass: 0.891 }),
    info('uk-nhs', { entity: 'UK_NHS', category: 'phi', randomPass: 1 / 11 }),
    info('other-mod11', { entity: 'OTHER_ID', randomPass: 0.3 }),
    info('email', { entity: 'EMAIL', category: 'contact', severity: 'low', level: 'internal' }),
    info('phone-a', { entity: 'PHONE', category: 'contact', severity: 'low', level: 'internal' }),
    info('phone-b', { entity: 'PHONE', category: 'contact', severity: 'low', level: 'internal' }),
    info('iban', { entity: 'IBAN', severity: 'medium', level: 'confidential' }),
    info('card', { entity: 'CREDIT_CARD', category: 'pci' }),
    info('card-test', {
      entity: 'CREDIT_CARD',
      category: 'business',
      severity: 'low',
      level: 'none',
      name: 'Test card',
    }),
  ].map((each) => [each.id, each]),
);
export const BUCKET = 's3://data';
export const READ: BucketCoverage = { listed: 10, scannable: 10, complete: 10, partial: 0, isListed: true };

export const hashes = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (from + i).toString(16).padStart(16, '0'));
export function matches(exact: string[], probability = 0.98, locations = [{ row: 0 }]): MatchTally {
  return {
    count: exact.length,
    distinct: { exact },
    probability,
    masked: exact.length > 0 ? '12…' : '',
    checks: [],
    locations,
  };
}
export const none = (): MatchTally => ({
  count: 0,
  distinct: { exact: [] },
  probability: 0,
  masked: '',
  checks: [],
  locations: [],
});
export function column(
  detector: string,
  name: string | null,
  strong: MatchTally,
  weak = none(),
  trials: string[] = [],
): ColumnEvidence {
  const entity = DETECTORS.get(detector)?.entity as string;
  return { detector, entity, column: name, strong, weak, trials: { exact: trials }, alternatives: [] };
}
export function secret(fingerprint: string, over: Partial<ValueEvidence> = {}): ValueEvidence {
  return {
    detector: 'aws-key',
    issuer: 'aws',
    fingerprint,
    masked: 'AKIA…',
    probability: 0.99,
    checks: [],
    severity: 'critical',
    count: 1,
    alternatives: [],
    locations: [{ row: 1 }],
    ...over,
  };
}
export function result(key: string, over: Partial<ObjectScan>, bucket = BUCKET): StoredResult {
  return {
    object: {
      bucket: { provider: 'aws-s3', uri: bucket, name: 'data' },
      key,
      version: '1',
      byteLength: 1,
      lastModified: '',
    },
    outcome: over.outcome ?? 'complete',
    reused: false,
    scan: {
      outcome: 'complete',
      format: 'jsonl',
      bytesRead: 1,
      bytesScanned: 1,
      records: 1,
      values: [],
      columns: [],
      suppressed: {},
      shownKey: key,
      notes: {},
      ...over,
    },
  };
}
export const fresh = (maxLocations = 100): Tally =>
  createTally(DETECTORS, { maxLocations, fingerprint: (parts) => `v1:${parts.join('|')}` });
