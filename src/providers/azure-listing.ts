import type { BlobItem, ContainerClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { AssayError } from '../errors.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import type { AzureCalls } from './azure-calls.ts';
import { blobVersion } from './azure-version.ts';
import { keyMatcher } from './key-matcher.ts';
import type { ListingPage } from './provider.ts';
import { pageError } from './store-errors.ts';

const PAGE_SIZE = 5000;
const CALL = 'az:ListBlobs';

/** All pages of a target, or an `AssayError`: a page that fails for good ends the listing loudly. */
export async function* listContainer(
  calls: AzureCalls,
  target: Target,
  cursor: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListingPage> {
  const { bucket } = target;
  const matches = keyMatcher(target.glob);
  let marker = cursor;
  for (let page = 1; ; page += 1) {
    const answer = await fetchPage(calls, target, marker, page, signal);
    const items = answer.segment.blobItems;
    const keys = namesOf(answer, bucket);
    const next = answer.continuationToken || null;
    if (next !== null && next === marker) throw listingFailed(bucket, 'a page names itself as the next one');
    const objects = items.map((item, index) => toObject(bucket, item, keys[index] ?? ''));
    yield {
      objects: target.glob === undefined ? objects : objects.filter(({ key }) => matches(key)),
      cursor: next,
    };
    if (next === null) return;
    marker = next;
  }
}

type Page = ContainerListBlobFlatSegmentResponse;

async function fetchPage(
  calls: AzureCalls,
  { bucket, prefix }: Target,
  marker: string | null,
  page: number,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const { pageSize = PAGE_SIZE, versions = false } = calls.options;
  const operation = await calls.operation(CALL, bucket);
  try {
    return await calls.send(operation, signal, async (abortSignal) => {
      const container: ContainerClient = (await calls.account(bucket)).container(bucket);
      const pages = container
        .listBlobsFlat({
          abortSignal,
          ...(prefix === '' ? {} : { prefix }),
          includeVersions: versions,
          includeSnapshots: versions,
        })
        .byPage({ maxPageSize: pageSize, ...(marker === null ? {} : { continuationToken: marker }) });
      const { value } = await pages.next();
      return value as Page;
    });
  } catch (error) {
    throw pageError(error, CALL, page);
  }
}

/** Names as stored. The SDK's parser leaves numeric references such as `&#xD;` as they are: those pages are read again here. */
function namesOf({ segment, _response: response }: Page, bucket: BucketRef): string[] {
  const names = segment.blobItems.map(({ name }) => name);
  const text = response.bodyAsText ?? '';
  if (!text.includes('&#')) return names;
  const written = [...text.matchAll(/<Blob>\s*<Name(?: Encoded="(\w+)")?>([^<]*)<\/Name>/g)];
  if (written.length !== names.length) {
    throw listingFailed(bucket, `a page of ${names.length} blobs holds ${written.length} names`);
  }
  return names.map((name, index) => {
    const [, encoded, raw = ''] = written[index] ?? [];
    return encoded === 'true' || !raw.includes('&#') ? name : unescapeXml(raw);
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g, (_whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? '';
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

function toObject(bucket: BucketRef, item: BlobItem, key: string): ObjectRef {
  const { contentLength, lastModified, accessTier } = item.properties;
  if (contentLength === undefined) throw listingFailed(bucket, 'an entry has no size');
  const isArchived = accessTier === 'Archive';
  return {
    bucket,
    key,
    version: blobVersion(item),
    byteLength: contentLength,
    lastModified: lastModified?.toISOString() ?? '',
    ...(isArchived ? { storageClass: accessTier, skip: 'archived-tier' } : {}),
  };
}

function listingFailed(bucket: BucketRef, reason: string): AssayError {
  return new AssayError('listing-failed', `${CALL} on ${bucket.uri}: ${reason}`, { operation: CALL });
}
