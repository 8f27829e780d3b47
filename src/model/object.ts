import type { SkippedReason } from './outcome.ts';

/** The storage systems Assay reads. */
export type ProviderName = 'aws-s3' | 'azure-blob' | 'gcs' | 'filesystem';

/**
 * One bucket (or local folder tree). `uri` is its name in reports: `s3://name`, `az://account/container` or
 * `file:///absolute/path`. `name` is what the provider's calls take: on Azure `account/container`, of a folder its absolute path.
 */
export interface BucketRef {
  provider: ProviderName;
  uri: string;
  name: string;
}

/** What the user asked for: a bucket and the part of it. `prefix` is '' for all; `key` names one single object. */
export interface Target {
  /** As the user wrote it. */
  text: string;
  bucket: BucketRef;
  prefix: string;
  /** Every bucket of an account or a project is meant: discovery puts them in its place. `bucket.name` is the account. */
  every?: true;
  /** Why discovery could not list what this target stands for. */
  lost?: { code: string; message: string };
  /** A glob over keys, for local globs such as `data/*.jsonl`; absent means every key under `prefix`. */
  glob?: string;
}

/**
 * One immutable version of one object: the natural key is (bucket, key, version).
 * `version` is the versionId, else the ETag, else the generation; for a file device, inode, size, mtime and ctime in ns.
 */
export interface ObjectRef {
  bucket: BucketRef;
  key: string;
  version: string;
  byteLength: number;
  /** RFC 3339, or '' when the provider does not say. */
  lastModified: string;
  /** Provider's storage class when it is not the standard one; a class that must be restored first is not read. */
  storageClass?: string;
  /** The listing knows that it cannot be read: it ends as `skipped:…` and is not opened. The ledger keeps the outcome instead. */
  skip?: SkippedReason;
}

/** The address of an object in reports: the bucket's URI, a slash, the key as stored (keys are never normalised). */
export function objectUri(bucket: BucketRef, key: string): string {
  return `${bucket.uri}/${key}`;
}
