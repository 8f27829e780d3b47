import { type AssayError, type ErrorCode, isAssayError } from '../errors.ts';
import type { FailureRules, StoreOperation } from './store-calls.ts';
import {
  codeOfStatus,
  type FailureKind,
  kindWithoutAnswer,
  reasonOf,
  storeError,
  UNKNOWN_HOST,
} from './store-errors.ts';

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
  // A JSON answer that is cut off is asked for again.
  return word === 'CredentialsMissing' ? 'final' : kindWithoutAnswer(error, word);
}

/** The one error a person sees: operation, bucket and what is missing. */
function toAssayError(error: unknown, operation: StoreOperation): AssayError {
  if (isAssayError(error)) return error;
  const failure = plain(error);
  const code = codeOf(failure, error, operation);
  const isPermission = code === 'access-denied' && failure.word !== 'userProjectMissing';
  const permission = isPermission ? (failure.permission ?? operation.permission) : undefined;
  const reason = `${explain(code, failure, permission)} (${failure.message})`;
  return storeError(operation, code, reason, { cause: failure, permission });
}

function plain(error: unknown): GcsFailure {
  if (error instanceof GcsFailure) return error;
  const { code } = (error ?? {}) as { code?: unknown };
  const word = typeof code === 'string' ? code : error instanceof Error ? error.name : '';
  return new GcsFailure(undefined, /^[A-Za-z0-9_]{1,60}$/.test(word) ? word : 'Error');
}

function codeOf(failure: GcsFailure, error: unknown, operation: StoreOperation): ErrorCode {
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
    default:
      return codeOfStatus(status, operation, kindOf(error), word);
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
    case 'encrypted':
      return 'the object is encrypted with a key that cannot be used: one of the customer, or one of Cloud KMS that is disabled or denied';
    case 'network':
      return word === UNKNOWN_HOST ? 'the name of the store cannot be resolved' : reasonOf(code);
    default:
      return reasonOf(code);
  }
}
