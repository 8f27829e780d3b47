import type { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { Evidence } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import type { AzureAccountPlace } from './azure-options.ts';

/** One page of a listing. `cursor` continues after it; null on the last page. */
export interface ListingPage {
  objects: ObjectRef[];
  cursor: string | null;
}

/** An account or project that a target such as `az://` stands for. */
export interface AccountRef {
  /** What `listBuckets` takes. */
  account: string;
  /** Its address in reports. */
  uri: string;
  /** Where it is, when the store has said so: for the providers that read from it. */
  place?: AzureAccountPlace;
  /** A part of what was asked for that could not be listed, and why: there is no `account` then. */
  lost?: AssayError;
}

/** The port to a storage system. One instance serves one process or thread; clients are made on first use. */
export interface Provider {
  /**
   * Every object of the target in ascending key order (UTF-8 bytes), page by page, from `cursor` on (null: from the start).
   * Pages through everything or throws `AssayError`; never ends early in silence.
   */
  listObjects(target: Target, cursor: string | null, signal?: AbortSignal): AsyncIterable<ListingPage>;
  /** Opens exactly the version in `object`. Throws `AssayError`: object-changed, not-found, access-denied, archived-tier, network, unaddressable-key. */
  openObject(object: ObjectRef, signal?: AbortSignal): Promise<ByteSource>;
  /**
   * Facts about who can reach the bucket; where the store can tell, who can reach these parts of it. A refused call is a
   * value in the answer, not an error.
   */
  collectExposure(bucket: BucketRef, targets?: readonly Target[]): Promise<Evidence>;
  /**
   * Every bucket that the identity can see, page by page: of the storage account or project with this name, on S3 of the
   * role's account ('' for its own). Throws `AssayError`. Absent where there are no accounts.
   */
  listBuckets?(account: string, signal?: AbortSignal): AsyncIterable<BucketRef[]>;
  /**
   * Every account or project that this name of a target stands for: those of the organisation, the subscriptions or the
   * folder. Throws `AssayError` when nothing of it can be asked. Absent where there are none.
   */
  listAccounts?(name: string, signal?: AbortSignal): AsyncIterable<AccountRef>;
  /** Where a bucket is, as far as an answer or the configuration has said it. */
  regionOf?(bucket: BucketRef): string | null;
  /** Ends sockets. */
  close(): Promise<void>;
}
