import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError } from '../errors.ts';
import type { ProviderCounters } from './s3-options.ts';
import { type FailureKind, IdleTimeout } from './store-errors.ts';
import { createThrottles, Throttle } from './throttle.ts';

const MAX_PAUSE_MS = 20_000;
/** Progress that makes the failures before it forgotten; less would let a trickle of bytes retry for ever. */
const PROGRESS_BYTES = 64 * 1024;

/** What every store lets its user set; see `S3Options` for the defaults. */
export interface StoreOptions {
  maxSockets?: number | undefined;
  idleTimeoutMs?: number | undefined;
  maxRetries?: number | undefined;
  retryBaseMs?: number | undefined;
  rangeBytes?: number | undefined;
  throttles?: SharedArrayBuffer | undefined;
}

/** What was tried, for messages: never a key, which may hold personal data. */
export interface StoreOperation {
  /** `az:GetBlob` */
  name: string;
  /** URI of the bucket. */
  bucket: string;
  permission: string;
  isObject?: boolean;
}

/** How a store says what went wrong. */
export interface FailureRules {
  kindOf(error: unknown): FailureKind;
  toAssayError(error: unknown, operation: StoreOperation): AssayError;
}

/** Every request to a store goes through here: permits, time limits and retries have this one place. */
export class StoreCalls<Options extends StoreOptions = StoreOptions> {
  readonly counters: ProviderCounters = { requests: 0, retries: 0, bytes: 0 };
  readonly idleTimeoutMs: number;
  readonly options: Options;
  readonly rules: FailureRules;
  private readonly maxSockets: number;
  private readonly memory: SharedArrayBuffer;
  private readonly throttles = new Map<string, Throttle>();
  /** Calls that wait for their answer, and bodies that are being read: all that closing has to end. */
  private readonly waiting = new Set<AbortController>();
  private readonly bodies = new Set<Readable>();
  private closed = false;

  constructor(options: Options, rules: FailureRules) {
    this.options = options;
    this.rules = rules;
    this.idleTimeoutMs = options.idleTimeoutMs ?? 30_000;
    this.maxSockets = options.maxSockets ?? 64;
    this.memory = options.throttles ?? createThrottles();
  }

  /** One call with its retries. Throws `AssayError`. */
  async send<T>(
    operation: StoreOperation,
    signal: AbortSignal | undefined,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.retried(operation, signal, () => this.once(operation.bucket, signal, send));
  }

  /** As often as `RetryBudget` lets it. Throws `AssayError`. */
  async retried<T>(operation: StoreOperation, signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
    const retries = this.retries(operation, signal);
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        await retries.failed(error);
      }
    }
  }

  retries(operation: StoreOperation, signal: AbortSignal | undefined): RetryBudget {
    return new RetryBudget(this, operation, signal);
  }

  /** One try. Throws what the SDK throws; `RetryBudget` decides what becomes of it. */
  async once<T>(
    bucket: string,
    signal: AbortSignal | undefined,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    await this.ready(bucket);
    const throttle = this.throttle(bucket);
    await throttle.acquire(signal);
    // Not `AbortSignal.any`: what listens to it would stay with signals that live as long as the process.
    const call = new AbortController();
    const abort = (): void => call.abort();
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      abort();
    }, this.idleTimeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    this.waiting.add(call);
    if (this.closed || signal?.aborted === true) abort();
    this.counters.requests += 1;
    try {
      const answer = await send(call.signal);
      throttle.accepted();
      return answer;
    } catch (error) {
      if (isSilent) throw new IdleTimeout(this.idleTimeoutMs);
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.waiting.delete(call);
      throttle.release();
    }
  }

  /** What may take longer than an answer, such as finding credentials, is done before the time limit runs. */
  protected async ready(_bucket: string): Promise<void> {}

  /** Closing ends it too, until it is released. */
  hold(body: Readable): void {
    if (this.closed) body.destroy();
    this.bodies.add(body);
  }

  release(body: Readable): void {
    this.bodies.delete(body);
    body.destroy();
  }

  throttle(bucket: string): Throttle {
    let throttle = this.throttles.get(bucket);
    if (throttle === undefined) {
      throttle = new Throttle(this.memory, bucket, this.maxSockets);
      this.throttles.set(bucket, throttle);
    }
    return throttle;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  close(): void {
    this.closed = true;
    for (const call of this.waiting) call.abort();
    for (const body of this.bodies) body.destroy();
  }
}

/** Bounds the tries of one call, or of one body read in pieces. */
export class RetryBudget {
  private failures = 0;
  private progressBytes = 0;
  private readonly calls: StoreCalls;
  private readonly operation: StoreOperation;
  private readonly signal: AbortSignal | undefined;

  constructor(calls: StoreCalls, operation: StoreOperation, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.operation = operation;
    this.signal = signal;
  }

  progress(bytes: number): void {
    this.progressBytes += bytes;
    if (this.progressBytes >= PROGRESS_BYTES) this.forget();
  }

  /** What failed before no longer counts. */
  protected forget(): void {
    this.failures = 0;
    this.progressBytes = 0;
  }

  /** Whether what went wrong was put right, so that the next try is not one of the counted ones. */
  protected async recovered(_error: unknown): Promise<boolean> {
    return false;
  }

  /** Returns when it is time for the next try. Throws `AssayError` when there is none. */
  async failed(error: unknown): Promise<void> {
    const { calls, operation, signal } = this;
    if (signal?.aborted === true || calls.isClosed) throw cancelled(operation);
    if (await this.recovered(error)) return;
    const kind = calls.rules.kindOf(error);
    if (kind === 'slow-down') calls.throttle(operation.bucket).refused();
    const { maxRetries = 8, retryBaseMs = 100 } = calls.options;
    if (kind === 'final' || this.failures >= maxRetries) throw calls.rules.toAssayError(error, operation);
    const ceiling = Math.min(MAX_PAUSE_MS, retryBaseMs * 2 ** this.failures);
    this.failures += 1;
    calls.counters.retries += 1;
    try {
      await sleep(Math.random() * ceiling, undefined, signal === undefined ? {} : { signal });
    } catch {
      throw cancelled(operation);
    }
  }
}

function cancelled({ name, bucket }: StoreOperation): AssayError {
  return new AssayError('cancelled', `${name} on ${bucket} was cancelled`, { operation: name });
}
