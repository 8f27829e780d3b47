import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { AssayError } from '../errors.ts';
import type { BucketRef } from '../model/object.ts';
import type { S3Calls } from './s3-calls.ts';
import { LIST_BUCKETS_PERMISSION } from './s3-permissions.ts';

const PAGE_SIZE = 1000;
const OPERATION = { name: 's3:ListBuckets', bucket: 's3://', permission: LIST_BUCKETS_PERMISSION };

/** Every general purpose bucket of the account that the credentials belong to, and where it is. Throws `AssayError`. */
export async function* listBuckets(calls: S3Calls, signal: AbortSignal | undefined): AsyncGenerator<BucketRef[]> {
  let token: string | undefined;
  for (;;) {
    const command = new ListBucketsCommand({
      MaxBuckets: calls.options.pageSize ?? PAGE_SIZE,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const answer = await calls.send(OPERATION, signal, async (abortSignal) =>
      (await calls.client(OPERATION.bucket)).send(command, { abortSignal }),
    );
    const buckets: BucketRef[] = [];
    for (const { Name: name, BucketRegion: region } of answer.Buckets ?? []) {
      if (name === undefined) throw listingFailed('an entry has no name');
      const uri = `s3://${name}`;
      // Other stores have one region, whatever they say.
      if (region !== undefined && calls.options.endpoint == null) calls.setRegion(uri, region);
      buckets.push({ provider: 'aws-s3', uri, name });
    }
    yield buckets;
    const next = answer.ContinuationToken;
    if (next === undefined || next === '') return;
    if (next === token) throw listingFailed('a page names itself as the next one');
    token = next;
  }
}

function listingFailed(reason: string): AssayError {
  return new AssayError('listing-failed', `${OPERATION.name}: ${reason}`, { operation: OPERATION.name });
}
