import { sql } from 'kysely';
import type { Suppression } from '../model/suppression.ts';
import type { Db } from './database.ts';

/** One that is no longer in force, because it was taken back or replaced. */
export interface RemovedSuppression extends Suppression {
  removedBy: string;
  removedAt: string;
}

/**
 * Accepted findings of one fingerprint key: under another key the same value has another fingerprint. Nothing is ever
 * deleted; who took one back, and when, stays beside it.
 */
export class Suppressions {
  readonly #db: Db;
  readonly #keyId: string;

  constructor(db: Db, fingerprintKeyId: string) {
    this.#db = db;
    this.#keyId = fingerprintKeyId;
  }

  /** One in force for the same fingerprint and scope is replaced. */
  async add(suppression: Suppression): Promise<void> {
    const { fingerprint, scope, reason, owner, addedBy, addedAt, expiresAt } = suppression;
    await this.#db.transaction().execute(async (tx) => {
      // Of two at once, the second would not see the first one's row and break the unique index.
      await sql`LOCK TABLE assay.suppressions IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
      await tx
        .updateTable('assay.suppressions')
        .set({ removed_by: addedBy, removed_at: addedAt })
        .where('fingerprint_key_id', '=', this.#keyId)
        .where('fingerprint', '=', fingerprint)
        .where('scope', '=', scope)
        .where('removed_at', 'is', null)
        .execute();
      await tx
        .insertInto('assay.suppressions')
        .values({
          fingerprint,
          fingerprint_key_id: this.#keyId,
          scope,
          reason,
          owner,
          added_by: addedBy,
          added_at: addedAt,
          expires_at: expiresAt,
          removed_by: null,
          removed_at: null,
        })
        .execute();
    });
  }

  /** Takes back those of a fingerprint, of one scope or (null) of all; answers how many there were. */
  async remove(fingerprint: string, scope: string | null, by: string, at: string): Promise<number> {
    let update = this.#db
      .updateTable('assay.suppressions')
      .set({ removed_by: by, removed_at: at })
      .where('fingerprint_key_id', '=', this.#keyId)
      .where('fingerprint', '=', fingerprint)
      .where('removed_at', 'is', null);
    if (scope !== null) update = update.where('scope', '=', scope);
    const { numUpdatedRows } = await update.executeTakeFirst();
    return Number(numUpdatedRows);
  }

  /** Those that nobody has taken back, expired ones among them; the one that expires first comes first. */
  async list(): Promise<Suppression[]> {
    const rows = await this.#rows();
    return rows.filter(({ removed_at }) => removed_at === null).map(suppressionOf);
  }

  /** Those that were taken back or replaced, the latest last. */
  async removed(): Promise<RemovedSuppression[]> {
    const rows = await this.#rows();
    return rows
      .flatMap((row) =>
        row.removed_at === null
          ? []
          : [{ ...suppressionOf(row), removedBy: row.removed_by ?? '', removedAt: row.removed_at }],
      )
      .sort((a, b) => (a.removedAt < b.removedAt ? -1 : 1));
  }

  #rows() {
    return this.#db
      .selectFrom('assay.suppressions')
      .selectAll()
      .where('fingerprint_key_id', '=', this.#keyId)
      .orderBy('expires_at')
      .orderBy('no')
      .execute();
  }
}

function suppressionOf(row: {
  fingerprint: string;
  scope: string;
  reason: string;
  owner: string;
  added_by: string;
  added_at: string;
  expires_at: string;
}): Suppression {
  return {
    fingerprint: row.fingerprint,
    scope: row.scope,
    reason: row.reason,
    owner: row.owner,
    addedBy: row.added_by,
    addedAt: row.added_at,
    expiresAt: row.expires_at,
  };
}
