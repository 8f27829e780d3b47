import { createHash } from 'node:crypto';
import { AssayError } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** What both a `pg` client and PGlite can do. */
export interface MigrationClient {
  query(text: string, params?: unknown[]): Promise<{ rows: unknown[] }>;
}

/**
 * Brings the ledger's schema up to this version: forward only, each step with its number in one transaction.
 * Several processes may start at once; the first migrates, the others find it done.
 * @throws AssayError `state-unusable` when the database was written by a newer version
 */
export async function migrate(client: MigrationClient): Promise<void> {
  if ((await currentVersion(client)) === MIGRATIONS.length) return;
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK_KEY})`);
    await client.query('CREATE SCHEMA IF NOT EXISTS assay');
    await client.query('CREATE TABLE IF NOT EXISTS assay.migrations (version int PRIMARY KEY, applied_at timestamptz)');
    const from = await currentVersion(client);
    if (from > MIGRATIONS.length) throw newer(from);
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < from) continue;
      await client.query(sql);
      await client.query('INSERT INTO assay.migrations VALUES ($1, now())', [index + 1]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Changes when the schema or what is said beside it does. */
export function schemaDigest(beside: string): string {
  return createHash('sha256')
    .update([beside, ...MIGRATIONS].join('\0'))
    .digest('hex')
    .slice(0, 8);
}

const LOCK_KEY = 0x61737361; // "assa"

async function currentVersion(client: MigrationClient): Promise<number> {
  const known = await client.query(`SELECT to_regclass('assay.migrations') IS NOT NULL AS known`);
  if (!(known.rows[0] as { known: boolean }).known) return 0;
  const { rows } = await client.query('SELECT coalesce(max(version), 0)::int AS version FROM assay.migrations');
  return (rows[0] as { version: number }).version;
}

function newer(version: number): AssayError {
  return new AssayError(
    'state-unusable',
    `The ledger has schema version ${version}; this program knows versions up to ${MIGRATIONS.length}. Use the newer program that wrote it.`,
  );
}
