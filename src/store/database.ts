import type { ColumnType, Generated, Kysely } from 'kysely';
import type { BudgetEnd } from '../model/budget.ts';
import type { Tallies } from './shard-state.ts';

/** Tables of `migrations.ts` as Kysely sees them. 64-bit integers come back as text, as they do from `pg`. */
export interface Database {
  'assay.reuse_keys': {
    id: Generated<number>;
    detector_set: string;
    limits_digest: string;
    fingerprint_key_id: string;
  };
  'assay.scans': {
    no: Generated<number>;
    id: string;
    signature: string;
    reuse_id: number;
    state: 'running' | 'done' | 'failed' | 'cancelled';
    started_at: string;
    finished_at: string | null;
    version: string;
    config: string;
    is_shared: boolean;
    taken_up_at: string | null;
    spent_bytes: Generated<string>;
    spent_requests: Generated<string>;
    spent_cost: Generated<number>;
    budget_end: BudgetEnd | null;
  };
  'assay.buckets': { id: Generated<number>; uri: string; provider: string; name: string };
  'assay.scan_buckets': {
    scan_no: number;
    bucket_id: number;
    position: number;
    evidence: Buffer | null;
    collected_at: string | null;
  };
  'assay.targets': {
    scan_no: number;
    target_index: number;
    bucket_id: number;
    target: string;
    shards: Generated<number>;
    cursor: string | null;
    complete: Generated<boolean>;
    error: string | null;
  };
  'assay.shards': {
    id: ColumnType<string, never, never>;
    scan_no: number;
    target_index: number;
    seq: number;
    page: string;
    bucket_id: number;
    min_key: Buffer;
    max_key: Buffer;
    listed_objects: number;
    listed_bytes: BigInt;
    objects: Buffer;
    starts: Buffer;
    revision: Generated<number>;
    state: Buffer;
    done_objects: number;
    done_bytes: BigInt;
    bytes_read: BigInt;
    bytes_scanned: BigInt;
    reused: number;
    tallies: ColumnType<Tallies['maps'], string, string>;
  };
  'assay.notable': { shard_id: ColumnType<string, string, never>; object_index: number; scan: Buffer };
  'assay.detector_sets': { digest: string; source: Buffer };
  'assay.suppressions': {
    no: Generated<number>;
    fingerprint: string;
    fingerprint_key_id: string;
    scope: string;
    reason: string;
    owner: string;
    added_by: string;
    added_at: string;
    expires_at: string;
    removed_by: string | null;
    removed_at: string | null;
  };
}
type BigInt = ColumnType<string, number, number>;

export type Db = Kysely<Database>;
