import { type AssayError, type ErrorCode, isAssayError } from '../errors.ts';
import type { FailureRules, StoreOperation } from './store-calls.ts';
import { codeOfStatus, type FailureKind, kindWithoutAnswer, reasonOf, storeError } from './store-errors.ts';

const SLOW_DOWN: ReadonlySet<string> = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'KMS.ThrottlingException',
]);
const TRANSIENT: ReadonlySet<string> = new Set(['RequestTimeout', 'TimeoutError', 'InternalError', 'OperationAborted']);
const EXPIRED: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);
const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  ...EXPIRED,
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'NotSignedUp',
  'InvalidSecurity',
  'CredentialsProviderError',
  'CredentialIsInvalid',
  'IncompleteSignature',
]);
const WRONG_REGION: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'IncorrectEndpoint',
]);
const CODE_OF_NAME: Readonly<Record<string, ErrorCode>> = {
  // Services that answer in JSON refuse with status 400.
  AccessDeniedException: 'access-denied',
  NoSuchBucket: 'bucket-not-found',
  InvalidBucketName: 'bucket-not-found',
  NoSuchKey: 'not-found',
  NoSuchVersion: 'not-found',
  PreconditionFailed: 'object-changed',
  InvalidRange: 'object-changed',
  InvalidObjectState: 'archived-tier',
  KeyTooLongError: 'unaddressable-key',
  InvalidURI: 'unaddressable-key',
  RequestTimeTooSkewed: 'bad-credentials',
  TimeoutError: 'timeout',
};

/** Nothing in the SDK's chain of credential sources answered. */
export class CredentialsMissing extends Error {
  constructor() {
    super('no usable credentials');
    this.name = 'CredentialsProviderError';
  }
}

export const s3Rules: FailureRules = { kindOf, toAssayError };

function kindOf(error: unknown): FailureKind {
  if (isAssayError(error)) return 'final';
  const name = nameOf(error);
  const status = statusOf(error);
  if (SLOW_DOWN.has(name) || status === 429 || status === 503) return 'slow-down';
  if (BAD_CREDENTIALS.has(name) || WRONG_REGION.has(name) || name === 'NotImplemented') return 'final';
  if (TRANSIENT.has(name) || name === 'BrokenBody' || status === 408) return 'transient';
  // 200: an answer that could not be read to its end or parsed. 501: the store has no such call.
  if (status !== undefined) return status === 200 || (status >= 500 && status !== 501) ? 'transient' : 'final';
  return kindWithoutAnswer(error, networkCode(error));
}

/** Renewed credentials may do. */
export function isExpired(error: unknown): boolean {
  return EXPIRED.has(nameOf(error));
}

/** The region the store wants to be asked in, when it says so. */
export function redirectedRegion(error: unknown): string | undefined {
  if (!WRONG_REGION.has(nameOf(error)) && statusOf(error) !== 301) return undefined;
  const { Region, $response } = error as { Region?: unknown; $response?: { headers?: Record<string, string> } };
  const region = typeof Region === 'string' ? Region : $response?.headers?.['x-amz-bucket-region'];
  return region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined;
}

/** The one error a person sees. The original's text is dropped: it may quote keys, signed requests or tokens. */
function toAssayError(error: unknown, operation: StoreOperation): AssayError {
  if (isAssayError(error)) return error;
  const code = codeOf(error, operation);
  const permission = code === 'access-denied' ? (namedPermission(error) ?? operation.permission) : undefined;
  const reason = `${explain(code, error, permission)} (${signature(error)})`;
  return storeError(operation, code, reason, { cause: new S3Failure(error), permission });
}

function codeOf(error: unknown, operation: StoreOperation): ErrorCode {
  const name = nameOf(error);
  const known = CODE_OF_NAME[name];
  if (known !== undefined) return known;
  if (isEncrypted(error)) return 'encrypted';
  if (BAD_CREDENTIALS.has(name)) return 'bad-credentials';
  if (WRONG_REGION.has(name)) return 'wrong-region';
  const status = statusOf(error);
  switch (status) {
    case 301:
      return 'wrong-region';
    case 401:
    case 403:
      return 'access-denied';
    case 405: // the newest version is a delete marker
      return operation.isObject === true ? 'not-found' : 'internal';
    default:
      return codeOfStatus(status, operation, kindOf(error), networkCode(error));
  }
}

/** A key of the customer that comes with each request (SSE-C), or a KMS key that is disabled, deleted or not valid. */
function isEncrypted(error: unknown): boolean {
  const name = nameOf(error);
  if (name.startsWith('KMS.')) return !SLOW_DOWN.has(name);
  return name === 'InvalidRequest' && error instanceof Error && /server.side encryption/i.test(error.message);
}

function explain(code: ErrorCode, error: unknown, permission: string | undefined): string {
  switch (code) {
    case 'access-denied':
      return `access denied, the caller lacks ${permission}`;
    case 'bad-credentials':
      if (nameOf(error) === 'RequestTimeTooSkewed') return 'the clock of this machine differs too much from the store';
      if (nameOf(error) === 'CredentialsProviderError') {
        return 'no usable credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE';
      }
      return 'the store does not accept the credentials';
    case 'archived-tier':
      return 'the object is archived and must be restored first';
    case 'encrypted':
      return 'the object is encrypted with a key that cannot be used: one of the customer (SSE-C) or a disabled KMS key';
    case 'wrong-region':
      return `the bucket is in ${redirectedRegion(error) ?? 'another region'}; set the region`;
    default:
      return reasonOf(code);
  }
}

/** `AccessDenied, HTTP 403`: what a person looks up. */
function signature(error: unknown): string {
  const status = statusOf(error);
  const name = networkCode(error) ?? nameOf(error);
  const word = /^[A-Za-z0-9_.]{1,60}$/.test(name) ? name : 'Error';
  return status === undefined ? word : `${word}, HTTP ${status}`;
}

/** AWS names the missing permission where it is not the call's own, such as `kms:Decrypt`. */
function namedPermission(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /not authorized to perform: ([a-z0-9-]{2,40}:[A-Za-z]{2,60})\b/.exec(error.message)?.[1];
}

/** What may be kept of an SDK's error: names and numbers, none of its text. */
export class S3Failure extends Error {
  readonly status: number | undefined;
  /** The store's own word, such as `NoSuchBucketPolicy`. */
  readonly word: string;

  constructor(error: unknown) {
    const requestId = (error as { $metadata?: { requestId?: string } } | null)?.$metadata?.requestId;
    super(requestId === undefined ? signature(error) : `${signature(error)}, request ${requestId}`);
    this.name = 'S3Failure';
    this.status = statusOf(error);
    this.word = nameOf(error);
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

function networkCode(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
