import { AssayError } from '../errors.ts';
import { type OpenLedger, openLedger } from '../store/ledger.ts';

/** Any number, the same in every version: the key of the advisory lock. */
const LOCK = 0x61737361;

/**
 * The ledger on a database server, held by this scan alone until `close`: a scan empties the queue beside its ledger
 * when it begins, and would take another's jobs away. The lock ends with its session, however the process ends.
 * @throws AssayError `state-locked` when another scan holds it, `state-unusable`
 */
export async function openServer(databaseUrl: string): Promise<OpenLedger> {
  const ledger = await openLedger({ databaseUrl });
  try {
    const client = await ledger.pool.connect();
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
    if (rows[0]?.held !== true) {
      client.release();
      throw new AssayError(
        'state-locked',
        'The database of ASSAY_DATABASE_URL is in use by another scan. Wait until it has ended.',
      );
    }
    return {
      ...ledger,
      async close() {
        // Destroyed, not returned: a lock belongs to its session.
        client.release(true);
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
