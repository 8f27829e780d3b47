import pg from 'pg';
import { MIGRATIONS } from './migrations.ts';

const TIMEOUT_MS = 5000;

export interface DatabaseProbe {
  /** `16.4`. */
  server: string;
  /** 0: no ledger yet. */
  schema: number;
  /** The schema that this program brings. */
  latest: number;
}

/** Looks at a PostgreSQL server without changing anything. Throws what `pg` throws. */
export async function probeDatabase(databaseUrl: string): Promise<DatabaseProbe> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows: versions } = await client.query<{ server_version: string }>('SHOW server_version');
    const { rows: tables } = await client.query<{ known: boolean }>(
      `SELECT to_regclass('assay.migrations') IS NOT NULL AS known`,
    );
    const { rows: steps } =
      tables[0]?.known === true
        ? await client.query<{ version: number }>(
            'SELECT coalesce(max(version), 0)::int AS version FROM assay.migrations',
          )
        : { rows: [] };
    return {
      server: versions[0]?.server_version.split(' ')[0] ?? 'unknown',
      schema: steps[0]?.version ?? 0,
      latest: MIGRATIONS.length,
    };
  } finally {
    await client.end();
  }
}
