import {
  assertSchemaCompatibility,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  type PgPool,
  runMigrations,
  SchemaMigrationRequiredError,
  withBackend,
} from 'bullmq';
import type { PoolClient } from 'pg';
import type { PgPoolLike } from '../src/store/embedded.ts';
import { isJobKind, type JobKind, type JobOf, jobId, parseJob } from './jobs.ts';

/** Where the queue lives: the ledger's own embedded database. */
export interface QueueConnection {
  pool: PgPoolLike;
}

export type JobHandlers = { [K in JobKind]: (job: JobOf<K>, signal: AbortSignal) => Promise<void> };

export interface JobQueue {
  /** Adds jobs; one that is waiting or running already is not added again. */
  add<K extends JobKind>(kind: K, jobs: JobOf<K>[]): Promise<void>;
  /**
   * Starts to take jobs, the oldest first. A job is acknowledged when its handler has returned; its signal aborts when
   * its lock is lost. `onError`: a handler has thrown, or the queue cannot be used.
   */
  work(handlers: JobHandlers, concurrency: number, onError: (error: unknown) => void): void;
  /** Drops every job, also those a killed process had taken. Only for a queue that no other process uses. */
  clear(): Promise<void>;
  /** Stops taking jobs, waits for the running ones and leaves. */
  close(): Promise<void>;
}

/** One queue for all kinds: each further one costs a short scan some 20 statements. */
const NAME = 'assay';
const LOCK_MS = 30_000;
const MAX_ERRORS = 5;
const ADD_AT_ONCE = 500;
/** A finished job leaves no trace: the ledger knows, and its id must be free for the reconciler. */
const FORGET = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };

const { Queue, Worker } = withBackend(createPostgresBackend);

export async function openQueue(connection: QueueConnection): Promise<JobQueue> {
  const { pool, giveBack } = borrow(connection.pool);
  await migrate(pool);
  const queue = new Queue(NAME, {
    connection: pool,
    defaultJobOptions: { attempts: 1, ...FORGET },
    streams: { events: { maxLen: 100 } },
    skipMetasUpdate: true,
  });
  queue.on('error', ignore);
  let worker: InstanceType<typeof Worker> | undefined;

  return {
    async add(kind, jobs) {
      for (let at = 0; at < jobs.length; at += ADD_AT_ONCE) {
        const batch = jobs.slice(at, at + ADD_AT_ONCE);
        await queue.addBulk(
          batch.map((job) => ({ name: kind, data: parseJob(kind, job), opts: { jobId: jobId(kind, job) } })),
        );
      }
    },
    work(handlers, concurrency, onError) {
      const created = new Worker(
        NAME,
        async ({ name, data }, _token, signal = new AbortController().signal) => {
          if (isJobKind(name)) await handle(handlers, name, data, signal);
        },
        {
          connection: pool,
          concurrency,
          lockDuration: LOCK_MS,
          // A worker that is killed again and again must not fail the job: the ledger counts the starts of objects.
          maxStalledCount: 1000,
          ...FORGET,
        },
      );
      created.on('lockRenewalFailed', (ids: string[]) => {
        for (const id of ids) created.cancelJob(id, 'the lock of the job was lost');
      });
      created.on('failed', (_job, error) => onError(error));
      // The worker goes on by itself after an error of its connection, but not for ever in vain.
      let errors = 0;
      created.on('active', () => {
        errors = 0;
      });
      created.on('error', (error) => {
        errors += 1;
        if (errors >= MAX_ERRORS) onError(error);
      });
      worker = created;
    },
    async clear() {
      const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed');
      const isEmpty = Object.values(counts).every((count) => count === 0);
      if (isEmpty) return;
      await queue.obliterate({ force: true, count: 1000 });
      await queue.resume();
    },
    async close() {
      await worker?.close();
      await queue.close();
      giveBack();
    },
  };
}

async function handle<K extends JobKind>(
  handlers: JobHandlers,
  kind: K,
  data: unknown,
  signal: AbortSignal,
): Promise<void> {
  await handlers[kind](parseJob(kind, data), signal);
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

/** Errors of a call reach its caller; the event repeats them and must have a listener. */
function ignore(): void {}
