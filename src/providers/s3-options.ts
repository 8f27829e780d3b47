/** How to reach S3. Everything may be absent or null; `config/` has already looked into the environment. */
export interface S3Options {
  /** An S3-compatible store instead of AWS; buckets are then addressed by path. */
  endpoint?: string | null;
  /** Account-level calls of a custom endpoint are made only when they have an endpoint of their own. */
  controlEndpoint?: string | null;
  stsEndpoint?: string | null;
  organizationsEndpoint?: string | null;
  kmsEndpoint?: string | null;
  cloudfrontEndpoint?: string | null;
  region?: string | null;
  /** 12 digits: every call fails unless the bucket belongs to this account. */
  expectedBucketOwner?: string | null;
  /** Lists earlier versions too. */
  versions?: boolean;
  /** Open connections of this provider; default 64. */
  maxSockets?: number;
  /** Accept to be billed for buckets whose readers pay. */
  requesterPays?: boolean;
  /** A response that brings no byte for so long is broken off and resumed; default 30,000. */
  idleTimeoutMs?: number;
  /** Tries after the first one without progress in between; default 8. */
  maxRetries?: number;
  /** Upper bound of the first random pause before a retry, doubled each time; default 100. */
  retryBaseMs?: number;
  /** Bytes of one ranged read; default 16 MiB. */
  rangeBytes?: number;
  /** Keys of one listing call; default 1,000, the most S3 gives. */
  pageSize?: number;
  /** Back-off shared with the other threads of this process (`createThrottles`); absent: this provider's own. */
  throttles?: SharedArrayBuffer;
  /** Absent: the SDK's default chain (environment, profile files, roles). */
  credentials?: S3Credentials | (() => Promise<S3Credentials>);
  /** Accounts whose buckets `s3://` means: ARNs of roles to assume, `self` for the identity's own; none: its own alone. */
  roles?: readonly string[];
  /** Name of the role to assume in every account of the organisation, whose buckets `s3://` then means too. */
  organizationRole?: string | null;
  /** The role that a bucket is read with, by its name; absent: as oneself. */
  bucketRoles?: Readonly<Record<string, string>>;
}

export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** Running totals of one provider. */
export interface ProviderCounters {
  requests: number;
  retries: number;
  /** Body bytes read. */
  bytes: number;
}
