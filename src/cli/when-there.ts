import { setTimeout as sleep } from 'node:timers/promises';
import { isAssayError } from '../errors.ts';
import { isPassing } from '../store/patient-ledger.ts';

const PAUSE_MS = 2000;
/** A server that stays away is told of again. */
const TELL_MS = 60_000;

/** For a program that outlives its servers, also when it starts before them. */
export interface Waiting {
  /** Ends the waiting: the next failure is thrown. */
  signal: AbortSignal;
  tell(fields: Record<string, unknown>, message: string): void;
}

/** What `open` gives, once its server is there. Throws what no later try would mend. */
export async function whenThere<T>(server: string, open: () => Promise<T>, { signal, tell }: Waiting): Promise<T> {
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (signal.aborted || !isAssayError(error) || !isPassing(error.cause)) throw error;
      if (performance.now() - toldAt >= TELL_MS) {
        toldAt = performance.now();
        tell({ code: (error.cause as { code?: unknown }).code ?? null }, `${server} is away and waited for`);
      }
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
