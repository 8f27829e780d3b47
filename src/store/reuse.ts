import { sql } from 'kysely';
import type { ObjectScan } from '../model/finding.ts';
import type { ReuseKey } from '../model/ledger.ts';
import type { ObjectRef } from '../model/object.ts';
import { unpack } from './blob.ts';
import type { Db } from './database.ts';
import { encodeKey, keyRange } from './keys.ts';
import { unpackObjects } from './shard-objects.ts';
import { cleanScan, type ObjectState, unpackState } from './shard-state.ts';

/** Newest first, and no more than this many a call: an object that is new would otherwise unpack all history. */
const MAX_SHARDS = 64;
const SHARDS_AT_ONCE = 4;

/** Complete scans of exactly these versions under the same key, hashed ones where asked for; null where there is none. */
export async function findReusable(
  db: Db,
  objects: ObjectRef[],
  key: ReuseKey & { hashed?: boolean },
): Promise<(ObjectScan | null)[]> {
  const answers = new Map<ObjectRef, ObjectScan>();
  for (const [bucketUri, wanted] of Map.groupBy(objects, ({ bucket }) => bucket.uri)) {
    const missing = new Map(wanted.map((object) => [identity(object), object]));
    const shardIds = await overlappingShards(db, bucketUri, wanted, key);
    for (let at = 0; at < shardIds.length && missing.size > 0; at += SHARDS_AT_ONCE) {
      const found = await searchShards(db, shardIds.slice(at, at + SHARDS_AT_ONCE), missing, key.hashed === true);
      for (const [object, scan] of found) {
        answers.set(object, scan);
        missing.delete(identity(object));
      }
    }
  }
  const byIdentity = new Map([...answers].map(([object, scan]) => [`${object.bucket.uri}\0${identity(object)}`, scan]));
  return objects.map((object) => byIdentity.get(`${object.bucket.uri}\0${identity(object)}`) ?? null);
}

function identity({ key, version }: Pick<ObjectRef, 'key' | 'version'>): string {
  return `${version.length}:${version}${key}`;
}

/**
 * Shards of any scan under the same key whose range meets that of the wanted objects. Shards of one target follow each
 * other in key order, so those that meet are the ones from the first that ends at or after the range's begin to the
 * first that ends at or after the range's end.
 */
async function overlappingShards(db: Db, bucketUri: string, wanted: ObjectRef[], key: ReuseKey): Promise<string[]> {
  const { min, max } = keyRange(wanted.map((object) => encodeKey(object.key)));
  const { rows } = await sql<{ id: string }>`
    SELECT shard.id
    FROM assay.reuse_keys AS reuse
    JOIN assay.scans AS scan ON scan.reuse_id = reuse.id
    JOIN assay.targets AS target ON target.scan_no = scan.no
    JOIN assay.buckets AS bucket ON bucket.id = target.bucket_id
    CROSS JOIN LATERAL (
      SELECT id, seq, min_key, done_objects FROM assay.shards
      WHERE scan_no = target.scan_no AND target_index = target.target_index
        AND max_key >= ${min}
        AND max_key <= coalesce((
          SELECT last.max_key FROM assay.shards AS last
          WHERE last.scan_no = target.scan_no AND last.target_index = target.target_index AND last.max_key >= ${max}
          ORDER BY last.max_key LIMIT 1
        ), '\\xff'::bytea)
    ) AS shard
    WHERE reuse.detector_set = ${key.detectorSet} AND reuse.limits_digest = ${key.limitsDigest}
      AND reuse.fingerprint_key_id = ${key.fingerprintKeyId}
      AND bucket.uri = ${bucketUri} AND shard.min_key <= ${max} AND shard.done_objects > 0
    ORDER BY scan.no DESC, target.target_index, shard.seq
    LIMIT ${MAX_SHARDS}`.execute(db);
  return rows.map(({ id }) => id);
}

async function searchShards(
  db: Db,
  shardIds: string[],
  missing: ReadonlyMap<string, ObjectRef>,
  hashed: boolean,
): Promise<Map<ObjectRef, ObjectScan>> {
  const rows = await db
    .selectFrom('assay.shards')
    .select(['id', 'objects', 'state'])
    .where('id', 'in', shardIds)
    .execute();
  const found = new Map<ObjectRef, ObjectScan>();
  const notable: { shardId: string; index: number; object: ObjectRef }[] = [];
  // The newest first, as asked for.
  rows.sort((a, b) => shardIds.indexOf(a.id) - shardIds.indexOf(b.id));
  const taken = new Set<ObjectRef>();
  for (const row of rows) {
    const [anyObject] = missing.values();
    if (anyObject === undefined) break;
    const objects = unpackObjects(row.objects, anyObject.bucket);
    const state = unpackState(row.state, objects);
    for (const [index, listed] of objects.entries()) {
      const object = missing.get(identity(listed));
      const entry = state[index] ?? null;
      if (object === undefined || taken.has(object) || !isReusable(entry, hashed)) continue;
      taken.add(object);
      if (entry.hasRow) notable.push({ shardId: row.id, index, object });
      else found.set(object, cleanScan(entry, object.key));
    }
  }
  for (const [place, scan] of await loadRows(db, notable)) found.set(place.object, scan);
  return found;
}

function isReusable(state: ObjectState | null, hashed: boolean): state is ObjectState {
  return state?.outcome === 'complete' && state.isScanned && (!hashed || state.sha256 !== null);
}

async function loadRows<P extends { shardId: string; index: number }>(db: Db, places: P[]): Promise<[P, ObjectScan][]> {
  if (places.length === 0) return [];
  const { rows } = await sql<{ at: string; scan: Buffer }>`
    SELECT place.at, notable.scan
    FROM unnest(${places.map(({ shardId }) => shardId)}::bigint[], ${places.map(({ index }) => index)}::int[])
      WITH ORDINALITY AS place (shard_id, object_index, at)
    JOIN assay.notable AS notable USING (shard_id, object_index)`.execute(db);
  return rows.flatMap(({ at, scan }) => {
    const place = places[Number(at) - 1];
    return place === undefined ? [] : [[place, unpack<ObjectScan>(scan)] satisfies [P, ObjectScan]];
  });
}
