import type { Transaction } from 'kysely';
import { AssayError } from '../errors.ts';
import type { BudgetEnd, Spent } from '../model/budget.ts';
import type { Evidence } from '../model/exposure.ts';
import type { NewScan, ReuseKey, ScanRow } from '../model/ledger.ts';
import type { BucketRef, ProviderName } from '../model/object.ts';
import { pack, unpack } from './blob.ts';
import type { Database, Db } from './database.ts';

/** Scans, their buckets with the exposure collected for them, and detector sets. */
export class Scans {
  readonly #db: Db;
  readonly #numbers = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
  }

  async create(scan: NewScan): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const created = await tx
        .insertInto('assay.scans')
        .values({
          id: scan.id,
          signature: scan.signature,
          reuse_id: await reuseId(tx, scan),
          state: 'running',
          started_at: scan.startedAt,
          finished_at: null,
          version: scan.version,
          config: JSON.stringify(scan.config ?? null),
          is_shared: scan.isShared,
          taken_up_at: null,
          budget_end: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('no')
        .executeTakeFirst();
      if (created === undefined) return;
      for (const [index, target] of scan.targets.entries()) {
        const bucket = await bucketId(tx, target.bucket);
        await tx
          .insertInto('assay.scan_buckets')
          .values({ scan_no: created.no, bucket_id: bucket, position: index, evidence: null, collected_at: null })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await tx
          .insertInto('assay.targets')
          .values({
            scan_no: created.no,
            target_index: index,
            bucket_id: bucket,
            target: JSON.stringify(target),
            cursor: null,
            error: null,
          })
          .execute();
      }
    });
  }

  async findUnfinished(signature: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('assay.scans')
      .select('id')
      .where('signature', '=', signature)
      .where(({ eb, or }) => or([eb('state', '=', 'running'), eb('budget_end', 'is not', null)]))
      .orderBy('no', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  async get(scanId: string): Promise<ScanRow | null> {
    const row = await this.#db
      .selectFrom('assay.scans as scan')
      .innerJoin('assay.reuse_keys as reuse', 'reuse.id', 'scan.reuse_id')
      .selectAll('scan')
      .select(['reuse.detector_set', 'reuse.limits_digest', 'reuse.fingerprint_key_id'])
      .where('scan.id', '=', scanId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const targets = await this.#db
      .selectFrom('assay.targets')
      .select('target')
      .where('scan_no', '=', row.no)
      .orderBy('target_index')
      .execute();
    return {
      id: row.id,
      signature: row.signature,
      detectorSet: row.detector_set,
      limitsDigest: row.limits_digest,
      fingerprintKeyId: row.fingerprint_key_id,
      targets: targets.map(({ target }) => JSON.parse(target) as NewScan['targets'][number]),
      config: JSON.parse(row.config) as unknown,
      startedAt: row.started_at,
      version: row.version,
      isShared: row.is_shared,
      state: row.state,
      finishedAt: row.finished_at,
      takenUpAt: row.taken_up_at ?? row.started_at,
      spent: spentOf(row),
      budgetEnd: row.budget_end,
    };
  }

  async finish(
    scanId: string,
    state: 'done' | 'failed' | 'cancelled',
    finishedAt: string,
    budgetEnd: BudgetEnd | null = null,
  ): Promise<void> {
    await this.#db
      .updateTable('assay.scans')
      .set({ state, finished_at: finishedAt, budget_end: budgetEnd })
      .where('id', '=', scanId)
      .where('state', '=', 'running')
      .execute();
  }

  async takeUp(scanId: string, config: unknown, takenUpAt: string): Promise<void> {
    await this.#db
      .updateTable('assay.scans')
      .set({
        state: 'running',
        finished_at: null,
        budget_end: null,
        config: JSON.stringify(config ?? null),
        taken_up_at: takenUpAt,
      })
      .where('id', '=', scanId)
      .where(({ eb, or }) => or([eb('state', '=', 'running'), eb('budget_end', 'is not', null)]))
      .execute();
  }

  async spend(scanId: string, more: Spent): Promise<Spent> {
    const row = await this.#db
      .updateTable('assay.scans')
      .set(({ eb }) => ({
        spent_bytes: eb('spent_bytes', '+', String(more.bytes)),
        spent_requests: eb('spent_requests', '+', String(more.requests)),
        spent_cost: eb('spent_cost', '+', more.cost),
      }))
      .where('id', '=', scanId)
      .returning(['spent_bytes', 'spent_requests', 'spent_cost'])
      .executeTakeFirst();
    if (row === undefined) throw new AssayError('internal', `The ledger has no scan ${scanId}.`);
    return spentOf(row);
  }

  /** Scans of a fleet that have not ended, the oldest first. */
  async running(): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('assay.scans')
      .select('id')
      .where('state', '=', 'running')
      .where('is_shared', '=', true)
      .orderBy('no')
      .execute();
    return rows.map(({ id }) => id);
  }

  /** The number other tables know a scan by. Throws when there is no such scan. */
  async number(scanId: string): Promise<number> {
    const known = this.#numbers.get(scanId);
    if (known !== undefined) return known;
    const row = await this.#db.selectFrom('assay.scans').select('no').where('id', '=', scanId).executeTakeFirst();
    if (row === undefined) throw new AssayError('internal', `The ledger has no scan ${scanId}.`);
    this.#numbers.set(scanId, row.no);
    return row.no;
  }

  async saveDetectorSet(digest: string, source: unknown): Promise<void> {
    await this.#db
      .insertInto('assay.detector_sets')
      .values({ digest, source: pack(source) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async loadDetectorSet(digest: string): Promise<unknown> {
    const row = await this.#db
      .selectFrom('assay.detector_sets')
      .select('source')
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row === undefined ? null : unpack(row.source);
  }

  async saveExposure(scanId: string, bucketUri: string, evidence: Evidence, collectedAt: string): Promise<void> {
    const updated = await this.#db
      .updateTable('assay.scan_buckets')
      .from('assay.buckets')
      .set({ evidence: pack(evidence), collected_at: collectedAt })
      .whereRef('assay.buckets.id', '=', 'assay.scan_buckets.bucket_id')
      .where('assay.buckets.uri', '=', bucketUri)
      .where('assay.scan_buckets.scan_no', '=', await this.number(scanId))
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) {
      throw new AssayError('internal', `Saving exposure: the scan ${scanId} has no such bucket.`);
    }
  }

  async exposures(
    scanId: string,
  ): Promise<{ bucket: BucketRef; evidence: Evidence | null; collectedAt: string | null }[]> {
    const rows = await this.#db
      .selectFrom('assay.scan_buckets as seen')
      .innerJoin('assay.buckets as bucket', 'bucket.id', 'seen.bucket_id')
      .select(['bucket.uri', 'bucket.provider', 'bucket.name', 'seen.evidence', 'seen.collected_at'])
      .where('seen.scan_no', '=', await this.number(scanId))
      .orderBy('seen.position')
      .execute();
    return rows.map((row) => ({
      bucket: bucketRef(row),
      evidence: row.evidence === null ? null : unpack<Evidence>(row.evidence),
      collectedAt: row.collected_at,
    }));
  }
}

function spentOf(row: { spent_bytes: string; spent_requests: string; spent_cost: number }): Spent {
  return { bytes: Number(row.spent_bytes), requests: Number(row.spent_requests), cost: Number(row.spent_cost) };
}

export function bucketRef(row: { uri: string; provider: string; name: string }): BucketRef {
  return { provider: row.provider as ProviderName, uri: row.uri, name: row.name };
}

async function bucketId(tx: Transaction<Database>, bucket: BucketRef): Promise<number> {
  const row = await tx
    .insertInto('assay.buckets')
    .values({ uri: bucket.uri, provider: bucket.provider, name: bucket.name })
    .onConflict((conflict) => conflict.column('uri').doUpdateSet({ provider: bucket.provider, name: bucket.name }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function reuseId(tx: Transaction<Database>, key: ReuseKey): Promise<number> {
  const values = {
    detector_set: key.detectorSet,
    limits_digest: key.limitsDigest,
    fingerprint_key_id: key.fingerprintKeyId,
  };
  const row = await tx
    .insertInto('assay.reuse_keys')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['detector_set', 'limits_digest', 'fingerprint_key_id']).doUpdateSet(values),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}
