import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { SessionLease } from './session-lease.ts';
import { queryFrame, startupFrame } from './wire.ts';

/**
 * The thread that owns the embedded database: single statements take it up to 170 ms, and nothing else may wait for
 * them. It answers wire protocol batches of many clients on the one session PGlite has.
 */
export interface ThreadData {
  searchPath: string;
}
export type ToThread =
  /** `program`: PGlite's WebAssembly module. */
  | { kind: 'open'; dataDir: string; program: object }
  | { kind: 'batch'; client: number; bytes: Uint8Array }
  | { kind: 'leave'; client: number }
  | { kind: 'close' };
export type FromThread =
  | { kind: 'ready'; greeting: Uint8Array }
  | { kind: 'failed'; message: string }
  | { kind: 'answer'; client: number; bytes: Uint8Array }
  | { kind: 'closed' };

/**
 * A single-user session has neither a checkpointer nor an autovacuum: without these its log and its dead rows grow
 * for as long as a scan runs. Due after so many bytes or batches received.
 */
const UPKEEP_BYTES = 24 * 1024 * 1024;
const UPKEEP_BATCHES = 50_000;

const { searchPath } = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error('pglite-thread.ts runs in a worker thread');
const send = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

let database: PGlite | null = null;
let bytesSinceUpkeep = 0;
let batchesSinceUpkeep = 0;
let isScheduled = false;

function run(batch: Uint8Array): Uint8Array {
  if (database === null) throw new Error('the embedded database is not open');
  return database.execProtocolRawSync(batch);
}

const lease = new SessionLease(run, (client, bytes) => {
  send({ kind: 'answer', client, bytes }, bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []);
});

function upkeep(): void {
  if (bytesSinceUpkeep < UPKEEP_BYTES && batchesSinceUpkeep < UPKEEP_BATCHES) return;
  bytesSinceUpkeep = 0;
  batchesSinceUpkeep = 0;
  run(queryFrame('VACUUM (ANALYZE)'));
  run(queryFrame('CHECKPOINT'));
}

/** One batch a turn of the event loop, so that answers leave while the next batch runs. */
function work(): void {
  isScheduled = false;
  if (!lease.step()) return;
  if (!lease.isHeld) upkeep();
  schedule();
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(work);
}

async function open(dataDir: string, program: object): Promise<void> {
  const opened = await PGlite.create({ dataDir, pgliteWasmModule: program as never });
  const greeting = opened.execProtocolRawSync(startupFrame('postgres', 'postgres')).slice();
  await opened.exec(`SET search_path TO ${searchPath}`);
  database = opened;
  send({ kind: 'ready', greeting });
}

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'open':
      open(message.dataDir, message.program).catch((error: unknown) =>
        send({ kind: 'failed', message: String(error) }),
      );
      return;
    case 'batch':
      bytesSinceUpkeep += message.bytes.length;
      batchesSinceUpkeep += 1;
      lease.push(message.client, message.bytes);
      return schedule();
    case 'leave':
      lease.push(message.client, null);
      return schedule();
    case 'close':
      while (lease.step());
      (database?.close() ?? Promise.resolve()).finally(() => {
        send({ kind: 'closed' });
        port.close();
      });
  }
});
