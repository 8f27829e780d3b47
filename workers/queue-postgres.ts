import {
  assertSchemaCompatibility,
  type ConnectionOptions,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  type PgPool,
  runMigrations,
  SchemaMigrationRequiredError,
  withBackend,
} from 'bullmq';
import pg, { type PoolClient } from 'pg';
import { AssayError } from '../src/errors.ts';
import { type PgPoolLike, SEARCH_PATH } from '../src/store/embedded.ts';
import { MAX_SCANS_AT_ONCE } from './fleet.ts';
import type { QueueBackend } from './queue.ts';

/** Each scan that is worked on listens on one of its own; the others add and take jobs and renew locks. */
const CONNECTIONS = MAX_SCANS_AT_ONCE + 8;
const CONNECT_MS = 10_000;

/** The queue in the ledger's own database. */
export async function onPool(given: PgPoolLike): Promise<QueueBackend> {
  const { pool, giveBack } = borrow(given);
  await migrate(pool);
  return { ...CLASSES, lend: () => lendOf(given), ping: () => ask(pool), close: async () => giveBack() };
}

/** The queue on a server that a fleet shares. Throws `AssayError` `state-unusable`. */
export async function onPostgres(url: string): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    keepAlive: true,
    // A server that is gone without a word is noticed in 20 s, not in hours.
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECT_MS,
    options: `-c search_path=${SEARCH_PATH.replaceAll(' ', '')}`,
  });
  // A lost connection is met again by the next statement; without listeners it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  const { pool: own, giveBack } = borrow(pool);
  try {
    await migrate(own);
  } catch (cause) {
    await pool.end();
    throw new AssayError('state-unusable', 'The queue of ASSAY_QUEUE_URL cannot be used: no such PostgreSQL server.', {
      cause,
    });
  }
  return {
    ...CLASSES,
    lend: () => lendOf(pool),
    ping: () => ask(own),
    async close() {
      giveBack();
      await pool.end();
    },
  };
}

/** They differ from those of Redis in the type of the connection alone. */
const CLASSES = withBackend(createPostgresBackend) as unknown as Pick<QueueBackend, 'Queue' | 'Worker'>;

function lendOf(pool: PgPoolLike): ReturnType<QueueBackend['lend']> {
  const { pool: lent, giveBack } = borrow(pool);
  return { connection: lent as unknown as ConnectionOptions, giveBack };
}

async function ask(pool: PgPool): Promise<void> {
  await pool.query('SELECT 1');
}

interface Borrowed {
  pool: PgPool;
  /** Gives back what is still lent out. */
  giveBack(): void;
}

/**
 * The ledger's pool outlives many queues, and BullMQ leaves things behind when it is closed: listeners on the pool, and
 * a client that it asked for shortly before, for which the pool's own end would wait for ever.
 */
function borrow(pool: PgPoolLike): Borrowed {
  const lent = new Set<PoolClient>();
  let isClosed = false;
  const borrowed = {
    options: pool.options,
    query: pool.query.bind(pool),
    async connect() {
      const client = await pool.connect();
      const { release } = client;
      client.release = (error) => {
        lent.delete(client);
        release(error);
      };
      lent.add(client);
      if (isClosed) client.release(true);
      return client;
    },
    end: async () => {},
    on: () => borrowed,
    removeAllListeners: () => borrowed,
  };
  return {
    // The two type packages describe the same client with other overloads.
    pool: borrowed as unknown as PgPool,
    giveBack() {
      isClosed = true;
      for (const client of lent) client.release(true);
    },
  };
}

async function migrate(pool: PgPool): Promise<void> {
  const client = await pool.connect();
  try {
    const version = await assertSchemaCompatibility(client).catch((error: unknown) => {
      if (error instanceof SchemaMigrationRequiredError) return 0;
      throw error;
    });
    if (version < LATEST_SCHEMA_VERSION) await runMigrations(client);
  } finally {
    client.release();
  }
}
