import type { Ledger } from '../src/model/ledger.ts';
import type { BucketRef, Target } from '../src/model/object.ts';
import { STALE_EXPOSURE_MS } from './collect-posture.ts';

type Exposures = Awaited<ReturnType<Ledger['exposures']>>;

/** Which buckets of a scan are to be asked who can reach them. */
export class DuePostures {
  /** Buckets by the index of the first target in them, with the time of the last attempt. */
  private readonly buckets = new Map<number, { bucket: BucketRef; triedAt: number }>();

  constructor(targets: readonly Pick<Target, 'bucket' | 'lost'>[]) {
    const seen = new Set<string>();
    for (const [index, { bucket, lost }] of targets.entries()) {
      if (lost !== undefined || seen.has(bucket.uri)) continue;
      seen.add(bucket.uri);
      this.buckets.set(index, { bucket, triedAt: 0 });
    }
  }

  bucket(targetIndex: number): BucketRef | null {
    return this.buckets.get(targetIndex)?.bucket ?? null;
  }

  /** Buckets without facts, and once all is read those whose facts have aged. Each is tried once in that time. */
  take(exposures: Exposures, isRead: boolean): number[] {
    const now = Date.now();
    const collectedAt = new Map(exposures.map((exposure) => [exposure.bucket.uri, exposure.collectedAt]));
    const due: number[] = [];
    for (const [index, posture] of this.buckets) {
      const stored = collectedAt.get(posture.bucket.uri) ?? null;
      const isStale = stored === null || (isRead && now - Date.parse(stored) > STALE_EXPOSURE_MS);
      if (!isStale || now - posture.triedAt <= STALE_EXPOSURE_MS) continue;
      posture.triedAt = now;
      due.push(index);
    }
    return due;
  }
}
