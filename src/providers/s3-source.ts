import type { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandInput, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { ObjectRef } from '../model/object.ts';
import { RetryBudget, type S3Calls } from './s3-calls.ts';
import { BrokenBody, nameOf, type S3Operation, statusOf } from './s3-errors.ts';
import { hasCome, watchBody } from './watch-body.ts';

const RANGE_BYTES = 16 * 1024 * 1024;
/** Marks a version made of modification time and length, for stores that list no ETag. */
export const TIME_VERSION = 'time:';

/**
 * Ranged reads of one version. The first request asks for the listed ETag (`If-Match`); from a store that then names a
 * version id the rest is read by that id, so a new upload in the middle does no harm.
 */
export class S3Source implements ByteSource {
  readonly byteLength: number;
  private readonly calls: S3Calls;
  private readonly object: ObjectRef;
  private readonly signal: AbortSignal | undefined;
  private readonly operation: S3Operation;
  private readonly open = new Set<Readable>();
  private etag: string | undefined;
  private versionId: string | undefined;
  private mayReadVersions = true;
  private isClosed = false;

  constructor(calls: S3Calls, object: ObjectRef, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.object = object;
    this.signal = signal;
    this.byteLength = object.byteLength;
    this.etag = object.version.startsWith(TIME_VERSION) ? undefined : object.version;
    const { name } = object.bucket;
    this.operation = { name: 's3:GetObject', bucket: name, permission: 's3:GetObject', isObject: true };
  }

  async *stream(start = 0, end = this.byteLength): AsyncGenerator<Buffer> {
    this.checkRange(start, end);
    const retries = new RetryBudget(this.calls, this.operation, this.signal);
    let at = start;
    while (at < end) {
      const until = Math.min(end, at + (this.calls.options.rangeBytes ?? RANGE_BYTES));
      let body: Readable | undefined;
      try {
        body = await this.openRange(at, until);
        for await (const chunk of watchBody(body, this.calls.idleTimeoutMs, this.signal)) {
          // More than was asked for.
          if (at === until) break;
          const bytes = chunk.length > until - at ? chunk.subarray(0, until - at) : chunk;
          at += bytes.length;
          this.calls.counters.bytes += bytes.length;
          retries.progress(bytes.length);
          yield bytes;
          if (at === until && !hasCome(body)) break;
        }
        if (at < until) throw new BrokenBody(`body ended ${until - at} bytes early`);
      } catch (error) {
        await this.failed(error, retries);
      } finally {
        this.release(body);
      }
    }
  }

  async read(start: number, end: number): Promise<Buffer> {
    this.checkRange(start, end);
    const bytes = Buffer.allocUnsafeSlow(end - start);
    let at = 0;
    for await (const chunk of this.stream(start, end)) at += chunk.copy(bytes, at);
    return bytes;
  }

  async verify(): Promise<void> {}

  async close(): Promise<void> {
    this.isClosed = true;
    for (const body of this.open) this.release(body);
  }

  private async openRange(start: number, end: number): Promise<Readable> {
    const answer = await this.calls.once(this.operation.bucket, this.signal, (client, abortSignal) =>
      client.send(new GetObjectCommand(this.request(start, end)), { abortSignal }),
    );
    const body = answer.Body as Readable;
    // An error between the events of two listeners would end the process.
    body.on('error', () => {});
    this.open.add(body);
    try {
      this.checkAnswer(answer, start);
    } catch (error) {
      this.release(body);
      throw error;
    }
    return body;
  }

  private request(start: number, end: number): GetObjectCommandInput {
    const { expectedBucketOwner, requesterPays } = this.calls.options;
    return {
      Bucket: this.operation.bucket,
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
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
    const byteLength = total === undefined ? answer.ContentLength : Number(total);
    const isSame =
      (this.etag === undefined || etag === this.etag) &&
      (byteLength === undefined || byteLength === this.byteLength) &&
      (this.object.version.startsWith(TIME_VERSION)
        ? timeVersion(answer.LastModified, this.byteLength) === this.object.version
        : true);
    if (!isSame) throw this.changed();
    if (Number(first ?? 0) !== start) {
      throw new AssayError(
        'network',
        `s3:GetObject on an object of s3://${this.operation.bucket}: the store ignores ranges`,
      );
    }
    this.etag = etag ?? this.etag;
    const { VersionId: versionId } = answer;
    if (this.mayReadVersions && versionId !== undefined && versionId !== 'null') this.versionId = versionId;
  }

  private async failed(error: unknown, retries: RetryBudget): Promise<void> {
    if (this.isClosed) throw new AssayError('cancelled', 's3:GetObject: the object was closed while it was read');
    if (this.versionId !== undefined && statusOf(error) === 403) {
      // s3:GetObjectVersion is a permission of its own; the ETag pins as well, it only cannot outlive an overwrite.
      this.mayReadVersions = false;
      this.versionId = undefined;
      return;
    }
    const isGone = statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
    if (isGone && isDoubtful(this.object.key)) throw unaddressableKey(this.operation.bucket);
    await retries.failed(error);
  }

  private release(body: Readable | undefined): void {
    if (body === undefined) return;
    this.open.delete(body);
    body.destroy();
  }

  private changed(): AssayError {
    const { bucket, name: operation } = this.operation;
    return new AssayError(
      'object-changed',
      `${operation} on an object of s3://${bucket}: the object was replaced after it was listed`,
      { operation },
    );
  }

  private checkRange(start: number, end: number): void {
    if (start >= 0 && start <= end && end <= this.byteLength) return;
    throw new RangeError(`bytes ${start} to ${end} of an object of ${this.byteLength}`);
  }
}

/** The server replaced bytes of the key that XML cannot hold by U+FFFD: what it is really called is not known. */
function isDoubtful(key: string): boolean {
  return key.includes('\uFFFD');
}

export function unaddressableKey(bucket: string): AssayError {
  return new AssayError('unaddressable-key', `s3:GetObject on s3://${bucket}: the key cannot be sent as it was listed`);
}

/** ETag without quotes and weakness mark. */
export function plainEtag(etag: string | undefined): string | undefined {
  const plain = etag?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
  return plain === '' ? undefined : plain;
}

export function timeVersion(lastModified: Date | undefined, byteLength: number): string {
  return `${TIME_VERSION}${lastModified?.toISOString() ?? ''}:${byteLength}`;
}
