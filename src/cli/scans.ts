import { dropScan } from '../../workers/fleet.ts';
import { connectQueues } from '../../workers/queue.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import type { ScanRow } from '../model/ledger.ts';
import { plural, shown, thousands } from '../report/shown.ts';
import type { OpenLedger } from '../store/ledger.ts';
import { findScanIds, listScans as newestScans } from '../store/scan-ids.ts';
import { openLedgerToRead } from './open-ledger.ts';

export interface ScansOptions {
  config?: string;
  format?: 'text' | 'json';
}

const MAX_SCANS = 100;

/** `assay scans list`. */
export async function listScans({ config, format }: ScansOptions): Promise<ExitCode> {
  const scans = await withLedger(config, async (ledger) => {
    const listed = await newestScans(ledger.db, MAX_SCANS);
    return await Promise.all(
      listed.map(async ({ id, startedAt, finishedAt, ...ended }) => ({
        id,
        ...endOf(ended),
        startedAt,
        finishedAt,
        ...(await progressOf(ledger, id)),
      })),
    );
  });
  if (format === 'json') process.stdout.write(`${JSON.stringify(scans, null, 2)}\n`);
  else if (scans.length === 0) process.stdout.write('there are no scans\n');
  const width = Math.max(...scans.map((scan) => stateText(scan).length));
  for (const scan of format === 'json' ? [] : scans) {
    process.stdout.write(`${scan.id}  ${stateText(scan).padEnd(width)}  ${scan.startedAt}  ${describe(scan)}\n`);
  }
  return EXIT.ok;
}

/** `assay scans show`. Throws `AssayError` `usage`. */
export async function showScan(given: string, { config, format }: ScansOptions): Promise<ExitCode> {
  const scan = await withLedger(config, async (ledger) => {
    const { id, state, budgetEnd, startedAt, finishedAt, version, targets } = await findScan(ledger, 'show', given);
    const texts = targets.map(({ text }) => text);
    const ended = endOf({ state, budgetEnd });
    return { id, ...ended, startedAt, finishedAt, version, targets: texts, ...(await progressOf(ledger, id)) };
  });
  if (format === 'json') process.stdout.write(`${JSON.stringify(scan, null, 2)}\n`);
  else {
    const { id, startedAt, finishedAt, targets } = scan;
    const lines = [
      `${id}  ${stateText(scan)}`,
      `  ${startedAt} to ${finishedAt ?? 'now'}`,
      `  ${describe(scan)}`,
      ...targets.map((text) => `  ${shown(text)}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return EXIT.ok;
}

/** `assay scans cancel`. Throws `AssayError` `usage` for a scan that has ended. */
export async function cancelScan(given: string, { config }: ScansOptions): Promise<ExitCode> {
  await withLedger(config, async (ledger, { queueUrl }) => {
    const { id, state } = await findScan(ledger, 'cancel', given);
    if (state === 'running') await ledger.finishScan(id, 'cancelled', new Date().toISOString());
    const now = (await ledger.getScan(id))?.state;
    if (state !== 'running' || now !== 'cancelled') {
      throw new AssayError('usage', `scans cancel ${given}: this scan has ended (${now ?? state})`);
    }
    // Workers do it too when they leave the scan; without any, nobody else would.
    if (queueUrl !== null) await dropJobs(queueUrl, id).catch(() => {});
    process.stdout.write(`cancelled ${id}\n`);
  });
  return EXIT.ok;
}

async function dropJobs(queueUrl: string, scanId: string): Promise<void> {
  const queues = await connectQueues(queueUrl);
  try {
    await dropScan(queues, scanId);
  } finally {
    await queues.close();
  }
}

/** A scan that used up its budget has not done all that it was asked for, and goes on with a larger one. */
function endOf({ state, budgetEnd }: Pick<ScanRow, 'state' | 'budgetEnd'>) {
  if (budgetEnd === null) return { state };
  return { state: 'partial:budget' as const, budget: { usedUp: budgetEnd } };
}

function stateText({ state, budget }: { state: string; budget?: { usedUp: string } }): string {
  return budget === undefined ? state : `${state} (${budget.usedUp})`;
}

type Progress = Awaited<ReturnType<typeof progressOf>>;

async function progressOf(ledger: OpenLedger, scanId: string) {
  const { listed, listingComplete, done } = await ledger.counters(scanId);
  return { listed, listingComplete, done: { objects: done.objects, bytes: done.bytes } };
}

function describe({ listed, listingComplete, done }: Progress): string {
  return `${thousands(done.objects)} of ${listingComplete ? '' : 'at least '}${plural(listed.objects, 'object')}`;
}

async function findScan(ledger: OpenLedger, command: string, given: string): Promise<ScanRow> {
  const [id, other] = await findScanIds(ledger.db, given);
  if (other !== undefined)
    throw new AssayError('usage', `scans ${command} ${given}: more than one scan begins with it`);
  const scan = id === undefined ? null : await ledger.getScan(id);
  if (scan !== null) return scan;
  throw new AssayError('usage', `scans ${command} ${given}: there is no such scan in this ledger`);
}

async function withLedger<T>(
  file: string | undefined,
  work: (ledger: OpenLedger, config: Config) => Promise<T>,
): Promise<T> {
  const config: Config = loadConfig({ flags: {}, env: process.env, cwd: process.cwd(), file });
  const ledger = await openLedgerToRead(config);
  try {
    return await work(ledger, config);
  } finally {
    await ledger.close();
  }
}
