import type { TokenCredential } from '@azure/identity';
import type { StoreOptions } from './store-calls.ts';

/** How to reach Azure Blob Storage. Everything may be absent or null; secrets are read from the environment alone. */
export interface AzureOptions extends StoreOptions {
  /** URL of the account's blob service; absent: `https://ACCOUNT.blob.core.windows.net`. An emulator has the account as its path. */
  endpoint?: string | null;
  /** Subscription of the accounts; without it nothing above the container can be asked. */
  subscription?: string | null;
  /** Subscriptions whose accounts `az://` means; none: all that the identity sees. */
  subscriptions?: readonly string[];
  /** What discovery learnt of accounts, by their names; no credentials. */
  accounts?: Readonly<Record<string, AzureAccountPlace>>;
  /** Where to ask for it instead of Azure's own management API; a custom endpoint is asked only when it has one of these. */
  managementEndpoint?: string | null;
  /** Lists snapshots and earlier versions too. */
  versions?: boolean;
  /** Blobs of one listing call; default 5,000, the most there is. */
  pageSize?: number;
  /** Where the connection string, key or SAS are; default the environment of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Instead of the default chain of Entra credentials. */
  credential?: TokenCredential;
}

/** Where one account is. */
export interface AzureAccountPlace {
  /** Of the resource: `/subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/NAME`. */
  id: string;
  /** Its blob service; null: where accounts usually are. */
  url: string | null;
}
