/** Exit codes of the contract. 4 wins over 2, 2 over 1, 1 over 3, 3 over 0. */
export const EXIT = { ok: 0, violated: 1, usage: 2, incomplete: 3, runtime: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every code an error can carry, with the exit code of a command that ends on it. Codes are stable: scripts match them. */
const CODES = {
  usage: 2,
  config: 2,
  'detector-invalid': 2,
  'fingerprint-key': 2,
  'state-locked': 4,
  'state-unusable': 4,
  'bad-credentials': 4,
  'access-denied': 4,
  'bucket-not-found': 4,
  'not-found': 4,
  'wrong-region': 4,
  'wrong-owner': 4,
  'object-changed': 4,
  'archived-tier': 4,
  encrypted: 4,
  'unaddressable-key': 4,
  'listing-failed': 4,
  network: 4,
  timeout: 4,
  corrupt: 4,
  cancelled: 4,
  internal: 4,
} as const satisfies Record<string, ExitCode>;
export type ErrorCode = keyof typeof CODES;

/**
 * The one error class that is shown to people. The message says operation, object, limit with its unit and what to do;
 * it never holds scanned data. `cause` keeps the original for `--verbose`.
 */
export class AssayError extends Error {
  readonly code: ErrorCode;
  /** Operation that failed (`s3:GetObject`), where there is one. */
  readonly operation: string | undefined;
  /** IAM permission that is missing, where one is. */
  readonly permission: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; operation?: string; permission?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AssayError';
    this.code = code;
    this.operation = options.operation;
    this.permission = options.permission;
  }

  get exitCode(): ExitCode {
    return CODES[this.code];
  }
}

export function isAssayError(error: unknown): error is AssayError {
  return error instanceof AssayError;
}
