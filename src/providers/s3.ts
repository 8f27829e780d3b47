import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { Fact, S3Evidence } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import { Distributions } from './cloudfront-distributions.ts';
import { KmsKeys } from './kms-keys.ts';
import type { AccountRef, ListingPage, Provider } from './provider.ts';
import { RangedSource } from './ranged-source.ts';
import { RegionalPoints } from './s3-access-points.ts';
import { AccountCalls } from './s3-account.ts';
import { listBuckets } from './s3-buckets.ts';
import { S3Calls } from './s3-calls.ts';
import { collectS3Exposure, type S3Identity } from './s3-exposure.ts';
import { listBucket } from './s3-listing.ts';
import type { ProviderCounters, S3Options } from './s3-options.ts';
import { OwnOrganization, organizationAccounts } from './s3-organization.ts';
import { roleCredentials } from './s3-role.ts';
import { S3Reader, unaddressableKey } from './s3-source.ts';
import { listVersions } from './s3-versions.ts';

/** Amazon S3 and every store that speaks its protocol. */
export class S3Provider implements Provider {
  private readonly options: S3Options;
  private readonly own: S3Identity;
  /** By the ARN of their role. */
  private readonly roles = new Map<string, S3Identity>();

  constructor(options: S3Options) {
    this.options = options;
    this.own = identity(new S3Calls(options));
  }

  get counters(): Readonly<ProviderCounters> {
    const sum = { ...this.own.calls.counters };
    for (const { calls } of this.roles.values()) {
      sum.requests += calls.counters.requests;
      sum.retries += calls.counters.retries;
      sum.bytes += calls.counters.bytes;
    }
    return sum;
  }

  /** Requests that may be under way to this bucket now. */
  limitOf(bucket: BucketRef): number {
    return this.of(bucket).calls.throttle(bucket.uri).limit;
  }

  listObjects(target: Target, cursor: string | null, signal?: AbortSignal): AsyncIterable<ListingPage> {
    const list = this.options.versions === true ? listVersions : listBucket;
    return list(this.of(target.bucket).calls, target, cursor, signal);
  }

  /** Makes no request: the first read asks for the listed version and throws what `Provider.openObject` names. */
  async openObject(object: ObjectRef, signal?: AbortSignal): Promise<ByteSource> {
    if (object.storageClass !== undefined) {
      throw new AssayError(
        'archived-tier',
        `s3:GetObject on ${object.bucket.uri}: the object must be restored from its archive`,
      );
    }
    // A lone surrogate has no UTF-8 form to ask for.
    if (object.key === '' || !object.key.isWellFormed()) throw unaddressableKey(object);
    const { calls } = this.of(object.bucket);
    return new RangedSource(calls, new S3Reader(calls, object, signal), signal);
  }

  collectExposure(bucket: BucketRef, targets: readonly Target[] = []): Promise<S3Evidence> {
    return collectS3Exposure(this.of(bucket), bucket, targets);
  }

  /** 12 digits of the account that the credentials belong to. Throws `AssayError` `bad-credentials` when there are none. */
  callerAccount(): Promise<Fact<string>> {
    return this.own.account.callerAccount();
  }

  listBuckets(role: string, signal?: AbortSignal): AsyncIterable<BucketRef[]> {
    return listBuckets(this.as(role).calls, signal);
  }

  async *listAccounts(_name: string, signal?: AbortSignal): AsyncGenerator<AccountRef> {
    const { calls, account } = this.own;
    const roles = await organizationAccounts(calls, account, this.options.organizationRole ?? '', signal);
    yield* roles.map((role) => ({ account: role, uri: `s3://?role=${role}` }));
  }

  regionOf(bucket: BucketRef): string | null {
    return this.of(bucket).calls.regionOf(bucket.uri) ?? this.options.region ?? null;
  }

  async close(): Promise<void> {
    for (const { calls } of [this.own, ...this.roles.values()]) calls.close();
  }

  private of({ name }: BucketRef): S3Identity {
    const { bucketRoles = {} } = this.options;
    return this.as(Object.hasOwn(bucketRoles, name) ? (bucketRoles[name] ?? '') : '');
  }

  private as(role: string): S3Identity {
    if (role === '') return this.own;
    let known = this.roles.get(role);
    if (known === undefined) {
      const credentials = roleCredentials(this.own.calls, role);
      // An organisation may have thousands of accounts: they share their sockets.
      known = identity(new S3Calls({ ...this.options, credentials }, this.own.calls.handler));
      this.roles.set(role, known);
    }
    return known;
  }
}

function identity(calls: S3Calls): S3Identity {
  const account = new AccountCalls(calls);
  return {
    calls,
    account,
    regionalPoints: new RegionalPoints(account),
    distributions: new Distributions(calls),
    keys: new KmsKeys(calls),
    organization: new OwnOrganization(calls),
  };
}
