import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AssayError, isAssayError } from '../errors.ts';
import {
  CredentialsMissing,
  failureKind,
  IdleTimeout,
  isExpired,
  nameOf,
  redirectedRegion,
  type S3Operation,
  toAssayError,
} from './s3-errors.ts';
import type { ProviderCounters, S3Options } from './s3-options.ts';
import { createThrottles, Throttle } from './throttle.ts';

const DEFAULT_REGION = 'us-east-1';
const CONNECT_TIMEOUT_MS = 10_000;
/** The SDK gives its last source, a metadata service, one second; this bounds programs named in a profile. */
const CREDENTIALS_TIMEOUT_MS = 30_000;
const MAX_PAUSE_MS = 20_000;
/** Progress that makes the failures before it forgotten; less would let a trickle of bytes retry for ever. */
const PROGRESS_BYTES = 64 * 1024;

type Send<T> = (client: S3Client, abortSignal: AbortSignal) => Promise<T>;

/** Every request to S3 goes through here: sockets, permits, time limits, regions and retries have this one place. */
export class S3Calls {
  readonly counters: ProviderCounters = { requests: 0, retries: 0, bytes: 0 };
  readonly idleTimeoutMs: number;
  readonly options: S3Options;
  readonly handler: NodeHttpHandler;
  private readonly maxSockets: number;
  private readonly memory: SharedArrayBuffer;
  private readonly throttles = new Map<string, Throttle>();
  private readonly regions = new Map<string, string>();
  private readonly clients = new Map<string, Promise<S3Client>>();
  private account: Promise<ServiceConfig> | undefined;

  constructor(options: S3Options) {
    this.options = options;
    this.idleTimeoutMs = options.idleTimeoutMs ?? 30_000;
    this.maxSockets = options.maxSockets ?? 64;
    this.memory = options.throttles ?? createThrottles();
    const sockets = { keepAlive: true, maxSockets: this.maxSockets };
    this.handler = new NodeHttpHandler({
      httpAgent: new Agent(sockets),
      httpsAgent: new TlsAgent(sockets),
      connectionTimeout: CONNECT_TIMEOUT_MS,
    });
  }

  /** One call with its retries. Throws `AssayError`. */
  async send<T>(operation: S3Operation, signal: AbortSignal | undefined, send: Send<T>): Promise<T> {
    const retries = new RetryBudget(this, operation, signal);
    for (;;) {
      try {
        return await this.once(operation.bucket, signal, send);
      } catch (error) {
        await retries.failed(error);
      }
    }
  }

