import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenLedger } from './ledger.ts';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2000;
/** SQLSTATE: connection exceptions, shutdown, crash, starting up, too many connections; and those of the socket. */
const PASSING = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

export interface Patience {
  /** How long one call tries. */
  patienceMs: number;
  /** Ends the patience: the next failure is thrown. */
  signal: AbortSignal;
}

/**
 * The same ledger for a process that outlives its database server: a call that loses its connection is made again, which
 * changes nothing, since every call may be repeated. Reading results and closing are as they were.
 */
export function patientLedger(ledger: OpenLedger, { patienceMs, signal }: Patience): OpenLedger {
  const isImpatient = new Set(['results', 'close']);
  const wrapped = Object.entries(ledger).map(([name, member]) => {
    if (typeof member !== 'function' || isImpatient.has(name)) return [name, member];
    const call = member as (...args: unknown[]) => Promise<unknown>;
    return [name, (...args: unknown[]) => patiently(() => call(...args), patienceMs, signal)];
  });
  return Object.fromEntries(wrapped) as OpenLedger;
}

async function patiently<T>(call: () => Promise<T>, patienceMs: number, signal: AbortSignal): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || signal.aborted || performance.now() > until) throw error;
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }
}

/** A connection was lost or cannot be made just now. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return PASSING.test(error.code);
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
    error.message,
  );
}
