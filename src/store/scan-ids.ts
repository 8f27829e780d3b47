import type { BudgetEnd } from '../model/budget.ts';
import type { Db } from './database.ts';

/** Shorter ones would be typed by accident. */
const MIN_PREFIX = 4;

export interface ListedScan {
  id: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  startedAt: string;
  finishedAt: string | null;
  budgetEnd: BudgetEnd | null;
}

/** The newest scans, the newest first. */
export async function listScans(db: Db, limit: number): Promise<ListedScan[]> {
  const rows = await db
    .selectFrom('assay.scans')
    .select(['id', 'state', 'started_at', 'finished_at', 'budget_end'])
    .orderBy('no', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    budgetEnd: row.budget_end,
  }));
}

/** Ids of the scans that `given` may mean: `latest`, a whole id, or its first characters; the newest first, at most two. */
export async function findScanIds(db: Db, given: string): Promise<string[]> {
  const query = db.selectFrom('assay.scans').select('id').orderBy('no', 'desc').limit(2);
  if (given === 'latest') return (await query.limit(1).execute()).map(({ id }) => id);
  const exact = await query.where('id', '=', given).execute();
  if (exact.length > 0 || given.length < MIN_PREFIX) return exact.map(({ id }) => id);
  const rows = await query
    .where((expression) => expression.fn('starts_with', ['id', expression.val(given)]), '=', true)
    .execute();
  return rows.map(({ id }) => id);
}
