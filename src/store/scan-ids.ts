import type { Db } from './database.ts';

/** Shorter ones would be typed by accident. */
const MIN_PREFIX = 4;

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
