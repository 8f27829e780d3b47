import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { AssayError } from '../errors.ts';
import { type PgliteSocket, PgliteSocket as Socket, type ThreadLink } from './pglite-socket.ts';
import type { FromThread, ThreadData, ToThread } from './pglite-thread.ts';
import { lockState } from './state-lock.ts';
import { copyTemplate, type TemplateStep } from './template.ts';

/** A real `pg.Pool`, on the embedded database or on a server: what Kysely and BullMQ's PostgreSQL backend take. */
export type PgPoolLike = pg.Pool;

/** The embedded database of a state directory, held by this process alone until `close`. */
export interface Embedded {
  /** All its clients share one session; one with an open transaction holds the session, the others wait for it. */
  pool: PgPoolLike;
  close(): Promise<void>;
}

/**
 * BullMQ looks its tables up by the search path of the session (its DEFAULT_SCHEMA); the ledger names its own schema
 * in every statement.
 */
export const SEARCH_PATH = 'bullmq, public';

/**
 * Opens the database in `stateDir`, which is made when absent. A fresh database comes with the tables of `step` too.
 * When the call returns, its program is compiled.
 * @throws AssayError `state-locked` when another process has it open, `state-unusable` when it cannot be opened
 */
export async function openEmbedded(stateDir: string, step?: TemplateStep): Promise<Embedded> {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AssayError('state-unusable', `The state directory ${stateDir} cannot be made.`, { cause: error });
  }
  const lock = lockState(stateDir);
  const thread = new DatabaseThread();
  try {
    const dataDir = join(stateDir, 'pgdata');
    // The thread loads PGlite while the files are copied.
    if (!existsSync(dataDir)) await copyTemplate(dataDir, step);
    await thread.open(dataDir);
  } catch (error) {
    await thread.close();
    lock.release();
    if (error instanceof AssayError) throw error;
    throw new AssayError(
      'state-unusable',
      `The embedded database in ${stateDir} cannot be opened. Its files may be of another version or damaged: move the directory away to start anew.`,
      { cause: error },
    );
  }
  const pool = new pg.Pool({
    stream: () => new Socket(thread) as never,
    user: 'postgres',
    database: 'postgres',
    host: 'embedded',
    password: '',
    ssl: false,
    keepAlive: true, // BullMQ asks; a socket to a thread does not drop in silence
    max: 64,
    idleTimeoutMillis: 0,
  });
  pool.on('error', () => {}); // every query in flight and every later one fails with the reason
  let closing: Promise<void> | null = null;
  return {
    pool,
    close() {
      closing ??= (async () => {
        if (!pool.ended) await pool.end();
        await thread.close();
        lock.release();
      })();
      return closing;
    },
  };
}

const THREAD_FILE = import.meta.url.endsWith('.ts') ? './pglite-thread.ts' : './pglite-thread.js';

/** Node has no types for it. */
const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
  .WebAssembly;

/**
 * PGlite's module. Compiled here and not in its thread, so that it is done before a thread that scans begins: those
 * change flags of the compiler for their own modules (`decode/kernel.ts`).
 */
function compileDatabase(): object {
  return new Module(readFileSync(new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'))));
}

class DatabaseThread implements ThreadLink {
  readonly #worker: Worker;
  readonly #sockets = new Map<number, PgliteSocket>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #program: object;
  #greeting: Uint8Array | null = null;
  #failure: Error | null = null;
  #nextClient = 1;

  constructor() {
    this.#worker = new Worker(new URL(THREAD_FILE, import.meta.url), {
      name: 'assay-database',
      workerData: { searchPath: SEARCH_PATH } satisfies ThreadData,
      execArgv: [],
    });
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => {
      this.#fail(new Error('the embedded database has ended'));
      this.#closed.resolve();
    });
    this.#opened.promise.catch(() => {}); // `open` may not have been called yet
    this.#program = compileDatabase();
  }

  open(dataDir: string): Promise<void> {
    this.#post({ kind: 'open', dataDir, program: this.#program });
    return this.#opened.promise;
  }

  async close(): Promise<void> {
    this.#post({ kind: 'close' });
    await this.#closed.promise;
  }

  greeting(): Uint8Array {
    return this.#greeting ?? new Uint8Array();
  }

  attach(socket: PgliteSocket): number {
    if (this.#failure !== null) throw this.#failure;
    const client = this.#nextClient++;
    this.#sockets.set(client, socket);
    return client;
  }

  detach(client: number): void {
    this.#sockets.delete(client);
    this.#post({ kind: 'leave', client });
  }

  send(client: number, batch: Buffer): void {
    this.#post({ kind: 'batch', client, bytes: batch });
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'ready':
        this.#greeting = message.greeting;
        this.#opened.resolve();
        return;
      case 'failed':
        this.#fail(new Error(message.message));
        return;
      case 'answer':
        this.#sockets.get(message.client)?.receive(message.bytes);
        return;
      case 'closed':
        return;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#opened.reject(this.#failure);
    for (const socket of this.#sockets.values()) socket.destroy(this.#failure);
  }
}
