import type { Evidence } from './exposure.ts';
import type { ObjectScan } from './finding.ts';

/** What a running scan tells. Masked data only: no event holds an object's key as it is stored. */
export type ScanEvent =
  | { type: 'scan'; scanId: string; startedAt: string; detectorSet: string; resumed: boolean }
  | {
      type: 'listing';
      /** Index in the targets of the scan. */
      targetIndex: number;
      /** Objects of the page that was just committed. */
      objects: number;
      bytes: number;
      complete: boolean;
      error: { code: string; message: string } | null;
    }
  /** An object's outcome is committed. Objects that are only listed (`skipped:excluded` …) are in `progress` alone. */
  | { type: 'object'; object: ScannedObject }
  /** Exposure facts of a bucket were collected, or could not be (`evidence` null). */
  | { type: 'bucket'; bucketUri: string; evidence: Evidence | null; error: { code: string; message: string } | null }
  | { type: 'progress'; progress: ScanProgress };

export interface ScannedObject {
  /** `objectUri` of the bucket and the key as it may be shown. */
  uri: string;
  version: string;
  byteLength: number;
  reused: boolean;
  scan: ObjectScan;
}

/** Totals of the scan so far, those of earlier runs that it resumed included. */
export interface ScanProgress {
  listed: { objects: number; bytes: number };
  listingComplete: boolean;
  /** Objects with an outcome; `bytes` are their stored sizes. */
  done: { objects: number; bytes: number };
  /** Read and decoded since this process began, large objects part by part. */
  bytesRead: number;
  bytesScanned: number;
  /** Distinct secret values and personal-data columns per object in committed objects since this process began. */
  findings: number;
}
