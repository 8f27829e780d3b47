import { type FleetIdentity, fleetQueueName } from '../../workers/fleet.ts';
import { openState } from '../../workers/open-state.ts';
import { type JobQueue, openQueue } from '../../workers/queue.ts';
import type { Config } from '../config/load-config.ts';
import { AssayError } from '../errors.ts';
import { type OpenLedger, openLedger as openStored } from '../store/ledger.ts';
import { openServer } from './open-server.ts';

/** The ledger that the configuration names, held by this scan alone until `close`. Throws as the ledger does. */
export function openLedger({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  return databaseUrl === null ? openState(home) : openServer(databaseUrl);
}

/**
 * The ledger and the queue that the machines of a fleet share. Throws `AssayError` `config` when they are not configured.
 */
export async function openFleet(
  command: string,
  { databaseUrl, queueUrl }: Pick<Config, 'databaseUrl' | 'queueUrl'>,
  identity: FleetIdentity,
  lockMs?: number,
): Promise<{ ledger: OpenLedger; queue: JobQueue }> {
  if (databaseUrl === null || queueUrl === null) {
    throw new AssayError(
      'config',
      `${command}: a fleet needs ASSAY_DATABASE_URL and ASSAY_QUEUE_URL; \`assay scan\` does not`,
    );
  }
  const name = await fleetQueueName(identity);
  const ledger = await openStored({ databaseUrl });
  try {
    const queue = await openQueue({ url: queueUrl }, { name, ...(lockMs === undefined ? {} : { lockMs }) });
    return { ledger, queue };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** The same for a command that does not scan: on a server, scans go on beside it. */
export function openLedgerToRead({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  return databaseUrl === null ? openState(home) : openStored({ databaseUrl });
}
