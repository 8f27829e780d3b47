import type { Readable } from 'node:stream';
import { IdleTimeout } from './store-errors.ts';

/**
 * Chunks of a response body. While a chunk is awaited, `idleTimeoutMs` without one destroys the body and throws
 * `IdleTimeout`; time the consumer takes does not count. An aborted signal destroys it as well.
 */
export async function* watchBody(
  body: Readable,
  idleTimeoutMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const abort = () => body.destroy(new Error('aborted'));
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const chunks = body[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  // A thread busy for long runs its late timers before it looks at its sockets: give those one turn.
  const onIdle = () => {
    timer = setTimeout(() => body.destroy(new IdleTimeout(idleTimeoutMs)), 1);
  };
  try {
    for (;;) {
      timer = setTimeout(onIdle, idleTimeoutMs);
      const next = await chunks.next();
      clearTimeout(timer);
      if (next.done === true) return;
      yield next.value as Buffer;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Whether a response has come whole: read to its end, its connection serves the next request. */
export function hasCome(body: Readable): boolean {
  return 'complete' in body && body.complete === true;
}
