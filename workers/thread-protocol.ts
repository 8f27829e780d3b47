import type { OwnDetector } from '../detectors/own-detector.ts';
import type { ObjectScan } from '../src/model/finding.ts';
import type { Limits } from '../src/model/limits.ts';
import type { ObjectRef } from '../src/model/object.ts';
import type { Outcome } from '../src/model/outcome.ts';
import type { Pulse } from './pulse.ts';

/** One object, or one range of it, for one thread. */
export interface ScanTask {
  object: ObjectRef;
  limits: Limits;
  /** Places kept for one finding. */
  maxLocations: number;
  /** Digest of the detector set that the answer must come from. */
  detectorSet: string;
  /** Read all stored bytes and answer their SHA-256; only for whole objects. */
  hash: boolean;
  /** A part of a splittable object; absent: all of it. */
  range?: ByteRange;
}

/** Tasks of one message. */
export interface ScanBatch {
  tasks: ScanTask[];
  pulse: Pulse;
}

/** What every thread is started with. */
export interface ThreadData {
  /** Arrives as `Uint8Array`: structured clone knows no `Buffer`. */
  fingerprintKey: Uint8Array;
  providerOptions: Readonly<Record<string, unknown>>;
  /** The user's detectors; absent: the catalogue alone. */
  ownDetectors?: readonly OwnDetector[];
}

/**
 * The functions a thread's file exports; piscina calls them by name. An error of the thread's own code comes as a value,
 * so that a rejected call always means that the thread has died.
 */
export interface ThreadApi {
  /** One answer a task, in their order, and the requests made for them. Whatever happens to an object is in its outcome. */
  scan(batch: ScanBatch): Promise<Reply<ObjectScan[]>>;
  /** The stored ranges a large object can be read in by several threads; null: only as a whole. */
  plan(task: ScanTask): Promise<Reply<ByteRange[] | null>>;
  /** Object keys as they may be shown. */
  maskKeys(keys: string[]): Promise<Reply<string[]>>;
}
export type Reply<T> = { value: T; requests?: number } | { error: string };

/** Stored bytes [start, end). */
export interface ByteRange {
  start: number;
  end: number;
}

/** The answer for an object that gave nothing but an outcome. */
export function emptyScan(outcome: Outcome, shownKey: string, notes: Record<string, number> = {}): ObjectScan {
  return {
    outcome,
    format: '',
    bytesRead: 0,
    bytesScanned: 0,
    records: 0,
    values: [],
    columns: [],
    suppressed: {},
    shownKey,
    notes,
  };
}
