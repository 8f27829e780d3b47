import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Of one call: a user waits for it. What is left goes with the next one. */
const MAX_SCANS = 100;

/** See `OpenLedger.pruneScans`. One transaction a scan, so that others never wait long. Detector sets are few, and stay. */
export async function pruneScans(db: Db, endedBefore: string): Promise<number> {
  const { rows } = await sql<{ no: number }>`
    SELECT scan.no FROM assay.scans AS scan
    WHERE scan.state <> 'running' AND scan.finished_at < ${endedBefore}
      AND NOT EXISTS (
        SELECT FROM assay.targets AS target
        WHERE target.scan_no = scan.no AND NOT EXISTS (
          SELECT FROM assay.targets AS newer
          JOIN assay.scans AS newer_scan ON newer_scan.no = newer.scan_no
          WHERE newer.bucket_id = target.bucket_id AND newer.target = target.target
            AND newer.scan_no > target.scan_no AND newer_scan.state = 'done'
        )
      )
    ORDER BY scan.no LIMIT ${MAX_SCANS}`.execute(db);
  for (const { no } of rows) {
    await db.transaction().execute(async (tx) => {
      const own = await sql`SELECT FROM assay.scans WHERE no = ${no} FOR UPDATE SKIP LOCKED`.execute(tx);
      if (own.rows.length === 0) return; // another process forgets it just now
      await sql`
        DELETE FROM assay.notable USING assay.shards
        WHERE notable.shard_id = shards.id AND shards.scan_no = ${no}`.execute(tx);
      await tx.deleteFrom('assay.scans').where('no', '=', no).execute();
    });
  }
  return rows.length;
}
