import { AssayError, type ErrorCode, isAssayError } from '../errors.ts';
import type { FailureKind } from './s3-errors.ts';
import type { FailureRules, StoreOperation } from './store-calls.ts';

const SLOW_DOWN: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'slowDown',
]);
const CODE_OF_WORD: Readonly<Record<string, ErrorCode>> = {
  CredentialsMissing: 'bad-credentials',
  noSuchBucket: 'bucket-not-found',
  invalidBucketName: 'bucket-not-found',
  conditionNotMet: 'object-changed',
  requestedRangeNotSatisfiable: 'object-changed',
  userProjectMissing: 'access-denied',
  anonymous: 'access-denied',
  accountDisabled: 'access-denied',
  TimeoutError: 'timeout',
};

/** No application default credentials. */
export class CredentialsMissing extends Error {
  constructor() {
    super('no usable credentials');
    this.name = 'CredentialsMissing';
  }
}

/** What may be kept of an answer or error: names and numbers, none of its text. */
export class GcsFailure extends Error {
  readonly status: number | undefined;
  /** Google's own word, such as `forbidden`, or that of the network. */
  readonly word: string;
  /** The permission that Google names as missing. */
  readonly permission: string | undefined;

  constructor(status: number | undefined, word: string, permission?: string) {
    super(status === undefined ? word : `${word}, HTTP ${status}`);
    this.name = 'GcsFailure';
    this.status = status;
    this.word = word;
    this.permission = permission;
  }
}

interface ErrorAnswer {
  error?: { message?: unknown; status?: unknown; errors?: { reason?: unknown; message?: unknown }[] };
}

/** Of an answer that is no success. */
export function failureOf(status: number, body: string): GcsFailure {
  let answer: ErrorAnswer = {};
  try {
    answer = JSON.parse(body) as ErrorAnswer;
  } catch {
    // Reads of objects are answered with plain text.
  }
  const [first] = Array.isArray(answer.error?.errors) ? answer.error.errors : [];
  const message = String(answer.error?.message ?? first?.message ?? body.slice(0, 1000));
  const permission =
    /Permission '([a-z]\w*(?:\.\w+)+)'/.exec(message)?.[1] ??
    /does not have ([a-z]\w*(?:\.\w+){2,}) access/.exec(message)?.[1];
  return new GcsFailure(status, wordIn(message, first?.reason ?? answer.error?.status), permission);
}

function wordIn(message: string, reason: unknown): string {
  if (/requester pays bucket/i.test(message)) return 'userProjectMissing';
  if (/^Anonymous caller/.test(message)) return 'anonymous';
  if (/bucket does not exist/i.test(message)) return 'noSuchBucket';
  if (/invalid bucket name/i.test(message)) return 'invalidBucketName';
  return typeof reason === 'string' && /^[A-Za-z_]{1,60}$/.test(reason) ? reason : 'Error';
}

export const gcsRules: FailureRules = { kindOf, toAssayError };

function kindOf(error: unknown): FailureKind {
  if (isAssayError(error)) return 'final';
  const { status, word } = plain(error);
  if (status === 429 || status === 503 || (status === 403 && SLOW_DOWN.has(word))) return 'slow-down';
  if (status !== undefined) return status === 408 || (status >= 500 && status !== 501) ? 'transient' : 'final';
  if (word === 'CredentialsMissing' || word === 'ENOTFOUND') return 'final';
  // Made here and not on the way: the same input would fail again. A JSON answer that is cut off is asked for again.
  return error instanceof TypeError || error instanceof RangeError || error instanceof URIError ? 'final' : 'transient';
}

/** The one error a person sees: operation, bucket and what is missing. */
function toAssayError(error: unknown, operation: StoreOperation): AssayError {
  if (isAssayError(error)) return error;
  const failure = plain(error);
  const code = codeOf(failure, error, operation.isObject === true);
  const isPermission = code === 'access-denied' && failure.word !== 'userProjectMissing';
  const permission = isPermission ? (failure.permission ?? operation.permission) : undefined;
  const where = `${operation.name} on ${operation.isObject === true ? 'an object of ' : ''}${operation.bucket}`;
  return new AssayError(code, `${where}: ${explain(code, failure, permission)} (${failure.message})`, {
    cause: failure,
    operation: operation.name,
    ...(permission === undefined ? {} : { permission }),
  });
}

function plain(error: unknown): GcsFailure {
  if (error instanceof GcsFailure) return error;
  const { code } = (error ?? {}) as { code?: unknown };
  const word = typeof code === 'string' ? code : error instanceof Error ? error.name : '';
  return new GcsFailure(undefined, /^[A-Za-z0-9_]{1,60}$/.test(word) ? word : 'Error');
}

function codeOf(failure: GcsFailure, error: unknown, isObject: boolean): ErrorCode {
  const { status, word } = failure;
  const known = CODE_OF_WORD[word];
  if (known !== undefined) return known;
  // A key of the customer that comes with each request, or one of Cloud KMS that is disabled, gone or denied.
  if (/customerEncryption|kms/i.test(word) || failure.permission?.startsWith('cloudkms.') === true) return 'encrypted';
  switch (status) {
    case 401:
      return 'bad-credentials';
    case 403:
      return kindOf(error) === 'slow-down' ? 'network' : 'access-denied';
    case 404:
      return isObject ? 'not-found' : 'bucket-not-found';
    case 412:
    case 416:
      return 'object-changed';
    default:
      return kindOf(error) === 'final' && word !== 'ENOTFOUND' ? 'internal' : 'network';
  }
}

function explain(code: ErrorCode, { word }: GcsFailure, permission: string | undefined): string {
  switch (code) {
    case 'access-denied':
      if (word === 'userProjectMissing')
        return 'the readers of this bucket pay; name the project that is billed (--gcs-user-project)';
      if (word === 'anonymous') return `access denied, anyone without credentials lacks ${permission}`;
      if (permission === 'serviceusage.services.use')
        return `access denied, the caller lacks ${permission} on the project that is billed`;
      return `access denied, the caller lacks ${permission}`;
    case 'bad-credentials':
      if (word !== 'CredentialsMissing') return 'the store does not accept the credentials, or wants some';
      return 'no usable credentials; set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account, run `gcloud auth application-default login`, or ask for public data with --gcs-anonymous';
    case 'bucket-not-found':
      return 'there is no such bucket';
    case 'not-found':
      return 'the object is gone';
    case 'object-changed':
      return 'the object was replaced after it was listed';
    case 'encrypted':
      return 'the object is encrypted with a key that cannot be used: one of the customer, or one of Cloud KMS that is disabled or denied';
    case 'network':
      if (word === 'ENOTFOUND') return 'the name of the store cannot be resolved';
      return 'the store could not be reached or broke off';
    case 'timeout':
      return 'the store fell silent';
    default:
      return 'the store refused the call';
  }
}
