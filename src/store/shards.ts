import { sql } from 'kysely';
import { AssayError } from '../errors.ts';
import type { ObjectResult, ShardRow } from '../model/ledger.ts';
import type { ObjectRef } from '../model/object.ts';
import { pack } from './blob.ts';
import type { Db } from './database.ts';
import { bucketRef } from './scans.ts';
import { unpackObjects } from './shard-objects.ts';
import { packState, type ShardState, scannedState, tally, unpackState } from './shard-state.ts';

interface LoadedShard {
  objects: ObjectRef[];
  state: ShardState;
  revision: number;
}
/** Shards are saved a few objects at a time; unpacking one again each time would cost more than the statement. */
const KEPT_SHARDS = 32;

/** The objects of shards and what became of them. */
export class Shards {
  readonly #db: Db;
  readonly #kept = new Map<string, LoadedShard>();
  readonly #saving = new Map<string, Promise<void>>();

  constructor(db: Db) {
    this.#db = db;
  }

  async load(shardId: string): Promise<ShardRow> {
    const row = await this.#db
      .selectFrom('assay.shards as shard')
      .innerJoin('assay.buckets as bucket', 'bucket.id', 'shard.bucket_id')
      .innerJoin('assay.scans as scan', 'scan.no', 'shard.scan_no')
      .select(['scan.id as scan_id', 'bucket.uri', 'bucket.provider', 'bucket.name'])
      .select(['shard.objects', 'shard.state', 'shard.starts', 'shard.revision'])
      .where('shard.id', '=', shardId)
      .executeTakeFirst();
    if (row === undefined) throw new AssayError('internal', `The ledger has no shard ${shardId}.`);
    const bucket = bucketRef(row);
    const objects = unpackObjects(row.objects, bucket);
    const state = unpackState(row.state, objects);
    this.#keep(shardId, { objects, state, revision: row.revision });
    return {
      id: shardId,
      scanId: row.scan_id,
      bucketUri: bucket.uri,
      objects: [...objects],
      outcomes: state.map((entry) => entry?.outcome ?? null),
      starts: [...row.starts],
    };
  }

  /** Adds `step` to the start counts and answers the new ones. A count stays between 0 and 255. */
  async addStarts(shardId: string, indexes: number[], step: 1 | -1): Promise<number[]> {
    if (indexes.length === 0) return [];
    const { rows } = await sql<{ counts: number[] }>`
      SELECT assay.add_starts(${shardId}, ${indexes}::int[], ${step}) AS counts`.execute(this.#db);
    return rows[0]?.counts ?? [];
  }

  /** One after the other for each shard: they replace the same row. */
  async save(shardId: string, results: ObjectResult[]): Promise<void> {
    if (results.length === 0) return;
    const before = this.#saving.get(shardId) ?? Promise.resolve();
    const saving = before.catch(() => {}).then(() => this.#save(shardId, results));
    this.#saving.set(shardId, saving);
    try {
      await saving;
    } finally {
      if (this.#saving.get(shardId) === saving) this.#saving.delete(shardId);
    }
  }

  async #save(shardId: string, results: ObjectResult[]): Promise<void> {
    for (;;) {
      if (!this.#kept.has(shardId)) await this.load(shardId);
      const shard = this.#kept.get(shardId);
      if (shard !== undefined && (await this.#replace(shardId, shard, results))) return;
      this.#kept.delete(shardId); // another process has saved since it was loaded
    }
  }

  /** The new state and the rows of notable objects in one statement. False: the shard is no longer as it was loaded. */
  async #replace(shardId: string, shard: LoadedShard, results: ObjectResult[]): Promise<boolean> {
    const { objects } = shard;
    const state = [...shard.state];
    const rows = new Map<number, Buffer | null>();
    for (const { index, scan, reused } of results) {
      const object = objects[index];
      if (object === undefined) throw new AssayError('internal', `The shard ${shardId} has no object ${index}.`);
      const entry = scannedState(scan, object.key, reused);
      const hadRow = rows.has(index) || state[index]?.hasRow === true;
      if (entry.hasRow) rows.set(index, pack(scan));
      else if (hadRow) rows.set(index, null);
      state[index] = entry;
    }
    const kept = [...rows].filter(([, blob]) => blob !== null);
    const dropped = [...rows].filter(([, blob]) => blob === null);
    const tallies = tally(state, objects);
    const answer = await sql<{ saved: string }>`
      WITH saved AS (
        UPDATE assay.shards SET
          revision = revision + 1,
          state = ${packState(state, objects)},
          done_objects = ${tallies.doneObjects},
          done_bytes = ${tallies.doneBytes},
          bytes_read = ${tallies.bytesRead},
          bytes_scanned = ${tallies.bytesScanned},
          reused = ${tallies.reused},
          tallies = ${JSON.stringify(tallies.maps)}
        WHERE id = ${shardId} AND revision = ${shard.revision}
        RETURNING id
      ), dropped AS (
        DELETE FROM assay.notable USING saved
        WHERE shard_id = saved.id AND object_index = ANY (${dropped.map(([index]) => index)}::int[])
      ), kept AS (
        INSERT INTO assay.notable (shard_id, object_index, scan)
        SELECT saved.id, row.index, row.scan
        FROM saved, unnest(${kept.map(([index]) => index)}::int[], ${kept.map(([, blob]) => blob)}::bytea[]) AS row (index, scan)
        ON CONFLICT (shard_id, object_index) DO UPDATE SET scan = excluded.scan
      )
      SELECT count(*) AS saved FROM saved`.execute(this.#db);
    if (answer.rows[0]?.saved !== '1') return false;
    this.#keep(shardId, { objects, state, revision: shard.revision + 1 });
    return true;
  }

  #keep(shardId: string, shard: LoadedShard): void {
    this.#kept.delete(shardId);
    this.#kept.set(shardId, shard);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_SHARDS && oldest !== undefined) this.#kept.delete(oldest);
  }
}
