import { AssayError, type ErrorCode, isAssayError } from '../errors.ts';
import type { StoreOperation } from './store-calls.ts';

/** `slow-down`: the store asks for less. `transient`: worth another try. `final`: the same answer would come again. */
export type FailureKind = 'slow-down' | 'transient' | 'final';

/** What DNS answers for a name that there is not. */
export const UNKNOWN_HOST = 'ENOTFOUND';

const REASONS: Partial<Readonly<Record<ErrorCode, string>>> = {
  'bucket-not-found': 'there is no such bucket',
  'not-found': 'the object is gone',
  'object-changed': 'the object was replaced after it was listed',
  'unaddressable-key': 'the store does not take this key',
  network: 'the store could not be reached or broke off',
  timeout: 'the store fell silent',
};

/** A body that ended before its last byte. */
export class BrokenBody extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenBody';
  }
}

export class IdleTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`nothing came for ${timeoutMs} ms`);
    this.name = 'TimeoutError';
  }
}

/** Nothing of where a store's credentials are looked for has any. */
export class CredentialsMissing extends Error {
  constructor() {
    super('no usable credentials');
    this.name = 'CredentialsMissing';
  }
}

/** Of a request that no answer came to; `code` is the network's. */
export function kindWithoutAnswer(error: unknown, code: string | undefined): FailureKind {
  // Made here and not on the way: the same input would fail again.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof URIError) return 'final';
  return code === UNKNOWN_HOST ? 'final' : 'transient';
}

/** What a status means in every store, after the store's own words were looked at. */
export function codeOfStatus(
  status: number | undefined,
  { isObject = false }: StoreOperation,
  kind: FailureKind,
  code: string | undefined,
): ErrorCode {
  if (status === 404) return isObject ? 'not-found' : 'bucket-not-found';
  if (status === 412 || status === 416) return 'object-changed';
  return kind === 'final' && code !== UNKNOWN_HOST ? 'internal' : 'network';
}

/** What a code means, where a store has nothing of its own to say about it. */
export function reasonOf(code: ErrorCode): string {
  return REASONS[code] ?? 'the store refused the call';
}

/** Operation, place and reason: no other word of the store gets into a message. */
export function storeError(
  { name, bucket, isObject = false }: StoreOperation,
  code: ErrorCode,
  reason = reasonOf(code),
  details: { cause?: Error; permission?: string | undefined } = {},
): AssayError {
  const { cause, permission } = details;
  return new AssayError(code, `${name} on ${isObject ? 'an object of ' : ''}${bucket}: ${reason}`, {
    operation: name,
    ...(cause === undefined ? {} : { cause }),
    ...(permission === undefined ? {} : { permission }),
  });
}

/** What a listing ends on when a page has failed for good: behind its first one it has broken off. */
export function pageError(error: unknown, operation: string, page: number): unknown {
  if (page === 1 || !isAssayError(error) || (error.code !== 'network' && error.code !== 'timeout')) return error;
  return new AssayError('listing-failed', `${error.message}; the listing broke at its page ${page}`, {
    cause: error,
    operation,
  });
}
