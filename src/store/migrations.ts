/**
 * The ledger's schema, step by step. A released step is never edited: a change is a new step at the end.
 *
 * - Scans are tied to what they may be reused for (`reuse_keys`), targets to their listing's cursor.
 * - A shard holds its objects in one immutable blob (`objects`) and what happened to them in one small one (`state`),
 *   so that an update moves no keys. `tallies` is the sum of `state`, `starts` has one byte an object.
 * - `notable` has a row only for objects with more to tell than outcome, format and sizes.
 * - Text that came from outside is stored as JSON or bytes: text columns cannot hold NUL.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE assay.reuse_keys (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    detector_set text NOT NULL,
    limits_digest text NOT NULL,
    fingerprint_key_id text NOT NULL,
    UNIQUE (detector_set, limits_digest, fingerprint_key_id)
  );

  CREATE TABLE assay.scans (
    no int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    signature text NOT NULL,
    reuse_id int NOT NULL REFERENCES assay.reuse_keys,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    started_at text NOT NULL,
    finished_at text,
    version text NOT NULL,
    config text NOT NULL
  );
  CREATE INDEX scans_signature ON assay.scans (signature) WHERE state = 'running';
  CREATE INDEX scans_reuse ON assay.scans (reuse_id);

  CREATE TABLE assay.buckets (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uri text NOT NULL UNIQUE,
    provider text NOT NULL,
    name text NOT NULL
  );

  CREATE TABLE assay.scan_buckets (
    scan_no int NOT NULL REFERENCES assay.scans ON DELETE CASCADE,
    bucket_id int NOT NULL REFERENCES assay.buckets,
    position int NOT NULL,
    evidence bytea,
    collected_at text,
    PRIMARY KEY (scan_no, bucket_id)
  );

  CREATE TABLE assay.targets (
    scan_no int NOT NULL REFERENCES assay.scans ON DELETE CASCADE,
    target_index int NOT NULL,
    bucket_id int NOT NULL REFERENCES assay.buckets,
    target text NOT NULL,
    shards int NOT NULL DEFAULT 0,
    cursor text,
    complete boolean NOT NULL DEFAULT false,
    error text,
    PRIMARY KEY (scan_no, target_index)
  );
  CREATE INDEX targets_bucket ON assay.targets (bucket_id);

  CREATE TABLE assay.shards (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scan_no int NOT NULL REFERENCES assay.scans ON DELETE CASCADE,
    target_index int NOT NULL,
    seq int NOT NULL,
    page text NOT NULL,
    bucket_id int NOT NULL REFERENCES assay.buckets,
    min_key bytea NOT NULL,
    max_key bytea NOT NULL,
    listed_objects int NOT NULL,
    listed_bytes bigint NOT NULL,
    objects bytea NOT NULL,
    starts bytea NOT NULL,
    revision int NOT NULL DEFAULT 0,
    state bytea NOT NULL,
    done_objects int NOT NULL,
    done_bytes bigint NOT NULL,
    bytes_read bigint NOT NULL,
    bytes_scanned bigint NOT NULL,
    reused int NOT NULL,
    tallies jsonb NOT NULL,
    UNIQUE (scan_no, target_index, seq)
  ) WITH (fillfactor = 70);
  CREATE INDEX shards_range ON assay.shards (scan_no, target_index, max_key);
  ALTER TABLE assay.shards ALTER objects SET STORAGE EXTERNAL, ALTER state SET STORAGE EXTERNAL;

  CREATE TABLE assay.notable (
    shard_id bigint NOT NULL,
    object_index int NOT NULL,
    scan bytea NOT NULL,
    PRIMARY KEY (shard_id, object_index)
  );
  ALTER TABLE assay.notable ALTER scan SET STORAGE EXTERNAL;

  CREATE TABLE assay.detector_sets (
    digest text PRIMARY KEY,
    source bytea NOT NULL
  );

  CREATE FUNCTION assay.add_starts(shard bigint, indexes int[], step int) RETURNS int[] LANGUAGE plpgsql AS $$
  DECLARE
    counts bytea;
    answer int[] := '{}';
    started int;
    at int;
  BEGIN
    SELECT starts INTO STRICT counts FROM assay.shards WHERE id = shard FOR UPDATE;
    FOREACH at IN ARRAY indexes LOOP
      started := greatest(0, least(255, get_byte(counts, at) + step));
      counts := set_byte(counts, at, started);
      answer := answer || started;
    END LOOP;
    UPDATE assay.shards SET starts = counts WHERE id = shard;
    RETURN answer;
  END
  $$;
  `,
  `
  CREATE TABLE assay.suppressions (
    no int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint text NOT NULL,
    fingerprint_key_id text NOT NULL,
    scope text NOT NULL,
    reason text NOT NULL,
    owner text NOT NULL,
    added_by text NOT NULL,
    added_at text NOT NULL,
    expires_at text NOT NULL,
    removed_by text,
    removed_at text
  );
  CREATE UNIQUE INDEX suppressions_in_force ON assay.suppressions (fingerprint_key_id, fingerprint, scope)
    WHERE removed_at IS NULL;
  `,
  `
  ALTER TABLE assay.scans ADD COLUMN is_shared boolean NOT NULL DEFAULT false;
  CREATE INDEX scans_shared ON assay.scans (no) WHERE is_shared AND state = 'running';
  `,
  `
  ALTER TABLE assay.scans
    ADD COLUMN taken_up_at text,
    ADD COLUMN spent_bytes bigint NOT NULL DEFAULT 0,
    ADD COLUMN spent_requests bigint NOT NULL DEFAULT 0,
    ADD COLUMN spent_cost double precision NOT NULL DEFAULT 0,
    ADD COLUMN budget_end text;
  CREATE INDEX scans_budget_end ON assay.scans (signature) WHERE budget_end IS NOT NULL;
  `,
];
