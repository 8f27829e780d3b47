import { isAssayError } from '../errors.ts';
import type { Fact, GcsPolicy } from '../model/exposure.ts';
import type { BucketRef } from '../model/object.ts';
import { GcsFailure } from './gcs-errors.ts';
import { GCS_FACTS } from './gcs-permissions.ts';
import type { StoreOperation } from './store-calls.ts';

export interface GcsQuestion {
  call: string;
  permission: string;
}

/**
 * Makes a fact of an answer or a refusal. A custom endpoint that does not know the call lacks the feature. Throws only
 * `bad-credentials` and, of the bucket itself, `bucket-not-found`: they spoil every fact.
 */
export async function askGcs<T>(
  { call, permission }: GcsQuestion,
  isCustom: boolean,
  ask: () => Promise<T | null>,
): Promise<Fact<T>> {
  try {
    return { state: 'known', value: await ask() };
  } catch (error) {
    if (!isAssayError(error)) throw error;
    const failure = error.cause instanceof GcsFailure ? error.cause : undefined;
    const { status, word = '' } = failure ?? {};
    const isGone = error.code === 'bucket-not-found' && (word === 'noSuchBucket' || call === GCS_FACTS.metadata.call);
    if (error.code === 'bad-credentials' || isGone) throw error;
    if (isCustom && (status === 404 || status === 405 || status === 501)) return { state: 'unsupported', call };
    if (status === 401 || status === 403) {
      return { state: 'refused', call, reason: 'AccessDenied', permission: error.permission ?? permission };
    }
    return { state: 'refused', call, reason: /^[A-Za-z]{1,60}$/.test(word) ? word : error.code, permission };
  }
}

export function operationOf({ call, permission }: GcsQuestion, bucket: BucketRef): StoreOperation {
  return { name: call, bucket: bucket.uri, permission };
}

/** A policy without bindings is answered without the field. */
export function policyOf(fact: Fact<Partial<GcsPolicy>>): Fact<GcsPolicy> {
  return mapped(fact, ({ bindings = [] }) => ({ bindings }));
}

export function mapped<T, U>(fact: Fact<T>, read: (value: T) => U): Fact<U> {
  return fact.state === 'known' ? { state: 'known', value: fact.value === null ? null : read(fact.value) } : fact;
}
