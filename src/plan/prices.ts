import type { Transfer } from '../model/budget.ts';
import type { ProviderName } from '../model/object.ts';

/** US dollars for one request and for one byte; the dearest step where a price falls with the amount. */
export interface Prices {
  list: number;
  read: number;
  byte: Record<Transfer, number>;
}

/** When the vendors' pages said so, and which. Standard storage classes, no discounts, no taxes, nothing for retrieval. */
export const PRICES_AS_OF = '2025-06';
export const PRICE_SOURCES: readonly string[] = [
  'https://aws.amazon.com/s3/pricing/',
  'https://azure.microsoft.com/pricing/details/storage/blobs/',
  'https://cloud.google.com/storage/pricing',
];

const FREE: Prices = prices(0, 0, 0, 0);

/** By the beginning of a region's name; '' is every other one and the one that is not known. */
const TABLE: Partial<Record<string, Record<string, Prices>>> = {
  'aws-s3': {
    '': prices(5, 0.4, 0.09, 0.02),
    'us-west-1': prices(5.5, 0.44, 0.09, 0.02),
    'eu-': prices(5.4, 0.43, 0.09, 0.02),
    'ap-': prices(5.5, 0.44, 0.126, 0.1),
    'sa-': prices(7, 0.56, 0.15, 0.138),
    'me-': prices(5.5, 0.44, 0.117, 0.1105),
    'af-': prices(6, 0.5, 0.154, 0.147),
  },
  'azure-blob': { '': prices(5.5, 0.44, 0.087, 0.02) },
  gcs: {
    '': prices(5, 0.4, 0.12, 0.02),
    'asia-': prices(5, 0.4, 0.12, 0.08),
    'australia-': prices(5, 0.4, 0.19, 0.15),
  },
};

/** Per million requests and per gigabyte (10^9 bytes), as the pages have it. */
function prices(listPerMillion: number, readPerMillion: number, internetPerGb: number, otherPerGb: number): Prices {
  return {
    list: listPerMillion / 1e6,
    read: readPerMillion / 1e6,
    byte: { 'same-region': 0, 'other-region': otherPerGb / 1e9, internet: internetPerGb / 1e9 },
  };
}

/** What of the configuration says whether a store is the vendor's own. */
export interface Endpoints {
  endpoint?: string | null;
  azure?: { endpoint?: string | null };
  gcs?: { endpoint?: string | null };
}

/** What a store takes. Nothing is known of stores at an endpoint of their own, and a disk is free. */
export function pricesOf(provider: ProviderName, region: string | null, endpoints: Endpoints): Prices {
  const regions = TABLE[provider];
  if (regions === undefined || !isPriced(provider, endpoints)) return FREE;
  const names = Object.keys(regions).filter((name) => (region ?? '').startsWith(name));
  const [best = ''] = names.sort((a, b) => b.length - a.length);
  return regions[best] ?? FREE;
}

export function isPriced(provider: ProviderName, { endpoint, azure, gcs }: Endpoints): boolean {
  if (provider === 'aws-s3') return endpoint == null;
  if (provider === 'azure-blob') return isVendor(azure?.endpoint, /\.blob\.core\.windows\.net\/?$/);
  return provider !== 'gcs' || isVendor(gcs?.endpoint, /\.googleapis\.com\/?$/);
}

function isVendor(endpoint: string | null | undefined, own: RegExp): boolean {
  return endpoint == null || own.test(endpoint);
}
