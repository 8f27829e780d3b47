import { openState } from '../../workers/open-state.ts';
import type { Config } from '../config/load-config.ts';
import { type OpenLedger, openLedger as openStored } from '../store/ledger.ts';
import { openServer } from './open-server.ts';

/** The ledger that the configuration names, held by this scan alone until `close`. Throws as the ledger does. */
export function openLedger({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  return databaseUrl === null ? openState(home) : openServer(databaseUrl);
}

/** The same for a command that does not scan: on a server, scans go on beside it. */
export function openLedgerToRead({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenLedger> {
  return databaseUrl === null ? openState(home) : openStored({ databaseUrl });
}
