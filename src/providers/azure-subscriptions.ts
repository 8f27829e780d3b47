import { AssayError, isAssayError } from '../errors.ts';
import { managementOf, PUBLIC_MANAGEMENT } from './azure-account.ts';
import { isPrivate, ManagementApi, STORAGE_VERSION } from './azure-management-api.ts';
import type { AzureOptions } from './azure-options.ts';
import { DISCOVERY_CALLS } from './azure-permissions.ts';
import type { AccountRef } from './provider.ts';

const SUBSCRIPTIONS_VERSION = '2022-12-01';
/** More than for facts: a subscription that is not listed is not scanned. The listing is limited to 100 in five minutes. */
const TRIES = 10;

interface SubscriptionItem {
  subscriptionId?: string;
  state?: string;
}
interface AccountItem {
  id?: string;
  name?: string;
  properties?: { primaryEndpoints?: { blob?: string } | null };
}

/**
 * Every storage account of the configured subscriptions, else of all that the identity sees. A subscription that cannot be
 * asked is one lost account. Throws `AssayError` when the subscriptions cannot be listed.
 */
export async function* listStorageAccounts(options: AzureOptions): AsyncGenerator<AccountRef> {
  const endpoint = managementEndpoint(options);
  const api = new ManagementApi(endpoint, options, TRIES);
  const { subscriptions: configured = [] } = options;
  for (const subscription of configured.length > 0 ? configured : await listSubscriptions(api)) {
    const uri = `az://?subscription=${subscription}`;
    const path = `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.Storage/storageAccounts`;
    try {
      const items = await api.require(DISCOVERY_CALLS.accounts, `subscription ${subscription}`, () =>
        api.pages<AccountItem>(path, STORAGE_VERSION),
      );
      // Accounts for files alone have no blob service.
      const accounts = items.filter(({ properties }) => properties?.primaryEndpoints?.blob !== undefined);
      yield* accounts.map((item) => foundAccount(item, subscription, options.managementEndpoint != null));
    } catch (error) {
      if (!isAssayError(error) || error.code === 'bad-credentials') throw error;
      yield { account: '', uri, lost: error };
    }
  }
}

/** Throws `AssayError` `usage`: an emulator has no subscriptions. */
function managementEndpoint({ endpoint, managementEndpoint: given }: AzureOptions): string {
  const management = given ?? (endpoint == null ? PUBLIC_MANAGEMENT : managementOf(endpoint));
  if (management === null) {
    throw new AssayError(
      'usage',
      `target az://: ${endpoint} is no endpoint of Azure, which alone has subscriptions; name the account, az://ACCOUNT, or give --azure-management-endpoint`,
    );
  }
  if (!isPrivate(management)) {
    throw new AssayError(
      'usage',
      `target az://: the management endpoint ${management} must be https, for tokens go to it`,
    );
  }
  return management;
}

async function listSubscriptions(api: ManagementApi): Promise<string[]> {
  const { subscriptions: call } = DISCOVERY_CALLS;
  const items = await api.require(call, 'the tenant', () =>
    api.pages<SubscriptionItem>('/subscriptions', SUBSCRIPTIONS_VERSION),
  );
  const ids = items
    .filter(({ state }) => state !== 'Deleted')
    .map(({ subscriptionId }) => {
      if (subscriptionId !== undefined) return subscriptionId;
      throw new AssayError('listing-failed', `${call.call}: an entry has no id`, { operation: call.call });
    });
  if (ids.length === 0) {
    throw new AssayError(
      'access-denied',
      `${call.call}: the identity sees no subscription; assign it the role of docs/permissions.md`,
      {
        operation: call.call,
        permission: call.permission,
      },
    );
  }
  return [...new Set(ids)];
}

/** The blob service is where Azure says it is, so long as that is Azure: credentials go there. */
function foundAccount({ id, name, properties }: AccountItem, subscription: string, isCustom: boolean): AccountRef {
  const { call } = DISCOVERY_CALLS.accounts;
  if (id === undefined || !/^[a-z0-9]{3,24}$/.test(name ?? '')) {
    throw new AssayError('listing-failed', `${call} of subscription ${subscription}: an entry has no id or name`, {
      operation: call,
    });
  }
  const blob = URL.parse(properties?.primaryEndpoints?.blob ?? '');
  const isAzure =
    blob?.protocol === 'https:' && blob.hostname.startsWith(`${name}.`) && managementOf(blob.href) !== null;
  const url = blob !== null && (isAzure || isCustom) ? blob.href.replace(/\/+$/, '') : null;
  return { account: name ?? '', uri: `az://${name}`, place: { id, url } };
}
