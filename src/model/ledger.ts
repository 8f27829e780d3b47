import type { BudgetEnd, Spent } from './budget.ts';
import type { Evidence } from './exposure.ts';
import type { ObjectScan } from './finding.ts';
import type { BucketRef, ObjectRef, Target } from './object.ts';
import type { Outcome } from './outcome.ts';

/**
 * The ledger is the truth, the queue only carries its ids. Every write is idempotent on a natural key, so a job that runs
 * twice changes nothing. `store/` implements it on PostgreSQL (embedded PGlite or a server).
 */
export interface Ledger {
  /** Creates a scan and one bucket row for each distinct bucket of its targets. */
  createScan(scan: NewScan): Promise<void>;
  /** The newest scan with this signature that has not ended or was ended by its budget, or null. */
  findUnfinishedScan(signature: string): Promise<string | null>;
  getScan(scanId: string): Promise<ScanRow | null>;
  /** Ends a scan that is running; one that has ended stays as it is. With a `budgetEnd` it can be taken up again. */
  finishScan(
    scanId: string,
    state: 'done' | 'failed' | 'cancelled',
    finishedAt: string,
    budgetEnd?: BudgetEnd,
  ): Promise<void>;
  /** Goes on with a scan that is running or was ended by its budget, with this configuration from now on. */
  takeUpScan(scanId: string, config: unknown, takenUpAt: string): Promise<void>;
  /** Adds to what a scan has spent and answers the sum of all its processes. Repeated after a lost answer it adds again. */
  spend(scanId: string, more: Spent): Promise<Spent>;
  /** The compiled detector set by digest, so that every thread and worker uses the same. Idempotent. */
  saveDetectorSet(digest: string, source: unknown): Promise<void>;

  listing(scanId: string, targetIndex: number): Promise<ListingState>;
  /**
   * One transaction: the shards of a page, the cursor after it and whether the listing is complete. `from` is the cursor
   * the page was listed from: when the stored one is another, somebody else lists this target too, and the page is
   * answered if it was saved before and refused with `AssayError` `listing-failed` if not.
   */
  saveListing(
    scanId: string,
    targetIndex: number,
    page: {
      shards: NewShard[];
      from?: string | null;
      cursor: string | null;
      complete: boolean;
      error?: { code: string; message: string };
    },
  ): Promise<string[]>;

  /** Ids of shards with objects that have no outcome yet, in listing order. */
  openShards(scanId: string): Promise<string[]>;
  loadShard(shardId: string): Promise<ShardRow>;
  /** Adds one to the start count of these objects and commits, before they are opened; answers the new counts. */
  startObjects(shardId: string, indexes: number[]): Promise<number[]>;
  /** Takes one start back from each of these objects: a cancellation ended their reading, not they the process. */
  unstartObjects(shardId: string, indexes: number[]): Promise<void>;
  /** Upserts outcomes and the evidence of notable objects in one transaction. A second answer for the same object replaces the first. */
  saveObjects(shardId: string, results: ObjectResult[]): Promise<void>;
  /**
   * Earlier complete scans of exactly these versions under the same detector set, limits and fingerprint key; `hashed`:
   * only such that know the hash. Answer has one entry an object; null: must be read.
   */
  findReusable(objects: ObjectRef[], key: ReuseKey & { hashed?: boolean }): Promise<(ObjectScan | null)[]>;

  saveExposure(scanId: string, bucketUri: string, evidence: Evidence, collectedAt: string): Promise<void>;
  exposures(scanId: string): Promise<{ bucket: BucketRef; evidence: Evidence | null; collectedAt: string | null }[]>;

  counters(scanId: string): Promise<ScanCounters>;
  /** All objects in listing order, shard by shard; `scan` only where there is more than an outcome to tell. */
  results(scanId: string): AsyncIterable<StoredResult>;
  close(): Promise<void>;
}

export interface ReuseKey {
  detectorSet: string;
  limitsDigest: string;
  fingerprintKeyId: string;
}
export interface NewScan extends ReuseKey {
  id: string;
  /** Digest over targets, configuration and detector set: what `--resume auto` looks for. */
  signature: string;
  targets: Target[];
  /** Frozen configuration the workers need; no credentials. */
  config: unknown;
  startedAt: string;
  version: string;
  /** The workers of a fleet do its jobs; else it belongs to the process that began it. */
  isShared: boolean;
}
export interface ScanRow extends NewScan {
  state: 'running' | 'done' | 'failed' | 'cancelled';
  finishedAt: string | null;
  /** When it was begun or last taken up again. */
  takenUpAt: string;
  /** By a scan with a budget; else 0. */
  spent: Spent;
  /** What of its budget was used up; objects without an outcome are then those that it did not reach. */
  budgetEnd: BudgetEnd | null;
}
export interface ListingState {
  cursor: string | null;
  complete: boolean;
  error: { code: string; message: string } | null;
}
/** At most 1,000 objects or 1 GiB, whichever comes first; `excluded` are listed but not read. */
export interface NewShard {
  bucketUri: string;
  objects: ObjectRef[];
  /** Outcomes known at listing time (`skipped:excluded`, `skipped:archived-tier`), null for the rest. */
  outcomes: (Outcome | null)[];
}
export interface ShardRow extends NewShard {
  id: string;
  scanId: string;
  starts: number[];
}
export interface ObjectResult {
  index: number;
  scan: ObjectScan;
  reused: boolean;
}
export interface StoredResult {
  object: ObjectRef;
  outcome: Outcome | null;
  reused: boolean;
  /** Null for objects that are complete, clean and not hashed: their format and bytes are in `counters`. */
  scan: ObjectScan | null;
}
export interface ScanCounters {
  listed: { objects: number; bytes: number };
  listingComplete: boolean;
  done: { objects: number; bytes: number; bytesRead: number; bytesScanned: number; reused: number };
  outcomes: Record<string, { objects: number; bytes: number }>;
  formats: Record<string, { objects: number; bytes: number }>;
  suppressed: Record<string, number>;
}
