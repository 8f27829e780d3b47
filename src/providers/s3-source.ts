import type { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandInput, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { AssayError } from '../errors.ts';
import type { ObjectRef } from '../model/object.ts';
import { checkedBody, contentRange, type RangeReader } from './ranged-source.ts';
import type { S3Calls } from './s3-calls.ts';
import { nameOf, statusOf } from './s3-errors.ts';
import type { StoreOperation } from './store-calls.ts';
import { storeError } from './store-errors.ts';

const CALL = 's3:GetObject';
/** Marks a version made of modification time and length, for stores that list no ETag. */
export const TIME_VERSION = 'time:';

/**
 * Ranged reads of one version. The first request asks for the listed ETag (`If-Match`); from a store that then names a
 * version id the rest is read by that id, so a new upload in the middle does no harm.
 */
export class S3Reader implements RangeReader {
  readonly byteLength: number;
  readonly operation: StoreOperation;
  private readonly calls: S3Calls;
  private readonly object: ObjectRef;
  private readonly signal: AbortSignal | undefined;
  private etag: string | undefined;
  private versionId: string | undefined;
  /** Where the version was listed as an earlier one; else the ETag is enough. */
  private readonly isPinned: boolean;
  private mayReadVersions = true;

  constructor(calls: S3Calls, object: ObjectRef, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.object = object;
    this.signal = signal;
    this.byteLength = object.byteLength;
    const earlier = earlierVersion(object.version);
    this.isPinned = earlier !== null;
    this.versionId = earlier?.id;
    this.etag = earlier === null && !object.version.startsWith(TIME_VERSION) ? object.version : earlier?.etag;
    const permission = this.isPinned ? `${CALL}Version` : CALL;
    this.operation = { name: CALL, bucket: object.bucket.uri, permission, isObject: true };
  }

  async openRange(start: number, end: number): Promise<Readable> {
    const { uri } = this.object.bucket;
    const answer = await this.calls.once(uri, this.signal, async (abortSignal) =>
      (await this.calls.client(uri)).send(new GetObjectCommand(this.request(start, end)), { abortSignal }),
    );
    return checkedBody(answer.Body as Readable, () => this.checkAnswer(answer, start));
  }

  private request(start: number, end: number): GetObjectCommandInput {
    const { expectedBucketOwner, requesterPays } = this.calls.options;
    return {
      Bucket: this.object.bucket.name,
      Key: this.object.key,
      Range: `bytes=${start}-${end - 1}`,
      ...(this.etag === undefined ? {} : { IfMatch: `"${this.etag}"` }),
      ...(this.versionId === undefined ? {} : { VersionId: this.versionId }),
      ...(expectedBucketOwner == null ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
      ...(requesterPays === true ? { RequestPayer: 'requester' } : {}),
    };
  }

  /** A store, or a cache before it, may ignore `If-Match` or `Range`. */
  private checkAnswer(answer: GetObjectCommandOutput, start: number): void {
    const etag = plainEtag(answer.ETag);
    const { first = 0, total: byteLength = answer.ContentLength } = contentRange(answer.ContentRange);
    const isSame =
      (this.etag === undefined || etag === this.etag) &&
      (byteLength === undefined || byteLength === this.byteLength) &&
      (this.object.version.startsWith(TIME_VERSION)
        ? timeVersion(answer.LastModified, this.byteLength) === this.object.version
        : true);
    if (!isSame) throw storeError(this.operation, 'object-changed');
    if (first !== start) throw storeError(this.operation, 'network', 'the store ignores ranges');
    this.etag = etag ?? this.etag;
    const { VersionId: versionId } = answer;
    if (this.isPinned) return;
    if (this.mayReadVersions && versionId !== undefined && versionId !== 'null') this.versionId = versionId;
  }

  async recover(error: unknown): Promise<boolean> {
    if (!this.isPinned && this.versionId !== undefined && statusOf(error) === 403) {
      // s3:GetObjectVersion is a permission of its own; the ETag pins as well, it only cannot outlive an overwrite.
      this.mayReadVersions = false;
      this.versionId = undefined;
      return true;
    }
    const isGone = statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
    if (isGone && isDoubtful(this.object.key)) throw unaddressableKey(this.object);
    return false;
  }
}

/** Marks a version that is not the current state; that one is known by its ETag. */
const EARLIER = 'version:';

/** An object from before versioning has the id `null`, which later objects may take over: its ETag tells them apart. */
export function earlierName(id: string, etag: string | undefined): string {
  return id === 'null' ? `${EARLIER}null:${etag ?? ''}` : EARLIER + id;
}

function earlierVersion(version: string): { id: string; etag: string | undefined } | null {
  const [, id, etag] = /^version:([^:]+)(?::(.+))?/.exec(version) ?? [];
  return id === undefined ? null : { id, etag };
}

/** The server replaced bytes of the key that XML cannot hold by U+FFFD: what it is really called is not known. */
function isDoubtful(key: string): boolean {
  return key.includes('\uFFFD');
}

export function unaddressableKey({ bucket }: Pick<ObjectRef, 'bucket'>): AssayError {
  return new AssayError('unaddressable-key', `${CALL} on ${bucket.uri}: the key cannot be sent as it was listed`);
}

/** ETag without quotes and weakness mark. */
export function plainEtag(etag: string | undefined): string | undefined {
  const plain = etag?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
  return plain === '' ? undefined : plain;
}

export function timeVersion(lastModified: Date | undefined, byteLength: number): string {
  return `${TIME_VERSION}${lastModified?.toISOString() ?? ''}:${byteLength}`;
}