  /** One try. Throws what the SDK throws; `RetryBudget` decides what becomes of it. */
  async once<T>(bucket: string, signal: AbortSignal | undefined, send: Send<T>): Promise<T> {
    const throttle = this.throttle(bucket);
    const client = await this.client(this.regions.get(bucket) ?? '');
    await throttle.acquire(signal);
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.idleTimeoutMs);
    this.counters.requests += 1;
    try {
      const abort = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
      const answer = await send(client, abort);
      throttle.accepted();
      return answer;
    } catch (error) {
      if (silence.signal.aborted) throw new IdleTimeout(this.idleTimeoutMs);
      throw error;
    } finally {
      clearTimeout(timer);
      throttle.release();
    }
  }

  /** Where a bucket turned out to be; undefined: no answer has said otherwise than the configuration. */
  regionOf(bucket: string): string | undefined {
    return this.regions.get(bucket);
  }

  /** Later calls on this bucket go to this region. */
  setRegion(bucket: string, region: string): void {
    this.regions.set(bucket, region);
  }

  throttle(bucket: string): Throttle {
    let throttle = this.throttles.get(bucket);
    if (throttle === undefined) {
      throttle = new Throttle(this.memory, bucket, this.maxSockets);
      this.throttles.set(bucket, throttle);
    }
    return throttle;
  }

  /** Asks the source of the credentials again, before the time at which they said that they expire. */
  async renewCredentials(): Promise<void> {
    const { credentials } = await this.serviceConfig();
    await inTime(credentials({ forceRefresh: true }));
  }

  close(): void {
    this.handler.destroy();
  }

  /** `region` '': where the configuration says. */
  private client(region: string): Promise<S3Client> {
    let client = this.clients.get(region);
    if (client === undefined) {
      client = this.createClient(region);
      client.catch(() => this.clients.delete(region));
      this.clients.set(region, client);
    }
    return client;
  }

  private async createClient(region: string): Promise<S3Client> {
    const { endpoint } = this.options;
    return new S3Client({
      ...(await this.serviceConfig()),
      ...(region === '' ? {} : { region }),
      ...(endpoint == null ? {} : { endpoint, forcePathStyle: true }),
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** What the clients of all services share. Retries live here and not in the SDK. Throws when there are no credentials. */
  serviceConfig(): Promise<ServiceConfig> {
    this.account ??= resolveAccount(this.options).then((account) => ({
      ...account,
      maxAttempts: 1,
      requestHandler: this.handler,
    }));
    return this.account;
  }
}

interface ServiceConfig {
  region: string;
  credentials: (options?: { forceRefresh?: boolean }) => ReturnType<S3Client['config']['credentials']>;
  maxAttempts: 1;
  requestHandler: NodeHttpHandler;
}

/** The SDK's own search for region and credentials, once for all clients. */
async function resolveAccount(options: S3Options): Promise<Pick<ServiceConfig, 'region' | 'credentials'>> {
  const { config } = new S3Client({
    ...(options.region == null ? {} : { region: options.region }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  const region = await config.region().catch(() => DEFAULT_REGION);
  const { credentials } = config;
  await inTime(credentials());
  return { region, credentials };
}

async function inTime(credentials: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no credentials in time')), CREDENTIALS_TIMEOUT_MS);
  });
  try {
    await Promise.race([credentials, timeout]);
  } catch (error) {
    // A role that cannot be assumed says more.
    throw isAssayError(error) ? error : new CredentialsMissing();
  } finally {
    clearTimeout(timer);
  }
}

/** Bounds the tries of one call, or of one body read in pieces. */
export class RetryBudget {
  private failures = 0;
  private progressBytes = 0;
  private regionWasSet = false;
  private clockWasSet = false;
  private credentialsWereRenewed = false;
  private readonly calls: S3Calls;
  private readonly operation: S3Operation;
  private readonly signal: AbortSignal | undefined;

  constructor(calls: S3Calls, operation: S3Operation, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.operation = operation;
    this.signal = signal;
  }

  progress(bytes: number): void {
    this.progressBytes += bytes;
    if (this.progressBytes < PROGRESS_BYTES) return;
    this.failures = 0;
    this.credentialsWereRenewed = false;
    this.progressBytes = 0;
  }

  /** Returns when it is time for the next try. Throws `AssayError` when there is none. */
  async failed(error: unknown): Promise<void> {
    const { calls, operation, signal } = this;
    if (signal?.aborted === true) throw cancelled(operation);
    if (this.learnedRegion(error) || this.learnedClock(error) || (await this.renewedCredentials(error))) return;
    const kind = failureKind(error);
    if (kind === 'slow-down') calls.throttle(operation.bucket).refused();
    if (kind === 'final' || this.failures >= (calls.options.maxRetries ?? 8)) throw toAssayError(error, operation);
    const ceiling = Math.min(MAX_PAUSE_MS, (calls.options.retryBaseMs ?? 100) * 2 ** this.failures);
    this.failures += 1;
    calls.counters.retries += 1;
    try {
      await sleep(Math.random() * ceiling, undefined, signal === undefined ? {} : { signal });
    } catch {
      throw cancelled(operation);
    }
  }

  /** Once a call: calls under way side by side all hear of the same region. */
  private learnedRegion(error: unknown): boolean {
    const region = redirectedRegion(error);
    if (this.regionWasSet || region === undefined) return false;
    this.regionWasSet = true;
    this.calls.setRegion(this.operation.bucket, region);
    return true;
  }

  /** The SDK takes the store's clock from such an answer; one more try then succeeds. */
  private learnedClock(error: unknown): boolean {
    if (this.clockWasSet || nameOf(error) !== 'RequestTimeTooSkewed') return false;
    this.clockWasSet = true;
    return true;
  }

  /** Once without progress: what is revoked stays revoked. */
  private async renewedCredentials(error: unknown): Promise<boolean> {
    if (this.credentialsWereRenewed || !isExpired(error)) return false;
    this.credentialsWereRenewed = true;
    try {
      await this.calls.renewCredentials();
      return true;
    } catch {
      return false;
    }
  }
}

function cancelled(operation: S3Operation): AssayError {
  return new AssayError('cancelled', `${operation.name} on s3://${operation.bucket} was cancelled`, {
    operation: operation.name,
  });
}
