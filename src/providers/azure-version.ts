import type { BlobItem } from '@azure/storage-blob';

/** Mark versions of an object that are not its current state; that one is known by its ETag. */
export const VERSION = 'version:';
export const SNAPSHOT = 'snapshot:';

export function blobVersion({ snapshot, versionId, isCurrentVersion, properties }: BlobItem): string {
  if (snapshot !== undefined && snapshot !== '') return SNAPSHOT + snapshot;
  if (versionId !== undefined && isCurrentVersion !== true) return VERSION + versionId;
  return plainEtag(properties.etag);
}

/** Listings have it without quotes, answers with them. */
export function plainEtag(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}
