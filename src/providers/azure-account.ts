import { AssayError } from '../errors.ts';
import type { BucketRef } from '../model/object.ts';

/** The halves of a bucket's name, `account/container`. */
export interface AzureName {
  account: string;
  container: string;
}

export function azureName({ name }: Pick<BucketRef, 'name'>): AzureName {
  const slash = name.indexOf('/');
  return { account: name.slice(0, slash), container: name.slice(slash + 1) };
}

export const PUBLIC_MANAGEMENT = 'https://management.azure.com';

/** The clouds of Azure: their blob suffix and where their management API is. */
const CLOUDS = [
  { suffix: /\.blob\.core\.windows\.net$|\.blob\.storage\.azure\.net$/, management: PUBLIC_MANAGEMENT },
  { suffix: /\.blob\.core\.usgovcloudapi\.net$/, management: 'https://management.usgovcloudapi.net' },
  { suffix: /\.blob\.core\.chinacloudapi\.cn$/, management: 'https://management.chinacloudapi.cn' },
] as const;

/** The management API of the cloud that an account URL belongs to; null: the URL is not one of Azure. */
export function managementOf(accountUrl: string): string | null {
  const { hostname } = new URL(accountUrl);
  return CLOUDS.find(({ suffix }) => suffix.test(hostname))?.management ?? null;
}

/** Whether this is the management API of one of Azure's clouds; tokens are made for it then. */
export function isManagement(endpoint: string): boolean {
  return CLOUDS.some(({ management }) => management === endpoint);
}

export function defaultAccountUrl(account: string): string {
  return `https://${account}.blob.core.windows.net`;
}

/** The account URL to use, without a slash at its end. Throws `AssayError` `usage` when it is the URL of another account. */
export function accountUrl(account: string, endpoint: string | null | undefined): string {
  if (endpoint == null) return defaultAccountUrl(account);
  const { hostname, pathname } = new URL(endpoint);
  const path = pathname.split('/').filter((part) => part !== '');
  // An emulator has the account in its path; without one its address is that of all accounts.
  if (path.length === 0 && /^([\d.]+|\[.*\]|localhost)$/.test(hostname))
    return `${endpoint.replace(/\/+$/, '')}/${account}`;
  const named = path.at(-1) ?? (managementOf(endpoint) === null ? account : hostname.split('.')[0]);
  if (named !== account) {
    throw new AssayError(
      'usage',
      `az://${account}: the endpoint ${endpoint} is that of account ${named}; give one for each account`,
    );
  }
  return endpoint.replace(/\/+$/, '');
}
