import { BlobClient, BlobServiceClient, ContainerClient, newPipeline, type Pipeline } from '@azure/storage-blob';
import type { BucketRef } from '../model/object.ts';
import { azureName } from './azure-account.ts';
import { type AzureAccess, azureAccess } from './azure-credentials.ts';
import { azureRules } from './azure-errors.ts';
import { type Above, collectAbove } from './azure-management.ts';
import type { AzureAccountPlace, AzureOptions } from './azure-options.ts';
import { AZURE_CALLS, type AzureCall } from './azure-permissions.ts';
import { Kept } from './kept.ts';
import { StoreCalls, type StoreOperation } from './store-calls.ts';

const FRESH_MS = 60_000;

/** Clients of the SDK, one chain of policies an account. Retries live in `StoreCalls` and not in the SDK. */
export class AzureCalls extends StoreCalls<AzureOptions> {
  /** What discovery learnt of accounts, by their names. */
  readonly places: Map<string, AzureAccountPlace>;
  private readonly accounts = new Kept<AccountClients>();
  private readonly aboves = new Map<string, { askedAt: number; facts: Promise<Above> }>();

  constructor(options: AzureOptions) {
    super(options, azureRules);
    this.places = new Map(Object.entries(options.accounts ?? {}));
  }

  /** Throws `CredentialsMissing` and `AssayError`. */
  account(bucket: BucketRef): Promise<AccountClients> {
    const { account } = azureName(bucket);
    return this.accounts.get(account, async () => {
      const place = this.places.get(account);
      const endpoint = place?.url ?? this.options.endpoint ?? null;
      return new AccountClients(await azureAccess(account, { ...this.options, endpoint }, place !== undefined));
    });
  }

  /** Facts of the account, asked once for all of its containers that are looked at within a minute. */
  above(account: string, endpoint: string | null): Promise<Above> {
    const asked = this.aboves.get(account);
    if (asked !== undefined && performance.now() - asked.askedAt < FRESH_MS) return asked.facts;
    const facts = collectAbove(account, endpoint, this.options, this.places.get(account)?.id);
    this.aboves.set(account, { askedAt: performance.now(), facts });
    return facts;
  }

  /** The call as messages name it, with what it takes. Throws `AssayError` when there are no usable credentials. */
  async operation(name: AzureCall, bucket: BucketRef, isObject = false): Promise<StoreOperation> {
    const { permission, sas } = AZURE_CALLS[name];
    const operation = { name, bucket: bucket.uri, permission, isObject };
    try {
      const { kind } = (await this.account(bucket)).access;
      if (kind === 'entra') return operation;
      return { ...operation, permission: kind === 'sas' ? sas : 'a valid account key' };
    } catch (error) {
      throw azureRules.toAssayError(error, operation);
    }
  }
}

export class AccountClients {
  readonly access: AzureAccess;
  readonly pipeline: Pipeline;

  constructor(access: AzureAccess) {
    this.access = access;
    this.pipeline = newPipeline(access.credential, { retryOptions: { maxTries: 1 } });
  }

  service(): BlobServiceClient {
    return new BlobServiceClient(this.urlOf(''), this.pipeline);
  }

  container(bucket: BucketRef): ContainerClient {
    return new ContainerClient(this.urlOf(encodeURIComponent(azureName(bucket).container)), this.pipeline);
  }

  /** Null when no URL leads to a blob of this name. */
  blob(bucket: BucketRef, key: string): BlobClient | null {
    // A lone surrogate has no UTF-8 form to ask for.
    if (key === '' || !key.isWellFormed()) return null;
    const container = encodeURIComponent(azureName(bucket).container);
    // URLs lose the segments `.` and `..`, also when written %2E; within one segment they stay.
    const hasDots = key.split('/').some((part) => part === '.' || part === '..');
    const name = hasDots ? encodeURIComponent(key) : key.split('/').map(encodeURIComponent).join('/');
    const url = this.urlOf(`${container}/${name}`);
    const folder = new URL(this.urlOf(`${container}/`)).pathname;
    if (decodeURIComponent(new URL(url).pathname.slice(folder.length)) !== key) return null;
    return new BlobClient(url, this.pipeline);
  }

  private urlOf(path: string): string {
    const { url, sas } = this.access;
    return `${url}/${path}${sas === '' ? '' : `?${sas}`}`;
  }
}
