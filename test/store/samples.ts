import { randomUUID } from 'node:crypto';
import type { ObjectScan } from '../../src/model/finding.ts';
import type { NewScan, NewShard } from '../../src/model/ledger.ts';
import type { BucketRef, ObjectRef } from '../../src/model/object.ts';
import type { OpenLedger } from '../../src/store/ledger.ts';

export function sampleBucket(): BucketRef {
  const name = `bucket-${randomUUID()}`;
  return { provider: 'aws-s3', uri: `s3://${name}`, name };
}

export function sampleScan(buckets: BucketRef[], changes: Partial<NewScan> = {}): NewScan {
  return {
    id: randomUUID(),
    signature: randomUUID(),
    detectorSet: 'sha256:detectors',
    limitsDigest: 'sha256:limits',
    fingerprintKeyId: 'key-1',
    targets: buckets.map((bucket) => ({ text: bucket.uri, bucket, prefix: '' })),
    config: { limits: { maxDepth: 5 }, odd: 'nul \0 and lone \ud800' },
    startedAt: '2026-01-02T03:04:05.678Z',
    version: '0.1.0',
    isShared: false,
    ...changes,
  };
}

export function sampleObject(bucket: BucketRef, key: string, changes: Partial<ObjectRef> = {}): ObjectRef {
  return {
    bucket,
    key,
    version: `"etag of ${key}"`,
    byteLength: 1000,
    lastModified: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

export function sampleShard(bucket: BucketRef, keys: string[], changes: Partial<NewShard> = {}): NewShard {
  const objects = keys.map((key) => sampleObject(bucket, key));
  return { bucketUri: bucket.uri, objects, outcomes: objects.map(() => null), ...changes };
}

export function cleanScan(key: string, changes: Partial<ObjectScan> = {}): ObjectScan {
  return {
    outcome: 'complete',
    format: 'jsonl',
    bytesRead: 1000,
    bytesScanned: 1000,
    records: 10,
    values: [],
    columns: [],
    suppressed: {},
    shownKey: key,
    notes: {},
    ...changes,
  };
}

/** A scan that found one secret value `count` times. */
export function notableScan(key: string, count = 1): ObjectScan {
  return cleanScan(key, {
    format: 'csv+gzip',
    bytesRead: 400,
    bytesScanned: 2000,
    values: [
      {
        detector: 'example-token',
        issuer: 'example',
        fingerprint: 'v1:AAAA',
        masked: 'ex…',
        probability: 0.99,
        checks: [{ name: 'crc32', passed: true }],
        severity: 'high',
        count,
        alternatives: [],
        locations: [{ row: 3, column: 'nul \0 text', byteOffset: 12 }],
      },
    ],
    suppressed: { placeholder: 2 },
    notes: { 'crc-mismatch': 1 },
  });
}

/** A scan with one bucket and one complete listing of one shard. */
export async function listedScan(
  ledger: OpenLedger,
  keys: string[],
  changes: Partial<NewScan> = {},
  bucket: BucketRef = sampleBucket(),
): Promise<{ scan: NewScan; bucket: BucketRef; shardId: string }> {
  const scan = sampleScan([bucket], changes);
  await ledger.createScan(scan);
  const [shardId = ''] = await ledger.saveListing(scan.id, 0, {
    shards: [sampleShard(bucket, keys)],
    cursor: null,
    complete: true,
  });
  return { scan, bucket, shardId };
}
