import { openState } from '../../workers/open-state.ts';
import { connectQueues, type QueueServer } from '../../workers/queue.ts';
import type { Config } from '../config/load-config.ts';
import { AssayError } from '../errors.ts';
import { type OpenLedger, openLedger as openStored } from '../store/ledger.ts';
import { patientLedger } from '../store/patient-ledger.ts';
import { openServer } from './open-server.ts';
import { type Waiting, whenThere } from './when-there.ts';

/** How long a call to the ledger is repeated while its server is away. */
const PATIENCE_MS = 5 * 60_000;

/** The ledger that the configuration names, held by this scan alone until `close`. Throws as the ledger does. */
export function openLedger({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  return databaseUrl === null ? openState(home) : openServer(databaseUrl);
}

export interface Fleet {
  /** Calls are made again while its server is away. */
  ledger: OpenLedger;
  queues: QueueServer;
  close(): Promise<void>;
}

/**
 * The ledger and the queues that the machines of a fleet share; `signal` ends the patience with a server that is away.
 * With `onAway` that is one that is not there yet as well. Throws `AssayError` `config` when they are not configured, and
 * as `connectQueues`.
 */
export async function openFleet(
  command: string,
  { databaseUrl, queueUrl }: Pick<Config, 'databaseUrl' | 'queueUrl'>,
  signal: AbortSignal,
  onAway?: Waiting['tell'],
): Promise<Fleet> {
  if (databaseUrl === null || queueUrl === null) {
    throw new AssayError(
      'config',
      `${command}: a fleet needs ASSAY_DATABASE_URL and ASSAY_QUEUE_URL; \`assay scan\` does not`,
    );
  }
  const opened = <T>(server: string, open: () => Promise<T>): Promise<T> =>
    onAway === undefined ? open() : whenThere(server, open, { signal, tell: onAway });
  const ledger = await opened('the database', () => openStored({ databaseUrl }));
  try {
    const queues = await opened('the queue', () => connectQueues(queueUrl));
    return {
      ledger: patientLedger(ledger, { patienceMs: PATIENCE_MS, signal }),
      queues,
      async close() {
        await queues.close();
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** The same for a command that does not scan: on a server, scans go on beside it. */
export function openLedgerToRead({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  return databaseUrl === null ? openState(home) : openStored({ databaseUrl });
}

/** The same for one that waits for hours: calls are made again while the server is away. */
export async function openLedgerToWait(config: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  const ledger = await openLedgerToRead(config);
  if (config.databaseUrl === null) return ledger;
  return patientLedger(ledger, { patienceMs: PATIENCE_MS, signal: new AbortController().signal });
}
