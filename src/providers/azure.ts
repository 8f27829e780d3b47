import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { AzureEvidence } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import { AzureCalls } from './azure-calls.ts';
import { listContainers } from './azure-containers.ts';
import type { AzureAccess } from './azure-credentials.ts';
import { collectAzureExposure } from './azure-exposure.ts';
import { listContainer } from './azure-listing.ts';
import type { AzureOptions } from './azure-options.ts';
import { openBlob, unaddressableKey } from './azure-source.ts';
import { listStorageAccounts } from './azure-subscriptions.ts';
import type { AccountRef, ListingPage, Provider } from './provider.ts';
import type { ProviderCounters } from './s3-options.ts';

/** Azure Blob Storage, with flat and hierarchical namespaces, and emulators of it. */
export class AzureProvider implements Provider {
  private readonly calls: AzureCalls;

  constructor(options: AzureOptions) {
    this.calls = new AzureCalls(options);
  }

  get counters(): Readonly<ProviderCounters> {
    return this.calls.counters;
  }

  /** Requests that may be under way to this bucket now. */
  limitOf(bucket: BucketRef): number {
    return this.calls.throttle(bucket.uri).limit;
  }

  /** In the order of the store: of an account with a hierarchical namespace, folder by folder. */
  listObjects(target: Target, cursor: string | null, signal?: AbortSignal): AsyncIterable<ListingPage> {
    return listContainer(this.calls, target, cursor, signal);
  }

  /** Makes no request: the first read asks for the listed version and throws what `Provider.openObject` names. */
  async openObject(object: ObjectRef, signal?: AbortSignal): Promise<ByteSource> {
    if (object.storageClass !== undefined) {
      throw new AssayError(
        'archived-tier',
        `az:GetBlob on ${object.bucket.uri}: the object must be rehydrated from its archive`,
      );
    }
    if (object.key === '' || !object.key.isWellFormed()) throw unaddressableKey(object);
    return openBlob(this.calls, object, signal);
  }

  collectExposure(bucket: BucketRef): Promise<AzureEvidence> {
    return collectAzureExposure(this.calls, bucket);
  }

  listBuckets(account: string, signal?: AbortSignal): AsyncIterable<BucketRef[]> {
    return listContainers(this.calls, account.replace(/\/$/, ''), signal);
  }

  /** All storage accounts of all subscriptions ('' as the name); an account is one itself. */
  async *listAccounts(name: string): AsyncGenerator<AccountRef> {
    const account = name.replace(/\/$/, '');
    if (account !== '') {
      yield { account, uri: `az://${account}` };
      return;
    }
    for await (const found of listStorageAccounts(this.calls.options)) {
      if (found.place !== undefined) this.calls.places.set(found.account, found.place);
      yield found;
    }
  }

  /** Where the account of a container is, and by what it is reached. Throws `AssayError` `bad-credentials`. */
  async access(bucket: BucketRef): Promise<Pick<AzureAccess, 'kind' | 'url'>> {
    await this.calls.operation('az:ListBlobs', bucket);
    return (await this.calls.account(bucket)).access;
  }

  async close(): Promise<void> {
    this.calls.close();
  }
}
