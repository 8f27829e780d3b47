import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { GcsEvidence } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import { listGcsBuckets } from './gcs-buckets.ts';
import { GcsCalls } from './gcs-calls.ts';
import { collectGcsExposure } from './gcs-exposure.ts';
import { listGcsBucket } from './gcs-listing.ts';
import type { GcsOptions } from './gcs-options.ts';
import { listGcsProjects } from './gcs-projects.ts';
import { GenerationReader, READ_CALL } from './gcs-source.ts';
import { googleUri, isAboveProjects } from './parse-every.ts';
import type { AccountRef, ListingPage, Provider } from './provider.ts';
import { RangedSource } from './ranged-source.ts';
import type { ProviderCounters } from './s3-options.ts';

/** Google Cloud Storage and emulators of its JSON API. */
export class GcsProvider implements Provider {
  private readonly calls: GcsCalls;

  constructor(options: GcsOptions) {
    this.calls = new GcsCalls(options);
  }

  get counters(): Readonly<ProviderCounters> {
    return this.calls.counters;
  }

  /** Requests that may be under way to this bucket now. */
  limitOf(bucket: BucketRef): number {
    return this.calls.throttle(bucket.uri).limit;
  }

  listObjects(target: Target, cursor: string | null, signal?: AbortSignal): AsyncIterable<ListingPage> {
    return listGcsBucket(this.calls, target, cursor, signal);
  }

  /** Makes no request: the first read asks for the listed generation and throws what `Provider.openObject` names. */
  async openObject(object: ObjectRef, signal?: AbortSignal): Promise<ByteSource> {
    // Servers read these two as steps in a path; a lone surrogate has no UTF-8 form to ask for.
    if (['', '.', '..'].includes(object.key) || !object.key.isWellFormed()) {
      const message = `${READ_CALL} on ${object.bucket.uri}: the key cannot be sent as it was listed`;
      throw new AssayError('unaddressable-key', message);
    }
    return new RangedSource(this.calls, new GenerationReader(this.calls, object, signal), signal);
  }

  collectExposure(bucket: BucketRef, targets?: readonly Target[]): Promise<GcsEvidence> {
    return collectGcsExposure(this.calls, bucket, targets);
  }

  listBuckets(project: string, signal?: AbortSignal): AsyncIterable<BucketRef[]> {
    return listGcsBuckets(this.calls, project, signal);
  }

  /** Projects of `folders/1` or `organizations/2`; a project is one itself. */
  async *listAccounts(name: string, signal?: AbortSignal): AsyncGenerator<AccountRef> {
    if (isAboveProjects(name)) yield* listGcsProjects(this.calls, name, signal);
    else yield { account: name, uri: googleUri(name) };
  }

  async close(): Promise<void> {
    this.calls.close();
  }
}
