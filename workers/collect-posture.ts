import { isAssayError } from '../src/errors.ts';
import type { BucketRef } from '../src/model/object.ts';
import type { ScanContext } from './scan-context.ts';

/** Facts older than this when the scan is ready to end are collected again. */
export const STALE_EXPOSURE_MS = 15 * 60_000;

/** Collects who can reach a bucket. A failure leaves the exposure unknown and the scan running. */
export async function collectPosture(context: ScanContext, bucket: BucketRef, signal: AbortSignal): Promise<void> {
  const { ledger, scan, emit } = context;
  try {
    const provider = await context.provider(bucket.provider);
    const collectedAt = new Date().toISOString();
    const targets = context.targets.filter((target) => target.bucket.uri === bucket.uri);
    const evidence = await provider.collectExposure(bucket, targets);
    signal.throwIfAborted();
    await ledger.saveExposure(scan.id, bucket.uri, evidence, collectedAt);
    emit({ type: 'bucket', bucketUri: bucket.uri, evidence, error: null });
  } catch (error) {
    signal.throwIfAborted();
    if (!isAssayError(error)) throw error;
    emit({
      type: 'bucket',
      bucketUri: bucket.uri,
      evidence: null,
      error: { code: error.code, message: error.message },
    });
  }
}
