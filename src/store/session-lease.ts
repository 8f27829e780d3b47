import { queryFrame, readAnswer } from './wire.ts';

/** Runs one batch on the session and returns its answer. */
export type RunBatch = (batch: Uint8Array) => Uint8Array;

/**
 * Many clients on one database session. A client whose batch leaves a transaction open holds the session until its
 * COMMIT or ROLLBACK; the batches of all others wait, so that nobody's statement falls into another's transaction.
 */
export class SessionLease {
  readonly #run: RunBatch;
  readonly #answer: (client: number, bytes: Uint8Array) => void;
  readonly #clients = new Set<number>();
  readonly #waiting: { client: number; batch: Uint8Array | null }[] = [];
  #holder: number | null = null;

  constructor(run: RunBatch, answer: (client: number, bytes: Uint8Array) => void) {
    this.#run = run;
    this.#answer = answer;
  }

  get isHeld(): boolean {
    return this.#holder !== null;
  }

  /** Queues a batch of a client; null says that the client has left: a transaction it left open is rolled back. */
  push(client: number, batch: Uint8Array | null): void {
    this.#clients.add(client);
    this.#waiting.push({ client, batch });
  }

  /** Runs the next batch that may run. False: nothing can run now. */
  step(): boolean {
    const next = this.#holder === null ? 0 : this.#waiting.findIndex((entry) => entry.client === this.#holder);
    const entry = next < 0 ? undefined : this.#waiting.splice(next, 1)[0];
    if (entry === undefined) return false;
    if (entry.batch === null) this.#leave(entry.client);
    else this.#execute(entry.client, entry.batch);
    return true;
  }

  #execute(client: number, batch: Uint8Array): void {
    const bytes = this.#run(batch);
    const { inTransaction, notifications } = readAnswer(bytes);
    this.#holder = inTransaction ? client : null;
    for (const other of this.#clients) {
      if (other === client) continue;
      // Notifications go to the session, not to a client: every client hears them and picks its own channels.
      for (const notification of notifications) this.#answer(other, notification.slice());
    }
    this.#answer(client, bytes);
  }

  #leave(client: number): void {
    this.#clients.delete(client);
    if (this.#holder !== client) return;
    this.#run(queryFrame('ROLLBACK'));
    this.#holder = null;
  }
}
