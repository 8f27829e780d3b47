import { sql } from 'kysely';
import type { ObjectScan } from '../model/finding.ts';
import type { ScanCounters, StoredResult } from '../model/ledger.ts';
import { unpack } from './blob.ts';
import type { Db } from './database.ts';
import { bucketRef } from './scans.ts';
import { unpackObjects } from './shard-objects.ts';
import { cleanScan, type ObjectState, unpackState } from './shard-state.ts';

/** Evidence of one object may be some 100 kB. */
const ROWS_AT_ONCE = 100;

/** All objects of a scan in listing order: memory holds one shard and at most 100 evidence rows. */
export async function* scanResults(db: Db, scanNo: number): AsyncIterable<StoredResult> {
  let after = { target_index: -1, seq: -1 };
  for (;;) {
    const shard = await db
      .selectFrom('assay.shards as shard')
      .innerJoin('assay.buckets as bucket', 'bucket.id', 'shard.bucket_id')
      .select(['shard.id', 'shard.target_index', 'shard.seq', 'shard.objects', 'shard.state'])
      .select(['bucket.uri', 'bucket.provider', 'bucket.name'])
      .where('scan_no', '=', scanNo)
      .where(sql<boolean>`(target_index, seq) > (${after.target_index}, ${after.seq})`)
      .orderBy('target_index')
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    if (shard === undefined) return;
    after = shard;
    const objects = unpackObjects(shard.objects, bucketRef(shard));
    const state = unpackState(shard.state, objects);
    let rows = new Map<number, ObjectScan>();
    for (const [index, object] of objects.entries()) {
      const entry = state[index] ?? null;
      if (entry?.hasRow && !rows.has(index)) rows = await loadRows(db, shard.id, index);
      yield {
        object,
        outcome: entry?.outcome ?? null,
        reused: entry?.reused ?? false,
        scan: entry?.hasRow ? (rows.get(index) ?? null) : tellingScan(entry, object.key),
      };
    }
  }
}

async function loadRows(db: Db, shardId: string, from: number): Promise<Map<number, ObjectScan>> {
  const rows = await db
    .selectFrom('assay.notable')
    .select(['object_index', 'scan'])
    .where('shard_id', '=', shardId)
    .where('object_index', '>=', from)
    .orderBy('object_index')
    .limit(ROWS_AT_ONCE)
    .execute();
  return new Map(rows.map((row) => [row.object_index, unpack<ObjectScan>(row.scan)]));
}

/** Null when the outcome says it all. */
function tellingScan(state: ObjectState | null, key: string): ObjectScan | null {
  if (state === null || !state.isScanned) return null;
  const saysAll = state.outcome === 'complete' && state.suppressed === null && state.sha256 === null;
  return saysAll ? null : cleanScan(state, key);
}

/** Sums over the shards' tallies. */
export async function scanCounters(db: Db, scanNo: number): Promise<ScanCounters> {
  const sums = await db
    .selectFrom('assay.shards')
    .select(({ fn }) => [
      fn.coalesce(fn.sum<string>('listed_objects'), sql<string>`0`).as('listedObjects'),
      fn.coalesce(fn.sum<string>('listed_bytes'), sql<string>`0`).as('listedBytes'),
      fn.coalesce(fn.sum<string>('done_objects'), sql<string>`0`).as('doneObjects'),
      fn.coalesce(fn.sum<string>('done_bytes'), sql<string>`0`).as('doneBytes'),
      fn.coalesce(fn.sum<string>('bytes_read'), sql<string>`0`).as('bytesRead'),
      fn.coalesce(fn.sum<string>('bytes_scanned'), sql<string>`0`).as('bytesScanned'),
      fn.coalesce(fn.sum<string>('reused'), sql<string>`0`).as('reused'),
    ])
    .where('scan_no', '=', scanNo)
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ kind: string; name: string; objects: string; bytes: string }>`
    SELECT kind.key AS kind, entry.key AS name,
      sum(CASE WHEN jsonb_typeof(entry.value) = 'array' THEN (entry.value->>0)::bigint ELSE (entry.value #>> '{}')::bigint END) AS objects,
      sum(CASE WHEN jsonb_typeof(entry.value) = 'array' THEN (entry.value->>1)::bigint ELSE 0 END) AS bytes
    FROM assay.shards, jsonb_each(tallies) AS kind, jsonb_each(kind.value) AS entry
    WHERE scan_no = ${scanNo}
    GROUP BY kind.key, entry.key
    ORDER BY kind.key, entry.key COLLATE "C"`.execute(db);
  const complete = await db
    .selectFrom('assay.targets')
    .select(({ fn }) => fn.agg<boolean | null>('bool_and', ['complete']).as('all'))
    .where('scan_no', '=', scanNo)
    .executeTakeFirstOrThrow();
  const counters: ScanCounters = {
    listed: { objects: Number(sums.listedObjects), bytes: Number(sums.listedBytes) },
    listingComplete: complete.all ?? true,
    done: {
      objects: Number(sums.doneObjects),
      bytes: Number(sums.doneBytes),
      bytesRead: Number(sums.bytesRead),
      bytesScanned: Number(sums.bytesScanned),
      reused: Number(sums.reused),
    },
    outcomes: {},
    formats: {},
    suppressed: {},
  };
  for (const { kind, name, objects, bytes } of rows) {
    const both = { objects: Number(objects), bytes: Number(bytes) };
    if (kind === 'outcomes') counters.outcomes[name] = both;
    else if (kind === 'formats') counters.formats[name] = both;
    else counters.suppressed[name] = both.objects;
  }
  return counters;
}
