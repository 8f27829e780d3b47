import { AssayError } from '../errors.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import type { GcsCalls } from './gcs-calls.ts';
import { keyMatcher } from './key-matcher.ts';
import type { ListingPage } from './provider.ts';
import { pageError } from './store-errors.ts';

const PAGE_SIZE = 1000;
export const LIST_CALL = 'storage.objects.list';

interface Page {
  items?: Item[];
  nextPageToken?: string;
}
interface Item {
  name?: string;
  generation?: string;
  size?: string;
  updated?: string;
  storageClass?: string;
}

/** All pages of a target, or an `AssayError`: a page that fails for good ends the listing loudly. */
export async function* listGcsBucket(
  calls: GcsCalls,
  target: Target,
  cursor: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListingPage> {
  const { bucket, prefix } = target;
  const matches = keyMatcher(target.glob);
  let token = cursor;
  for (let page = 1; ; page += 1) {
    const { items = [], nextPageToken } = await fetchPage(calls, bucket, prefix, token, page, signal);
    const next = nextPageToken || null;
    if (next !== null && next === token) throw listingFailed(bucket, 'a page names itself as the next one');
    const objects = items.map((item) => toObject(bucket, item));
    yield { objects: target.glob === undefined ? objects : objects.filter(({ key }) => matches(key)), cursor: next };
    if (next === null) return;
    token = next;
  }
}

async function fetchPage(
  calls: GcsCalls,
  bucket: BucketRef,
  prefix: string,
  token: string | null,
  page: number,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const url = calls.url(bucket, '/o', {
    maxResults: calls.options.pageSize ?? PAGE_SIZE,
    prefix,
    pageToken: token,
    versions: calls.options.versions === true ? true : null,
    fields: 'nextPageToken,items(name,generation,size,updated)',
  });
  try {
    return await calls.json<Page>({ name: LIST_CALL, bucket: bucket.uri, permission: LIST_CALL }, url, signal);
  } catch (error) {
    throw pageError(error, LIST_CALL, page);
  }
}

/** Every storage class can be read at once, ARCHIVE too. */
function toObject(bucket: BucketRef, { name, generation, size, updated }: Item): ObjectRef {
  const byteLength = Number(size);
  if (name === undefined || !/^\d+$/.test(generation ?? '') || !Number.isSafeInteger(byteLength)) {
    throw listingFailed(bucket, 'an entry has no name, generation or size');
  }
  return { bucket, key: name, version: generation as string, byteLength, lastModified: updated ?? '' };
}

function listingFailed(bucket: BucketRef, reason: string): AssayError {
  return new AssayError('listing-failed', `${LIST_CALL} on ${bucket.uri}: ${reason}`, { operation: LIST_CALL });
}
