import type { BucketCoverage } from '../classify/sensitivity.ts';
import type { ScanCounters, StoredResult } from '../model/ledger.ts';
import { isScannable, type Outcome, outcomeClass, wasRead } from '../model/outcome.ts';
import type { Coverage } from '../model/report.ts';

/** What an object counts as that the scan has not reached: it was listed and has no outcome. */
export const NOT_REACHED: Outcome = 'failed:internal';

/** Counts objects by how they ended, for the whole scan and bucket by bucket. */
export class CoverageCount {
  readonly objects: Coverage['objects'] = { listed: 0, complete: 0, reused: 0, partial: 0, skipped: 0, failed: 0 };
  readonly reasons: Record<string, number> = {};
  readonly notes: Record<string, number> = {};
  scannable = 0;
  notReached = 0;
  private readonly buckets = new Map<string, BucketCoverage>();

  add({ object, outcome, reused, scan }: StoredResult): void {
    const ended = outcome ?? NOT_REACHED;
    const bucket = this.of(object.bucket.uri);
    const kind = outcomeClass(ended);
    const scannable = isScannable(ended) ? 1 : 0;
    this.objects.listed += 1;
    this.objects[kind] += 1;
    bucket.listed += 1;
    this.scannable += scannable;
    bucket.scannable += scannable;
    if (outcome === null) this.notReached += 1;
    if (reused && kind === 'complete') this.objects.reused += 1;
    if ((kind === 'complete' || kind === 'partial') && wasRead(ended)) bucket[kind] += 1;
    for (const [note, count] of Object.entries(scan?.notes ?? {})) this.notes[note] = (this.notes[note] ?? 0) + count;
    if (kind !== 'complete') this.reasons[ended] = (this.reasons[ended] ?? 0) + 1;
  }

  /** A listing in this bucket did not come to its end. */
  listingBroke(uri: string): void {
    this.of(uri).isListed = false;
  }

  /** The counts of one bucket; zero when nothing of it was listed. */
  of(uri: string): BucketCoverage {
    let bucket = this.buckets.get(uri);
    if (bucket === undefined) {
      bucket = { listed: 0, scannable: 0, complete: 0, partial: 0, isListed: true };
      this.buckets.set(uri, bucket);
    }
    return bucket;
  }

  /** Per cent of the scannable objects that were scanned completely; 100 when there is none. */
  percent(): number {
    return this.scannable === 0 ? 100 : (100 * this.objects.complete) / this.scannable;
  }

  coverage(counters: ScanCounters): Coverage {
    return {
      objects: this.objects,
      bytes: { listed: counters.listed.bytes, read: counters.done.bytesRead, scanned: counters.done.bytesScanned },
      reasons: sorted(this.reasons),
      formats: sorted(counters.formats),
      suppressed: sorted(counters.suppressed),
      notes: sorted(this.notes),
    };
  }
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
