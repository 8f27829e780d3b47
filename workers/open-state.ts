import { LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import { type OpenLedger, openLedger } from '../src/store/ledger.ts';
import { ensureTemplate, type TemplateStep } from '../src/store/template.ts';

/** A fresh embedded database comes with the queue's tables: making them takes longer than scanning a small file. */
const QUEUE_TABLES: TemplateStep = { id: `queue${LATEST_SCHEMA_VERSION}`, apply: (client) => runMigrations(client) };

/** The ledger of a state directory, in a database that the queue uses too. Throws as `openLedger`. */
export function openState(stateDir: string): Promise<OpenLedger> {
  return openLedger({ stateDir, template: QUEUE_TABLES });
}

/** Run when a machine is set up. */
if (import.meta.main) await ensureTemplate(QUEUE_TABLES);
