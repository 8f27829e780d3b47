import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import { keyMatcher } from './key-matcher.ts';
import type { ListingPage } from './provider.ts';
import type { S3Calls } from './s3-calls.ts';
import { decodeKey, listingFailed, pageOf, pageRequest, toObject } from './s3-listing.ts';
import { LIST_VERSIONS_PERMISSION } from './s3-permissions.ts';
import { earlierName, plainEtag } from './s3-source.ts';

const CALL = 's3:ListObjectVersions';

/** Where the next page begins: behind this version of this key. */
type Marker = [key: string, versionId: string];

/**
 * Every version of every object: the current one under the same name as in a plain listing, so that it is not read again
 * for the sake of the others. Delete markers hold nothing.
 */
export async function* listVersions(
  calls: S3Calls,
  target: Target,
  cursor: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListingPage> {
  const { bucket } = target;
  const matches = keyMatcher(target.glob);
  let from = cursor === null ? null : markerOf(cursor, bucket);
  for (let page = 1; ; page += 1) {
    const answer = await fetchPage(calls, target, from, page, signal);
    const next = nextMarker(answer, from, bucket);
    const objects = objectsOf(answer, bucket);
    yield {
      objects: target.glob === undefined ? objects : objects.filter(({ key }) => matches(key)),
      cursor: next === null ? null : JSON.stringify(next),
    };
    if (next === null) return;
    from = next;
  }
}

function markerOf(cursor: string, bucket: BucketRef): Marker {
  try {
    const marker: unknown = JSON.parse(cursor);
    if (Array.isArray(marker) && marker.length === 2) return marker as Marker;
  } catch {}
  throw listingFailed(bucket, 'the stored cursor is not one of this listing', CALL);
}

function fetchPage(
  calls: S3Calls,
  target: Target,
  from: Marker | null,
  page: number,
  signal: AbortSignal | undefined,
): Promise<ListObjectVersionsCommandOutput> {
  const { uri } = target.bucket;
  const operation = { name: CALL, bucket: uri, permission: LIST_VERSIONS_PERMISSION };
  const request = {
    ...pageRequest(calls, target),
    ...(from === null ? {} : { KeyMarker: from[0] }),
    ...(from === null || from[1] === '' ? {} : { VersionIdMarker: from[1] }),
  };
  return pageOf(calls, target.bucket, operation, page, () =>
    calls.send(operation, signal, async (abortSignal) =>
      (await calls.client(uri)).send(new ListObjectVersionsCommand(request), { abortSignal }),
    ),
  );
}

function objectsOf(
  { Versions: versions = [], EncodingType: encoding }: ListObjectVersionsCommandOutput,
  bucket: BucketRef,
): ObjectRef[] {
  return versions.map((entry) => {
    const object = toObject(bucket, entry, decodeKey(entry.Key, encoding, bucket));
    if (entry.IsLatest === true || entry.VersionId === undefined) return object;
    return { ...object, version: earlierName(entry.VersionId, plainEtag(entry.ETag)) };
  });
}

function nextMarker(answer: ListObjectVersionsCommandOutput, before: Marker | null, bucket: BucketRef): Marker | null {
  const { IsTruncated: isTruncated, NextKeyMarker: key, NextVersionIdMarker: versionId = '' } = answer;
  if (isTruncated !== true) return null;
  if (key === undefined || key === '')
    throw listingFailed(bucket, 'a page is not the last but names no next one', CALL);
  const next: Marker = [decodeKey(key, answer.EncodingType, bucket), versionId];
  if (before !== null && next[0] === before[0] && next[1] === before[1]) {
    throw listingFailed(bucket, 'a page names itself as the next one', CALL);
  }
  return next;
}
