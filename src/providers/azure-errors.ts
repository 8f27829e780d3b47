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

const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  'AuthenticationFailed',
  'InvalidAuthenticationInfo',
  'NoAuthenticationInformation',
  'KeyBasedAuthenticationNotPermitted',
  'CredentialsMissing',
]);
const CODE_OF_NAME: Readonly<Record<string, ErrorCode>> = {
  ContainerNotFound: 'bucket-not-found',
  ContainerBeingDeleted: 'bucket-not-found',
  ContainerDisabled: 'bucket-not-found',
  InvalidResourceName: 'bucket-not-found',
  BlobNotFound: 'not-found',
  ConditionNotMet: 'object-changed',
  TargetConditionNotMet: 'object-changed',
  InvalidRange: 'object-changed',
  BlobArchived: 'archived-tier',
  BlobBeingRehydrated: 'archived-tier',
  BlobUsesCustomerSpecifiedEncryption: 'encrypted',
  InvalidUri: 'unaddressable-key',
  AccountIsDisabled: 'access-denied',
  PublicAccessNotPermitted: 'access-denied',
  TimeoutError: 'timeout',
};

export const azureRules: FailureRules = { kindOf, toAssayError };

function kindOf(error: unknown): FailureKind {
  if (isAssayError(error)) return 'final';
  const name = wordOf(error);
  const status = statusOf(error);
  if (status === 429 || status === 503) return 'slow-down';
  if (BAD_CREDENTIALS.has(name)) return 'final';
  if (status === 408) return 'transient';
  // 200 and 206: an answer that could not be read to its end or parsed. 501: the store has no such call.
  if (status !== undefined) return status < 300 || (status >= 500 && status !== 501) ? 'transient' : 'final';
  return kindWithoutAnswer(error, name);
}

/** The one error a person sees. The original's text is dropped: it may quote keys, signed requests or tokens. */
function toAssayError(error: unknown, operation: StoreOperation): AssayError {
  if (isAssayError(error)) return error;
  const code = codeOf(error, operation);
  const permission = code === 'access-denied' ? operation.permission : undefined;
  const reason = `${explain(code, wordOf(error), permission)} (${signature(error)})`;
  return storeError(operation, code, reason, { cause: new AzureFailure(error), permission });
}

function codeOf(error: unknown, operation: StoreOperation): ErrorCode {
  const name = wordOf(error);
  const known = CODE_OF_NAME[name];
  if (known !== undefined) return known;
  if (BAD_CREDENTIALS.has(name)) return 'bad-credentials';
  // The key that encrypts the account lies in a vault that is closed, gone or denied.
  if (name.startsWith('KeyVault')) return 'encrypted';
  const status = statusOf(error);
  switch (status) {
    case 401:
      return 'bad-credentials';
    case 403:
      return 'access-denied';
    default:
      return codeOfStatus(status, operation, kindOf(error), name);
  }
}

function explain(code: ErrorCode, word: string, permission: string | undefined): string {
  switch (code) {
    case 'access-denied':
      if (word === 'AccountIsDisabled') return 'the account is disabled';
      return `access denied, the caller lacks ${permission}, or the network rules of the account refuse this machine`;
    case 'bad-credentials':
      if (word === 'KeyBasedAuthenticationNotPermitted')
        return 'the account refuses account keys and their SAS; sign in with Entra';
      if (word !== 'CredentialsMissing') return 'the store does not accept the credentials, or the clock is wrong';
      return 'no usable credentials; set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or sign in with Entra (az login, a managed identity, AZURE_CLIENT_ID)';
    case 'bucket-not-found':
      return 'there is no such container';
    case 'archived-tier':
      return 'the object is archived and must be rehydrated first';
    case 'encrypted':
      return 'the object is encrypted with a key that cannot be used: one of the customer or one of a closed vault';
    case 'network':
      return word === UNKNOWN_HOST ? 'there is no such account, or its name cannot be resolved' : reasonOf(code);
    default:
      return reasonOf(code);
  }
}

/** `AuthorizationFailure, HTTP 403`: what a person looks up. */
function signature(error: unknown): string {
  const status = statusOf(error);
  const name = wordOf(error);
  const word = /^[A-Za-z0-9_.]{1,60}$/.test(name) ? name : 'Error';
  return status === undefined ? word : `${word}, HTTP ${status}`;
}

/** What may be kept of an SDK's error: names and numbers, none of its text. */
export class AzureFailure extends Error {
  readonly status: number | undefined;
  /** The store's own word, such as `AuthorizationPermissionMismatch`. */
  readonly word: string;

  constructor(error: unknown) {
    super(signature(error));
    this.name = 'AzureFailure';
    this.status = statusOf(error);
    this.word = wordOf(error);
  }
}

/** The store's error code, else that of the network, else the name of the error. */
export function wordOf(error: unknown): string {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: { errorCode?: unknown } };
  for (const word of [details?.errorCode, code]) if (typeof word === 'string' && word !== '') return word;
  return error instanceof Error ? error.name : '';
}

export function statusOf(error: unknown): number | undefined {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}
