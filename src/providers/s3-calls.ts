import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isAssayError } from '../errors.ts';
import { Kept } from './kept.ts';
import { CredentialsMissing, isExpired, nameOf, redirectedRegion, s3Rules } from './s3-errors.ts';
import type { S3Options } from './s3-options.ts';
import { RetryBudget, StoreCalls, type StoreOperation } from './store-calls.ts';

const DEFAULT_REGION = 'us-east-1';
const CONNECT_TIMEOUT_MS = 10_000;
/** The SDK gives its last source, a metadata service, one second; this bounds programs named in a profile. */
const CREDENTIALS_TIMEOUT_MS = 30_000;

/** Every request to S3 goes through here: sockets and regions are its own, the rest is that of every store. */
export class S3Calls extends StoreCalls<S3Options> {
  readonly handler: NodeHttpHandler;
  /** By the URI of the bucket. */
  private readonly regions = new Map<string, string>();
  private readonly clients = new Kept<S3Client>();
  private account: Promise<ServiceConfig> | undefined;

  /** `handler`: the sockets of other calls, which then end with these. */
  constructor(options: S3Options, handler: NodeHttpHandler = newHandler(options)) {
    super(options, s3Rules);
    this.handler = handler;
  }

  /** The client of the bucket's region. Throws when there are no credentials. */
  client(bucket: string): Promise<S3Client> {
    const region = this.regions.get(bucket) ?? '';
    return this.clients.get(region, () => this.createClient(region));
  }

  override retries(operation: StoreOperation, signal: AbortSignal | undefined): RetryBudget {
    return new S3RetryBudget(this, operation, signal);
  }

  /** Where a bucket turned out to be; undefined: no answer has said otherwise than the configuration. */
  regionOf(bucket: string): string | undefined {
    return this.regions.get(bucket);
  }

  /** Later calls on this bucket go to this region. */
  setRegion(bucket: string, region: string): void {
    this.regions.set(bucket, region);
  }

  /** Asks the source of the credentials again, before the time at which they said that they expire. */
  async renewCredentials(): Promise<void> {
    const { credentials } = await this.serviceConfig();
    await inTime(credentials({ forceRefresh: true }));
  }

  override close(): void {
    super.close();
    this.handler.destroy();
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

  protected override async ready(bucket: string): Promise<void> {
    await this.client(bucket);
  }

  /** `region` '': where the configuration says. */
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
}

function newHandler({ maxSockets = 64 }: S3Options): NodeHttpHandler {
  const sockets = { keepAlive: true, maxSockets };
  return new NodeHttpHandler({
    httpAgent: new Agent(sockets),
    httpsAgent: new TlsAgent(sockets),
    connectionTimeout: CONNECT_TIMEOUT_MS,
  });
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

/** Knows the answers after which the same request may do. */
class S3RetryBudget extends RetryBudget {
  private readonly s3: S3Calls;
  private readonly bucket: string;
  private regionWasSet = false;
  private clockWasSet = false;
  private credentialsWereRenewed = false;

  constructor(calls: S3Calls, operation: StoreOperation, signal: AbortSignal | undefined) {
    super(calls, operation, signal);
    this.s3 = calls;
    this.bucket = operation.bucket;
  }

  protected override forget(): void {
    super.forget();
    this.credentialsWereRenewed = false;
  }

  protected override async recovered(error: unknown): Promise<boolean> {
    return this.learnedRegion(error) || this.learnedClock(error) || (await this.renewedCredentials(error));
  }

  /** Once a call: calls under way side by side all hear of the same region. */
  private learnedRegion(error: unknown): boolean {
    const region = redirectedRegion(error);
    if (this.regionWasSet || region === undefined) return false;
    this.regionWasSet = true;
    this.s3.setRegion(this.bucket, region);
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
      await this.s3.renewCredentials();
      return true;
    } catch {
      return false;
    }
  }
}
