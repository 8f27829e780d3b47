import { AssayError } from '../errors.ts';
import type { Limits } from '../model/limits.ts';
import { DecodeStop } from './decoder.ts';

/** Small files expand a lot without harm: the ratio is looked at after this much output. */
const RATIO_FROM_BYTES = 100_000_000;

/** What one object may still cost. Counts bytes after each codec, so nested codecs pay for every layer. */
export class Budget {
  readonly limits: Limits;
  private readonly signal: AbortSignal | undefined;
  private readonly deadline: number;
  private readonly storedBytes: number;
  private decoded = 0;
  private held = 0;

  constructor(limits: Limits, storedBytes: number, signal: AbortSignal | undefined) {
    this.limits = limits;
    this.storedBytes = Math.max(1, storedBytes);
    this.signal = signal;
    this.deadline = limits.maxObjectMs > 0 ? performance.now() + limits.maxObjectMs : Number.POSITIVE_INFINITY;
  }

  /** Throws `DecodeStop` when time is over and `AssayError` cancelled when the caller gave up. */
  check(): void {
    if (this.signal?.aborted) {
      throw new AssayError('cancelled', 'decode: cancelled by the caller', { cause: this.signal.reason });
    }
    if (performance.now() > this.deadline) throw new DecodeStop('time-limit');
  }

  /** Takes `bytes` decoded bytes off the budget. */
  spend(bytes: number): void {
    this.check();
    this.decoded += bytes;
    if (this.decoded > this.limits.maxDecodedBytes) throw new DecodeStop('decoded-bytes-limit');
    if (this.decoded > RATIO_FROM_BYTES && this.decoded / this.storedBytes > this.limits.maxRatio) {
      throw new DecodeStop('ratio-limit');
    }
  }

  /** Memory that can still be held. */
  get room(): number {
    return this.limits.maxHeldBytes - this.held;
  }

  /** Counts `bytes` of memory until they are freed. Throws `DecodeStop` when there is not so much left. */
  hold(bytes: number): void {
    if (bytes > this.room) throw new DecodeStop('memory-limit');
    this.held += bytes;
  }

  free(bytes: number): void {
    this.held -= bytes;
  }
}
