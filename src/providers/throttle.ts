import { setTimeout as sleep } from 'node:timers/promises';

/** Words of one slot: requests in flight, limit × 1000 (0: never used), time of the last cut. */
const SLOT_WORDS = 3;
const SLOTS = 64;
const [IN_FLIGHT, LIMIT, LAST_CUT] = [0, 1, 2] as const;
const SCALE = 1000;
/** One burst of refusals is one cut: requests already under way then do not cut again. */
const CUT_INTERVAL_MS = 1000;
const POLL_MS = 10;
/** A thread that dies holds its permits for ever; nobody waits longer than this for them. */
const MAX_WAIT_MS = 15_000;

/** Memory of the throttles of all buckets, to be shared by the threads of a process. */
export function createThrottles(): SharedArrayBuffer {
  return new SharedArrayBuffer(SLOTS * SLOT_WORDS * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Additive increase, multiplicative decrease of the requests in flight to one bucket: a refusal (503 SlowDown, 429)
 * halves the limit, as many answers as the limit add one. A permit is held until the response's head has come, so a
 * reader that holds a body open can make further requests.
 */
export class Throttle {
  private readonly words: Int32Array;
  private readonly maximum: number;

  /** Buckets share a slot when their names hash alike; they then slow down together. */
  constructor(memory: SharedArrayBuffer, bucket: string, maximum: number) {
    this.words = new Int32Array(memory, slotOf(bucket) * SLOT_WORDS * Int32Array.BYTES_PER_ELEMENT, SLOT_WORDS);
    this.maximum = maximum * SCALE;
    Atomics.compareExchange(this.words, LIMIT, 0, this.maximum);
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return Math.max(1, Math.floor(Atomics.load(this.words, LIMIT) / SCALE));
  }

  /** Waits for a permit. Throws the signal's reason. */
  async acquire(signal: AbortSignal | undefined): Promise<void> {
    const deadline = performance.now() + MAX_WAIT_MS;
    for (;;) {
      signal?.throwIfAborted();
      const inFlight = Atomics.load(this.words, IN_FLIGHT);
      if (inFlight < this.limit || performance.now() > deadline) {
        if (Atomics.compareExchange(this.words, IN_FLIGHT, inFlight, inFlight + 1) === inFlight) return;
      } else {
        await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
      }
    }
  }

  release(): void {
    Atomics.sub(this.words, IN_FLIGHT, 1);
  }

  accepted(): void {
    const limit = Atomics.load(this.words, LIMIT);
    if (limit >= this.maximum) return;
    const raised = Math.min(this.maximum, limit + Math.ceil((SCALE * SCALE) / limit));
    Atomics.compareExchange(this.words, LIMIT, limit, raised);
  }

  refused(): void {
    // 32 bits of the clock, compared with wrap-around.
    const now = Date.now() | 0;
    const last = Atomics.load(this.words, LAST_CUT);
    const since = (now - last) | 0;
    if (last !== 0 && since >= 0 && since < CUT_INTERVAL_MS) return;
    if (Atomics.compareExchange(this.words, LAST_CUT, last, now) !== last) return;
    const limit = Atomics.load(this.words, LIMIT);
    Atomics.compareExchange(this.words, LIMIT, limit, Math.max(SCALE, limit >> 1));
  }
}

function slotOf(bucket: string): number {
  let hash = 0;
  for (let at = 0; at < bucket.length; at += 1) hash = (Math.imul(hash, 31) + bucket.charCodeAt(at)) >>> 0;
  return hash % SLOTS;
}
