import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { Fact, S3Evidence } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import type { ListingPage, Provider } from './provider.ts';
import { RegionalPoints } from './s3-access-points.ts';
import { AccountCalls } from './s3-account.ts';
import { S3Calls } from './s3-calls.ts';
import { collectS3Exposure } from './s3-exposure.ts';
import { listBucket } from './s3-listing.ts';
import type { ProviderCounters, S3Options } from './s3-options.ts';
import { S3Source, unaddressableKey } from './s3-source.ts';

/** Amazon S3 and every store that speaks its protocol. */
export class S3Provider implements Provider {
  private readonly calls: S3Calls;
  private readonly account: AccountCalls;
  private readonly regionalPoints: RegionalPoints;

  constructor(options: S3Options) {
    this.calls = new S3Calls(options);
    this.account = new AccountCalls(this.calls);
    this.regionalPoints = new RegionalPoints(this.account);
  }

  get counters(): Readonly<ProviderCounters> {
    return this.calls.counters;
  }

  /** Requests that may be under way to this bucket now. */
  limitOf(bucket: BucketRef): number {
    return this.calls.throttle(bucket.name).limit;
  }

  listObjects(target: Target, cursor: string | null, signal?: AbortSignal): AsyncIterable<ListingPage> {
    return listBucket(this.calls, target, cursor, signal);
  }

  /** Makes no request: the first read asks for the listed version and throws what `Provider.openObject` names. */
  async openObject(object: ObjectRef, signal?: AbortSignal): Promise<ByteSource> {
    const { name } = object.bucket;
    if (object.storageClass !== undefined) {
      throw new AssayError(
        'archived-tier',
        `s3:GetObject on s3://${name}: the object must be restored from its archive`,
      );
    }
    // A lone surrogate has no UTF-8 form to ask for.
    if (object.key === '' || !object.key.isWellFormed()) throw unaddressableKey(name);
    return new S3Source(this.calls, object, signal);
  }

  collectExposure(bucket: BucketRef, targets: readonly Target[] = []): Promise<S3Evidence> {
    return collectS3Exposure(this.calls, this.account, this.regionalPoints, bucket, targets);
  }

  /** 12 digits of the account that the credentials belong to. Throws `AssayError` `bad-credentials` when there are none. */
  callerAccount(): Promise<Fact<string>> {
    return this.account.callerAccount();
  }

  async close(): Promise<void> {
    this.calls.close();
  }
}
