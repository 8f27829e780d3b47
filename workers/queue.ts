import type { Queue as BullQueue, Worker as BullWorker, ConnectionOptions } from 'bullmq';
import type { PgPoolLike } from '../src/store/embedded.ts';
import { isJobKind, type JobKind, type JobOf, jobId, parseJob } from './jobs.ts';
import { onPool, onPostgres } from './queue-postgres.ts';

/** Where the queue lives: in the ledger's own database, for one process, or on a server that a fleet shares. */
export type QueueConnection = { pool: PgPoolLike } | { url: string };

export interface QueueOptions {
  /** Jobs of one name are taken by those alone that open it. */
  name?: string;
  /** A worker that is silent this long has lost its jobs to others. */
  lockMs?: number;
}

/** BullMQ's classes on one of its backends, and what they are to be connected to. */
export interface QueueBackend {
  Queue: typeof BullQueue;
  Worker: typeof BullWorker;
  /** For one queue and its worker; `giveBack` ends what they have left behind. */
  lend(): { connection: ConnectionOptions; giveBack(): void };
  /** Throws when the server does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type JobHandlers = { [K in JobKind]: (job: JobOf<K>, signal: AbortSignal) => Promise<void> };

export interface JobQueue {
  /** Adds jobs; one that is waiting or running already is not added again. */
  add<K extends JobKind>(kind: K, jobs: JobOf<K>[]): Promise<void>;
  /**
   * Starts to take jobs, listings and exposure first, then the oldest. A job is acknowledged when its handler has returned; its signal aborts when
   * its lock is lost. `onError`: a handler has thrown, or the queue cannot be used.
   */
  work(handlers: JobHandlers, concurrency: number, onError: (error: unknown) => void): void;
  /** Drops every job, also those a killed process had taken. Only for a queue that no other process uses. */
  clear(): Promise<void>;
  /** Drops every job and all that the server keeps for the queue: nobody needs it any more. */
  drop(): Promise<void>;
  /** Stops taking jobs and waits for the running ones; jobs can still be added. */
  stop(): Promise<void>;
  /** Stops and leaves. */
  close(): Promise<void>;
}

/** The queues on one server, over connections that they share. */
export interface QueueServer {
  open(options: QueueOptions): JobQueue;
  /** Throws when the server does not answer. */
  ping(): Promise<void>;
  /** Queues are closed before. */
  close(): Promise<void>;
}

/** One queue for all kinds: each further one costs a short scan some 20 statements. */
const NAME = 'assay';
const LOCK_MS = 30_000;
/** After an error of the connection. */
const RETRY_MS = 1000;
const MAX_ERRORS = 5;
const ADD_AT_ONCE = 500;
/** A finished job leaves no trace: the ledger knows, and its id must be free for the reconciler. */
const FORGET = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };

/** @throws AssayError `config` for a server that would lose jobs, `state-unusable` for one that does not answer */
export async function connectQueues(url: string): Promise<QueueServer> {
  const backend = await openBackend({ url });
  return {
    open: (options) => queueOn(backend, options),
    ping: () => backend.ping(),
    close: () => backend.close(),
  };
}

/** One queue with a connection of its own. @throws as `connectQueues` */
export async function openQueue(connection: QueueConnection, options: QueueOptions = {}): Promise<JobQueue> {
  const backend = await openBackend(connection);
  const queue = queueOn(backend, options);
  return {
    ...queue,
    async close() {
      await queue.close();
      await backend.close();
    },
  };
}

function queueOn(backend: QueueBackend, { name: queueName = NAME, lockMs = LOCK_MS }: QueueOptions): JobQueue {
  const { connection, giveBack } = backend.lend();
  const queue = new backend.Queue(queueName, {
    connection,
    defaultJobOptions: { attempts: 1, ...FORGET },
    streams: { events: { maxLen: 100 } },
    skipMetasUpdate: true,
  });
  queue.on('error', ignore);
  let worker: BullWorker | undefined;

  return {
    async add(kind, jobs) {
      for (let at = 0; at < jobs.length; at += ADD_AT_ONCE) {
        const batch = jobs.slice(at, at + ADD_AT_ONCE);
        const entries = batch.map((job) => ({
          name: kind,
          data: parseJob(kind, job),
          // What makes work for others goes before what waits.
          opts: { jobId: jobId(kind, job), lifo: kind !== 'shard' },
        }));
        const [first] = entries;
        // The statement for many takes an embedded database four times as long as that for one.
        if (entries.length === 1 && first !== undefined) await queue.add(first.name, first.data, first.opts);
        else await queue.addBulk(entries);
      }
    },
    work(handlers, concurrency, onError) {
      const created = new backend.Worker(
        queueName,
        async ({ name, data }, _token, signal = new AbortController().signal) => {
          if (isJobKind(name)) await handle(handlers, name, data, signal);
        },
        {
          connection,
          concurrency,
          lockDuration: lockMs,
          stalledInterval: lockMs,
          runRetryDelay: RETRY_MS,
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
    async drop() {
      await queue.obliterate({ force: true, count: 1000 });
    },
    async stop() {
      await worker?.close();
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

async function openBackend(connection: QueueConnection): Promise<QueueBackend> {
  if ('pool' in connection) return await onPool(connection.pool);
  if (!connection.url.startsWith('redis')) return await onPostgres(connection.url);
  // Most scans need no Redis client.
  const { onRedis } = await import('./queue-redis.ts');
  return await onRedis(connection.url);
}

/** Errors of a call reach its caller; the event repeats them and must have a listener. */
function ignore(): void {}
