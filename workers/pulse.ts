/**
 * Says whether a thread still takes turns: while it scans it counts up once a second in memory that the main thread sees.
 * Waiting for a store does not stop a thread's timers, an endless loop does.
 */
export type Pulse = Int32Array<SharedArrayBuffer>;

const BEAT_MS = 1000;
const LATE_MS = 10 * BEAT_MS;

export function createPulse(): Pulse {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** In the thread: beats until the work has ended. */
export async function withPulse<T>(pulse: Pulse, work: () => Promise<T>): Promise<T> {
  Atomics.add(pulse, 0, 1);
  const timer = setInterval(() => Atomics.add(pulse, 0, 1), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * In the main thread: a signal that aborts when the pulse has stood still for `stallMs`, 0 for never. Before the first
 * beat the work waits for a thread, and that may take any time. `stop` ends the watch.
 */
export function watchPulse(pulse: Pulse, stallMs: number): { signal: AbortSignal; stop(): void } {
  const stalled = new AbortController();
  if (stallMs === 0) return { signal: stalled.signal, stop: () => {} };
  let last = 0;
  let since = performance.now();
  let looked = since;
  const timer = setInterval(
    () => {
      const beats = Atomics.load(pulse, 0);
      const now = performance.now();
      // When this thread was late itself, the process or the machine has slept.
      if (beats !== last || beats === 0 || now - looked > LATE_MS) {
        last = beats;
        since = now;
      } else if (now - since > stallMs) stalled.abort();
      looked = now;
    },
    Math.min(BEAT_MS, stallMs),
  );
  return { signal: stalled.signal, stop: () => clearInterval(timer) };
}
