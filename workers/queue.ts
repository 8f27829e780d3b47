import { createPostgresBackend, type PgPool, runMigrations, withBackend } from 'bullmq';
import { type JobKind, type JobOf, jobId, parseJob } from './jobs.ts';

/** Where the queue lives: the ledger's own embedded database. */
export interface QueueConnection {
  pool: PgPool;
}

export type JobHandlers = { [K in JobKind]: (job: JobOf<K>, signal: AbortSignal) => Promise<void> };

export interface JobQueue {
  /** Adds jobs; one that is waiting or running already is not added again. */
  add<K extends JobKind>(kind: K, jobs: JobOf<K>[]): Promise<void>;
  /** Starts to take jobs. A job is acknowledged when its handler has returned; its signal aborts when its lock is lost. */
  work(handlers: JobHandlers, concurrency: Record<JobKind, number>, onError: (error: unknown) => void): void;
  /** Drops every job, also those a killed process had taken. Only for a queue that no other process uses. */
  clear(): Promise<void>;
  /** Stops taking jobs, waits for the running ones and leaves. */
  close(): Promise<void>;
}

const KINDS = ['list', 'shard', 'posture'] as const satisfies readonly JobKind[];
const LOCK_MS = 30_000;
const MAX_ERRORS = 5;
const ADD_AT_ONCE = 500;
/** A finished job leaves no trace: the ledger knows, and its id must be free for the reconciler. */
const FORGET = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };

const { Queue, Worker } = withBackend(createPostgresBackend);

export async function openQueue(connection: QueueConnection): Promise<JobQueue> {
  const { pool } = connection;
  await migrate(pool);
  const queues = Object.fromEntries(
    KINDS.map((kind) => {
      const queue = new Queue(`assay-${kind}`, {
        connection: pool,
        defaultJobOptions: { attempts: 1, ...FORGET },
        streams: { events: { maxLen: 100 } },
        skipMetasUpdate: true,
      });
      queue.on('error', ignore);
      return [kind, queue];
    }),
  ) as Record<JobKind, InstanceType<typeof Queue>>;
  const workers: InstanceType<typeof Worker>[] = [];

  function startWorker<K extends JobKind>(
    kind: K,
    handler: JobHandlers[K],
    concurrency: number,
    onError: (error: unknown) => void,
  ): void {
    const worker = new Worker(
      `assay-${kind}`,
      async (job, _token, signal) => {
        await handler(parseJob(kind, job.data), signal ?? new AbortController().signal);
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
    worker.on('lockRenewalFailed', (ids: string[]) => {
      for (const id of ids) worker.cancelJob(id, 'the lock of the job was lost');
    });
    worker.on('failed', (_job, error) => onError(error));
    // The worker goes on by itself after an error of its connection, but not for ever in vain.
    let errors = 0;
    worker.on('active', () => {
      errors = 0;
    });
    worker.on('error', (error) => {
      errors += 1;
      if (errors >= MAX_ERRORS) onError(error);
    });
    workers.push(worker);
  }

  return {
    async add(kind, jobs) {
      for (let at = 0; at < jobs.length; at += ADD_AT_ONCE) {
        const batch = jobs.slice(at, at + ADD_AT_ONCE);
        await queues[kind].addBulk(
          batch.map((job) => ({ name: kind, data: parseJob(kind, job), opts: { jobId: jobId(kind, job) } })),
        );
      }
    },
    work(handlers, concurrency, onError) {
      for (const kind of KINDS) startWorker(kind, handlers[kind], concurrency[kind], onError);
    },
    async clear() {
      for (const kind of KINDS) await queues[kind].obliterate({ force: true, count: 1000 });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(KINDS.map((kind) => queues[kind].close()));
    },
  };
}

async function migrate(pool: PgPool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}

/** Errors of a call reach its caller; the event repeats them and must have a listener. */
function ignore(): void {}
