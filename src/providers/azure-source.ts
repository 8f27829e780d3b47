import type { Readable } from 'node:stream';
import type { BlobClient, BlobDownloadResponseParsed } from '@azure/storage-blob';
import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { ObjectRef } from '../model/object.ts';
import type { AzureCalls } from './azure-calls.ts';
import { statusOf, wordOf } from './azure-errors.ts';
import { plainEtag, SNAPSHOT, VERSION } from './azure-version.ts';
import { checkedBody, contentRange, RangedSource, type RangeReader } from './ranged-source.ts';
import type { StoreOperation } from './store-calls.ts';
import { storeError } from './store-errors.ts';

const CALL = 'az:GetBlob';

/**
 * Ranged reads of one version. The current state is asked for by the listed ETag (`If-Match`), and by its version id too
 * once the store has named one, so that a new upload in the middle does no harm.
 */
export async function openBlob(
  calls: AzureCalls,
  object: ObjectRef,
  signal: AbortSignal | undefined,
): Promise<ByteSource> {
  const operation = await calls.operation(CALL, object.bucket, true);
  return new RangedSource(calls, new BlobReader(calls, object, operation, signal), signal);
}

class BlobReader implements RangeReader {
  readonly byteLength: number;
  readonly operation: StoreOperation;
  private readonly calls: AzureCalls;
  private readonly object: ObjectRef;
  private readonly signal: AbortSignal | undefined;
  private readonly etag: string | null;
  private readonly pinned: string | null;
  private versionId: string | undefined;
  private mayReadVersions = true;

  constructor(calls: AzureCalls, object: ObjectRef, operation: StoreOperation, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.object = object;
    this.operation = operation;
    this.signal = signal;
    this.byteLength = object.byteLength;
    const { version } = object;
    this.pinned = [VERSION, SNAPSHOT].find((mark) => version.startsWith(mark)) ?? null;
    this.etag = this.pinned === null ? version : null;
  }

  async openRange(start: number, end: number): Promise<Readable> {
    const answer = await this.calls.once(this.object.bucket.uri, this.signal, async (abortSignal) =>
      (await this.client()).download(start, end - start, {
        abortSignal,
        maxRetryRequests: 0,
        ...(this.etag === null ? {} : { conditions: { ifMatch: `"${this.etag}"` } }),
      }),
    );
    return checkedBody(answer.readableStreamBody as Readable, () => this.checkAnswer(answer, start));
  }

  async recover(error: unknown): Promise<boolean> {
    if (this.versionId !== undefined && this.pinned === null && statusOf(error) === 403) {
      // A SAS may allow blobs and not their versions; the ETag pins as well, it only cannot outlive an overwrite.
      this.mayReadVersions = false;
      this.versionId = undefined;
      return true;
    }
    if (isGone(error)) throw this.gone(error);
    // Of a blob that is gone, some stores say that it does not match.
    if (statusOf(error) === 412) await this.client().then((client) => this.checkThere(client));
    return false;
  }

  private async checkThere(client: BlobClient): Promise<void> {
    try {
      await this.calls.once(this.object.bucket.uri, this.signal, (abortSignal) =>
        client.getProperties({ abortSignal }),
      );
    } catch (error) {
      if (isGone(error)) throw this.gone(error);
    }
  }

  private gone(error: unknown): AssayError {
    return isDoubtful(this.object.key)
      ? unaddressableKey(this.object)
      : this.calls.rules.toAssayError(error, this.operation);
  }

  private async client(): Promise<BlobClient> {
    const { bucket, key, version } = this.object;
    const client = (await this.calls.account(bucket)).blob(bucket, key);
    if (client === null) throw unaddressableKey(this.object);
    if (this.pinned === SNAPSHOT) return client.withSnapshot(version.slice(SNAPSHOT.length));
    if (this.pinned === VERSION) return client.withVersion(version.slice(VERSION.length));
    return this.versionId === undefined ? client : client.withVersion(this.versionId);
  }

  /** A store, or a cache before it, may ignore `If-Match` or the range. */
  private checkAnswer(answer: BlobDownloadResponseParsed, start: number): void {
    const { first = 0, total: byteLength = answer.contentLength } = contentRange(answer.contentRange);
    const isSame =
      (this.etag === null || plainEtag(answer.etag) === this.etag) &&
      (byteLength === undefined || byteLength === this.byteLength);
    if (!isSame) throw storeError(this.operation, 'object-changed');
    if (first !== start) throw storeError(this.operation, 'network', 'the store ignores ranges');
    if (this.mayReadVersions) this.versionId = answer.versionId;
  }
}

function isGone(error: unknown): boolean {
  return statusOf(error) === 404 && wordOf(error) !== 'ContainerNotFound';
}

/** What the listing cannot write it replaced by U+FFFD, and servers may read dots as steps in a path. */
function isDoubtful(key: string): boolean {
  return key.includes('\uFFFD') || key.split('/').some((part) => part === '.' || part === '..');
}

export function unaddressableKey({ bucket }: Pick<ObjectRef, 'bucket'>): AssayError {
  return new AssayError('unaddressable-key', `${CALL} on ${bucket.uri}: the key cannot be sent as it was listed`);
}
