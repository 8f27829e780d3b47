import type { Check, Confidence } from './detector-info.ts';
import type { Outcome } from './outcome.ts';
import type { Location } from './segment.ts';

/**
 * Everything here crosses a thread, a database or a file: no type may hold a raw value. `masked` shows at most 4
 * characters and at most 25 % of the value; strings of a `Location` were masked by the thread that read them.
 */

/** One secret value in one object. Counts are exact, places bounded. */
export interface ValueEvidence {
  detector: string;
  issuer: string;
  /** `v1:` + base64url HMAC-SHA-256 over (issuer, normalised value). */
  fingerprint: string;
  masked: string;
  /** Best over the occurrences, 0..1. */
  probability: number;
  checks: Check[];
  severity: 'low' | 'medium' | 'high' | 'critical';
  count: number;
  /** Issuers this value could also belong to. */
  alternatives: string[];
  locations: Location[];
}

/**
 * Personal data of one entity in one column of one object (`column` null: text without columns, or JSON text whose
 * pointer is `column`). Two kinds of matches are kept apart, because only the merge of all tasks can judge the second:
 * strong ones stand by themselves (validator, key words, column name), weak ones passed the shape and perhaps the validator.
 */
export interface ColumnEvidence {
  detector: string;
  entity: string;
  /** Column name or JSON pointer with array indexes replaced by `*`; masked; null without columns. */
  column: string | null;
  strong: MatchTally;
  weak: MatchTally;
  /** Distinct shape matches tried in this column (k of the binomial test is `weak`+`strong` distinct passes). */
  trials: DistinctSketch;
  /** Entities the same spans could also be. */
  alternatives: string[];
}

export interface MatchTally {
  count: number;
  distinct: DistinctSketch;
  /** Best probability of a single match. */
  probability: number;
  masked: string;
  checks: Check[];
  locations: Location[];
}

/**
 * Distinct keyed 64-bit hashes: exact up to 256 as sorted unique hex strings, beyond that a HyperLogLog of 2^12
 * registers, base64. The choice depends on the union alone, so any merge order gives the same bytes.
 */
export type DistinctSketch = { exact: string[] } | { registers: string };

/** What a thread answers for one object or one range of it. */
export interface ObjectScan {
  outcome: Outcome;
  /** e.g. `jsonl+zstd`; '' when nothing was opened. */
  format: string;
  bytesRead: number;
  /** Decoded text bytes. */
  bytesScanned: number;
  records: number;
  values: ValueEvidence[];
  columns: ColumnEvidence[];
  /** Matches not reported, by reason: `placeholder`, `documentation-value`, `low-entropy` … */
  suppressed: Record<string, number>;
  /** The object's key as it may be shown: personal values in it masked. Equal to the key when nothing was found in it. */
  shownKey: string;
  /** Of all stored bytes, lower-case hex; absent unless it was asked for and all of them were read. */
  sha256?: string;
  /** Non-fatal remarks by code: `columns-not-text`, `crc-mismatch` …, with a count. */
  notes: Record<string, number>;
}

/** P ≥ 0.95 confirmed, ≥ 0.6 likely, below that possible. */
export function confidenceOf(probability: number): Confidence {
  return probability >= 0.95 ? 'confirmed' : probability >= 0.6 ? 'likely' : 'possible';
}
