import type { BudgetEnd, Spent } from './budget.ts';
import type { Category, Check, Confidence, Level, Severity } from './detector-info.ts';
import type { Exposure } from './exposure.ts';
import type { ScanRow } from './ledger.ts';
import type { ProviderName } from './object.ts';
import type { Outcome } from './outcome.ts';
import type { PrefixPosture, Risk, Sensitivity } from './posture.ts';
import type { Location } from './segment.ts';
import type { Suppression } from './suppression.ts';

/** `assay.report/v1`: the contract with users' scripts. v1 only gains fields. */
export interface Report {
  schema: 'assay.report/v1';
  scan: {
    id: string;
    startedAt: string;
    finishedAt: string;
    version: string;
    detectorSet: string;
    targets: string[];
    fingerprintKeyId: string;
    /** Of a scan that has not ended, the report tells what is known so far and is incomplete. */
    state: ScanRow['state'];
    /** Only when it was ended by its budget. */
    budget?: { usedUp: BudgetEnd; spent: Spent };
  };
  result: {
    violated: boolean;
    incomplete: boolean;
    reasons: string[];
    /** Findings by status. */
    statuses: Record<FindingStatus, number>;
  };
  /** What the findings were compared with; only with `--baseline`. `gone`: findings of that report that are not in this one. */
  baseline?: { scan: string; findings: number; gone: number };
  coverage: Coverage;
  buckets: BucketReport[];
  objects: ObjectReport[];
  findings: FindingReport[];
  /** Accepted findings among these, and those whose acceptance has expired. */
  suppressions: (Suppression & { state: 'active' | 'expired' })[];
}
export type FindingStatus = 'new' | 'known' | 'suppressed';
export interface Coverage {
  /** listed = complete + partial + skipped + failed; reused is part of complete. */
  objects: { listed: number; complete: number; reused: number; partial: number; skipped: number; failed: number };
  bytes: { listed: number; read: number; scanned: number };
  reasons: Record<string, number>;
  formats: Record<string, { objects: number; bytes: number }>;
  suppressed: Record<string, number>;
  /** Remarks of all objects by code: `columns-not-text`, `crc-mismatch` … */
  notes: Record<string, number>;
}
export interface BucketReport {
  uri: string;
  provider: ProviderName;
  sensitivity: Sensitivity;
  exposure: Exposure;
  risk: Risk;
  /** Parts that differ in what they hold or who can reach them, the riskiest first; none when all of it is alike. */
  prefixes: PrefixPosture[];
}
export interface ObjectReport {
  uri: string;
  version: string;
  bytes: number;
  format: string;
  outcome: Outcome;
  reused: boolean;
  findings: number;
  level: Level | 'unknown';
  /** Of the stored bytes, lower-case hex; only with `--hash`. */
  sha256?: string;
  /** Remarks by code with a count; absent when there is none. */
  notes?: Record<string, number>;
}
export interface FindingReport {
  fingerprint: string;
  kind: 'value' | 'column';
  detector: string;
  issuer: string | null;
  entity: string | null;
  category: Category;
  severity: Severity;
  probability: number;
  confidence: Confidence;
  checks: Check[];
  verification: 'live' | 'dead' | 'unknown' | null;
  count: number;
  objects: number;
  distinct: number;
  masked: string;
  level: Level;
  /** Suppressed goes before known, and without a baseline every other one is new. */
  status: FindingStatus;
  /** Only with `--baseline`: what a suppressed finding would be. */
  baseline?: 'new' | 'known';
  alternatives: string[];
  locations: ({ object: string } & Location)[];
}
