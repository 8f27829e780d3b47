import type { StoreOptions } from './store-calls.ts';

/** How to reach Google Cloud Storage. Everything may be absent or null; secrets are read from where Google's own programs keep them. */
export interface GcsOptions extends StoreOptions {
  /** URL of the store instead of Google's; without TLS it is an emulator and gets no credentials. */
  endpoint?: string | null;
  /** Project that pays for requests, where the bucket's readers pay. */
  userProject?: string | null;
  /** Asks without credentials, for buckets that are public. */
  anonymous?: boolean | null;
  /** Where to ask for what lies above the bucket instead of at Google; a custom endpoint is asked only when it has one of these. */
  managementEndpoint?: string | null;
  /** Lists noncurrent generations too. */
  versions?: boolean;
  /** Objects of one listing call; default 1,000, the most there is. */
  pageSize?: number;
  /** Instead of the application default credentials: an access token for each request. */
  token?: () => Promise<string>;
}
