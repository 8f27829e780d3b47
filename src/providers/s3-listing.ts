import {
  type _Object,
  HeadBucketCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { AssayError, isAssayError } from '../errors.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import { keyMatcher } from './key-matcher.ts';
import type { ListingPage } from './provider.ts';
import type { S3Calls } from './s3-calls.ts';
import { plainEtag, timeVersion } from './s3-source.ts';
import type { StoreOperation } from './store-calls.ts';
import { pageError } from './store-errors.ts';

const CALL = 's3:ListObjectsV2';
const PAGE_SIZE = 1000;
/** Classes whose objects must be restored before they can be read. GLACIER_IR is read like any other. */
const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);
/** Cursors that name a key survive any server; a token is kept where the key is in doubt. */
const AFTER = 'after:';
const TOKEN = 'token:';

/** All pages of a target, or an `AssayError`: a page that fails for good ends the listing loudly. */
export async function* listBucket(
  calls: S3Calls,
  target: Target,
  cursor: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListingPage> {
  const { bucket } = target;
  const matches = keyMatcher(target.glob);
  let from = startOf(cursor, bucket);
  for (let page = 1; ; page += 1) {
    const answer = await fetchPage(calls, target, from, page, signal);
    const keys = decodeKeys(answer, bucket);
    const next = nextToken(answer, from.ContinuationToken, bucket);
    const objects = (answer.Contents ?? []).map((entry, index) => toObject(bucket, entry, keys[index] ?? ''));
    yield {
      objects: target.glob === undefined ? objects : objects.filter(({ key }) => matches(key)),
      cursor: next === null ? null : cursorAfter(keys, next),
    };
    if (next === null) return;
    from = { ContinuationToken: next };
  }
}

interface PageStart {
  StartAfter?: string;
  ContinuationToken?: string;
}

function startOf(cursor: string | null, bucket: BucketRef): PageStart {
  if (cursor === null) return {};
  if (cursor.startsWith(AFTER)) return { StartAfter: cursor.slice(AFTER.length) };
  if (cursor.startsWith(TOKEN)) return { ContinuationToken: cursor.slice(TOKEN.length) };
  throw listingFailed(bucket, 'the stored cursor is not one of this provider');
}

async function fetchPage(
  calls: S3Calls,
  target: Target,
  from: PageStart,
  page: number,
  signal: AbortSignal | undefined,
): Promise<ListObjectsV2CommandOutput> {
  const { uri } = target.bucket;
  const operation = { name: CALL, bucket: uri, permission: 's3:ListBucket' };
  const request = { ...pageRequest(calls, target), ...from };
  return pageOf(calls, target.bucket, operation, page, () =>
    calls.send(operation, signal, async (abortSignal) =>
      (await calls.client(uri)).send(new ListObjectsV2Command(request), { abortSignal }),
    ),
  );
}

/** What every listing call takes. */
export function pageRequest({ options }: S3Calls, { bucket, prefix }: Target) {
  const { expectedBucketOwner, requesterPays, pageSize } = options;
  return {
    Bucket: bucket.name,
    MaxKeys: pageSize ?? PAGE_SIZE,
    // XML has no way to write most control characters.
    EncodingType: 'url',
    ...(prefix === '' ? {} : { Prefix: prefix }),
    ...(expectedBucketOwner == null ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
    ...(requesterPays === true ? { RequestPayer: 'requester' as const } : {}),
  } as const;
}

/** The page that `send` gets. Throws `AssayError` that says what was wrong with the whole listing. */
export async function pageOf<T>(
  calls: S3Calls,
  bucket: BucketRef,
  operation: StoreOperation,
  page: number,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (isAssayError(error) && error.code === 'access-denied') throw await wrongOwner(calls, bucket, error);
    throw pageError(error, operation.name, page);
  }
}

/** S3 says "access denied" for a bucket of another owner too; without the expectation it would have answered. */
async function wrongOwner(calls: S3Calls, { name, uri }: BucketRef, error: AssayError): Promise<AssayError> {
  const { expectedBucketOwner } = calls.options;
  if (expectedBucketOwner == null) return error;
  const operation = { name: 's3:HeadBucket', bucket: uri, permission: 's3:ListBucket' };
  try {
    await calls.send(operation, undefined, async (abortSignal) =>
      (await calls.client(uri)).send(new HeadBucketCommand({ Bucket: name }), { abortSignal }),
    );
  } catch {
    return error;
  }
  const call = error.operation ?? CALL;
  const message = `${call} on ${uri}: the bucket does not belong to account ${expectedBucketOwner}`;
  return new AssayError('wrong-owner', message, { cause: error, operation: call });
}

/** Keys as stored. `EncodingType` in the request is a wish: only an answer that names it is encoded. */
function decodeKeys(answer: ListObjectsV2CommandOutput, bucket: BucketRef): string[] {
  const entries = answer.Contents ?? [];
  if (answer.KeyCount !== undefined && answer.KeyCount !== entries.length + (answer.CommonPrefixes?.length ?? 0)) {
    throw listingFailed(bucket, `a page announced ${answer.KeyCount} keys and held ${entries.length}`);
  }
  return entries.map(({ Key: key }) => decodeKey(key, answer.EncodingType, bucket));
}

/** Throws `AssayError` `listing-failed`. */
export function decodeKey(key: string | undefined, encoding: string | undefined, bucket: BucketRef): string {
  if (key === undefined) throw listingFailed(bucket, 'an entry has no key');
  if (encoding !== 'url') return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw listingFailed(bucket, 'a key is not URL-encoded as the answer says');
  }
}

function nextToken(answer: ListObjectsV2CommandOutput, before: string | undefined, bucket: BucketRef): string | null {
  if (answer.IsTruncated !== true) return null;
  const token = answer.NextContinuationToken;
  if (token === undefined || token === '') throw listingFailed(bucket, 'a page is not the last but names no next one');
  if (token === before) throw listingFailed(bucket, 'a page names itself as the next one');
  return token;
}

/** A page out of order, or with a key that could not be written, can only be continued by the server's own token. */
function cursorAfter(keys: string[], token: string): string {
  const last = keys.at(-1);
  const isOrdered = keys.every((key, at) => at === 0 || compareUtf8(keys[at - 1] ?? '', key) < 0);
  if (last === undefined || !isOrdered || last.includes('\uFFFD')) return TOKEN + token;
  return AFTER + last;
}

function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

export function toObject(
  bucket: BucketRef,
  entry: Omit<_Object, 'StorageClass'> & { StorageClass?: string | undefined },
  key: string,
): ObjectRef {
  const { StorageClass: storageClass, LastModified: lastModified, Size: size } = entry;
  if (size === undefined) throw listingFailed(bucket, 'an entry has no size');
  return {
    bucket,
    key,
    version: plainEtag(entry.ETag) ?? timeVersion(lastModified, size),
    byteLength: size,
    lastModified: lastModified?.toISOString() ?? '',
    ...(storageClass !== undefined && ARCHIVED.has(storageClass) ? { storageClass } : {}),
  };
}

export function listingFailed({ uri }: BucketRef, reason: string, call = CALL): AssayError {
  return new AssayError('listing-failed', `${call} on ${uri}: ${reason}`, { operation: call });
}
