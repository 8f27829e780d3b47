import { type Selectable, sql, type Transaction } from 'kysely';
import { AssayError } from '../errors.ts';
import type { Ledger, ListingState, NewShard } from '../model/ledger.ts';
import type { Database, Db } from './database.ts';
import type { Scans } from './scans.ts';
import { packObjects } from './shard-objects.ts';
import { listedState, packState, tally } from './shard-state.ts';

export type ListedPage = Parameters<Ledger['saveListing']>[2];

/** Where the listing of each target has come to, and the shards it has made. */
export class Listings {
  readonly #db: Db;
  readonly #scans: Scans;

  constructor(db: Db, scans: Scans) {
    this.#db = db;
    this.#scans = scans;
  }

  async state(scanId: string, targetIndex: number): Promise<ListingState> {
    const target = await this.#target(this.#db, await this.#scans.number(scanId), targetIndex).executeTakeFirst();
    if (target === undefined) throw unknownTarget(scanId, targetIndex);
    return {
      cursor: parse<string>(target.cursor),
      complete: target.complete,
      error: parse<{ code: string; message: string }>(target.error),
    };
  }

  /** Ids of the page's shards. A page that was saved before is not saved again. */
  async save(scanId: string, targetIndex: number, page: ListedPage): Promise<string[]> {
    const scanNo = await this.#scans.number(scanId);
    const cursor = JSON.stringify(page.cursor);
    const packed = page.shards.map(packShard); // outside the transaction: others wait for its end
    return await this.#db.transaction().execute(async (tx) => {
      const target = await this.#target(tx, scanNo, targetIndex).forUpdate().executeTakeFirst();
      if (target === undefined) throw unknownTarget(scanId, targetIndex);
      if (wasSaved(target, page)) {
        const saved = await tx
          .selectFrom('assay.shards')
          .select('id')
          .where('scan_no', '=', scanNo)
          .where('target_index', '=', targetIndex)
          .where('page', '=', cursor)
          .orderBy('seq')
          .execute();
        if (saved.length === 0 && page.shards.length > 0) throw listedTwice(scanId, targetIndex);
        return saved.map(({ id }) => id);
      }
      await tx
        .updateTable('assay.targets')
        .set({
          cursor,
          complete: page.complete,
          error: page.error === undefined ? null : JSON.stringify(page.error),
          shards: target.shards + page.shards.length,
        })
        .where('scan_no', '=', scanNo)
        .where('target_index', '=', targetIndex)
        .execute();
      if (packed.length === 0) return [];
      const place = { scan_no: scanNo, target_index: targetIndex, page: cursor, bucket_id: target.bucket_id };
      const inserted = await tx
        .insertInto('assay.shards')
        .values(packed.map((shard, index) => ({ ...shard, ...place, seq: target.shards + index })))
        .returning(['id', 'seq'])
        .execute();
      return inserted.sort((a, b) => a.seq - b.seq).map(({ id }) => id);
    });
  }

  /** Ids of shards with objects that have no outcome yet, in listing order. */
  async openShards(scanId: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('assay.shards')
      .select('id')
      .where('scan_no', '=', await this.#scans.number(scanId))
      .where('done_objects', '<', sql.ref<number>('listed_objects'))
      .orderBy('target_index')
      .orderBy('seq')
      .execute();
    return rows.map(({ id }) => id);
  }

  #target(db: Db | Transaction<Database>, scanNo: number, targetIndex: number) {
    return db
      .selectFrom('assay.targets')
      .select(['cursor', 'complete', 'error', 'shards', 'bucket_id'])
      .where('scan_no', '=', scanNo)
      .where('target_index', '=', targetIndex);
  }
}

/** A page follows the stored cursor, or it came before it. Only a page with shards is one; an error may repeat a cursor. */
function wasSaved(target: { complete: boolean; cursor: string | null }, page: ListedPage): boolean {
  if (target.complete) return true;
  if (page.shards.length === 0) return false;
  const stored = parse<string>(target.cursor);
  return page.from === undefined ? stored !== null && stored === page.cursor : stored !== page.from;
}

type ShardColumns = Omit<
  Selectable<Database['assay.shards']>,
  'id' | 'scan_no' | 'target_index' | 'seq' | 'page' | 'bucket_id' | 'revision'
>;

function packShard({ objects, outcomes }: NewShard) {
  const state = objects.map((_object, index) => listedState(outcomes[index] ?? null));
  const { blob, min, max, bytes } = packObjects(objects);
  const tallies = tally(state, objects);
  return {
    min_key: min,
    max_key: max,
    listed_objects: objects.length,
    listed_bytes: bytes,
    objects: blob,
    starts: Buffer.alloc(objects.length),
    state: packState(state, objects),
    done_objects: tallies.doneObjects,
    done_bytes: tallies.doneBytes,
    bytes_read: tallies.bytesRead,
    bytes_scanned: tallies.bytesScanned,
    reused: tallies.reused,
    tallies: JSON.stringify(tallies.maps),
  } satisfies Record<keyof ShardColumns, unknown>;
}

function parse<T>(json: string | null): T | null {
  return json === null ? null : (JSON.parse(json) as T);
}

function listedTwice(scanId: string, targetIndex: number): AssayError {
  return new AssayError(
    'listing-failed',
    `Target ${targetIndex} of scan ${scanId} is being listed by another process, which is further on.`,
  );
}

function unknownTarget(scanId: string, targetIndex: number): AssayError {
  return new AssayError('internal', `The scan ${scanId} has no target ${targetIndex}.`);
}
