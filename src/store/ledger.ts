import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { AssayError } from '../errors.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Database } from './database.ts';
import { openEmbedded, type PgPoolLike, SEARCH_PATH } from './embedded.ts';
import { Listings } from './listing.ts';
import { migrate } from './migrate.ts';
import { pruneScans } from './prune.ts';
import { scanCounters, scanResults } from './results.ts';
import { findReusable } from './reuse.ts';
import { Scans } from './scans.ts';
import { Shards } from './shards.ts';
import type { TemplateStep } from './template.ts';

/**
 * How to use it
 *
 * - `openLedger({ stateDir })` is this process's alone until `close()`, which must be called: the database's thread
 *   keeps the process alive. Queue objects on `pool` are closed first.
 * - `pool` is a real `pg.Pool` and may be given to BullMQ. On the embedded database all clients share one session:
 *   between BEGIN and COMMIT of one client the statements of all others wait, so a client that holds a transaction
 *   must not await another client.
 * - Every call commits before it resolves; every call may be repeated.
 */
export interface OpenLedger extends Ledger {
  pool: PgPoolLike;
  db: Kysely<Database>;
  /** The source kept by `saveDetectorSet`, or null. */
  loadDetectorSet(digest: string): Promise<unknown>;
  /** Scans of a fleet that have not ended, the oldest first. */
  runningScans(): Promise<string[]>;
  /**
   * Forgets scans that ended before this time (RFC 3339), except the newest of each target: the next scan of it may
   * reuse what that one has read. Answers how many. Scans that have not ended are never forgotten.
   */
  pruneScans(endedBefore: string): Promise<number>;
}

export type LedgerOptions =
  /** `template`: tables of the queue that a fresh embedded database should come with. */
  { stateDir: string; template?: TemplateStep } | { databaseUrl: string };

/**
 * Opens the ledger, embedded or on a PostgreSQL server, and brings its schema up to date.
 * @throws AssayError `state-locked` or `state-unusable`
 */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const { pool, close } =
    'stateDir' in options ? await openEmbedded(options.stateDir, options.template) : openServer(options.databaseUrl);
  try {
    const client = await pool.connect();
    try {
      await migrate(client);
    } finally {
      client.release();
    }
  } catch (error) {
    await close();
    if (error instanceof AssayError) throw error;
    throw new AssayError('state-unusable', `The ledger in ${placeOf(options)} cannot be used.`, { cause: error });
  }
  return ledgerOn(pool, close);
}

function ledgerOn(pool: PgPoolLike, close: () => Promise<void>): OpenLedger {
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const scans = new Scans(db);
  const listings = new Listings(db, scans);
  const shards = new Shards(db);
  return {
    pool,
    db,
    createScan: (scan) => scans.create(scan),
    findUnfinishedScan: (signature) => scans.findUnfinished(signature),
    getScan: (scanId) => scans.get(scanId),
    finishScan: (scanId, state, finishedAt, budgetEnd) => scans.finish(scanId, state, finishedAt, budgetEnd),
    takeUpScan: (scanId, config, takenUpAt) => scans.takeUp(scanId, config, takenUpAt),
    spend: (scanId, more) => scans.spend(scanId, more),
    saveDetectorSet: (digest, source) => scans.saveDetectorSet(digest, source),
    loadDetectorSet: (digest) => scans.loadDetectorSet(digest),
    runningScans: () => scans.running(),
    listing: (scanId, targetIndex) => listings.state(scanId, targetIndex),
    saveListing: (scanId, targetIndex, page) => listings.save(scanId, targetIndex, page),
    openShards: (scanId) => listings.openShards(scanId),
    loadShard: (shardId) => shards.load(shardId),
    startObjects: (shardId, indexes) => shards.addStarts(shardId, indexes, 1),
    unstartObjects: async (shardId, indexes) => void (await shards.addStarts(shardId, indexes, -1)),
    saveObjects: (shardId, results) => shards.save(shardId, results),
    findReusable: (objects, key) => findReusable(db, objects, key),
    saveExposure: (scanId, bucketUri, evidence, collectedAt) =>
      scans.saveExposure(scanId, bucketUri, evidence, collectedAt),
    exposures: (scanId) => scans.exposures(scanId),
    pruneScans: (endedBefore) => pruneScans(db, endedBefore),
    counters: async (scanId) => scanCounters(db, await scans.number(scanId)),
    async *results(scanId) {
      yield* scanResults(db, await scans.number(scanId));
    },
    close,
  };
}

const SERVER_CONNECTIONS = 16;

function openServer(databaseUrl: string): { pool: PgPoolLike; close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: SERVER_CONNECTIONS,
    keepAlive: true,
    // A server that is gone without a word is noticed in 20 s, not in hours.
    keepAliveInitialDelayMillis: 10_000,
    options: `-c search_path=${SEARCH_PATH.replaceAll(' ', '')}`,
  });
  // A client that is lent out and not asking just then would otherwise end the process with its connection.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {}); // an idle connection was lost; the next query opens another or says why not
  let closing: Promise<void> | null = null;
  return {
    pool,
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** For messages: an address without user, password and parameters. */
function placeOf(options: LedgerOptions): string {
  if ('stateDir' in options) return options.stateDir;
  const url = URL.parse(options.databaseUrl);
  return url === null ? 'the database of ASSAY_DATABASE_URL' : `${url.protocol}//${url.host}${url.pathname}`;
}
