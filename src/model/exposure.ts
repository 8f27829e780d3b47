/** What a provider collected, verbatim; `exposure/` judges it. A fact is known (null: known to be none), refused, or unsupported. */
export type Fact<T> =
  | { state: 'known'; value: T | null }
  | { state: 'refused'; call: string; reason: string; permission: string }
  | { state: 'unsupported'; call: string };

export interface S3Evidence {
  provider: 'aws-s3';
  /** Null: every bucket that the policy names is this one (recorded evidence without a name). */
  bucket: string | null;
  /** What `policy` and `publicAccessBlock` belong to; absent means the bucket. */
  resource?: 'bucket' | 'access-point' | 'multi-region-access-point';
  /** Account id of the caller's own account when STS answered; owner as canonical id from the ACL. */
  owner: { account: string | null; canonicalId: string | null };
  /** Parsed JSON of the bucket policy. */
  policy: Fact<unknown>;
  acl: Fact<S3Acl>;
  /** `BucketOwnerEnforced | BucketOwnerPreferred | ObjectWriter`; null: no ownership controls (ACLs on). */
  objectOwnership: Fact<string>;
  publicAccessBlock: Fact<S3PublicAccessBlock>;
  accountPublicAccessBlock: Fact<S3PublicAccessBlock>;
  /** The vendor's own word from GetBucketPolicyStatus. */
  policyStatusIsPublic: Fact<boolean>;
  /** Custom endpoint the facts came from; null for AWS itself. */
  endpoint: string | null;
}
export interface S3Acl {
  Owner?: { ID?: string };
  Grants: { Grantee?: { Type?: string; URI?: string; ID?: string; EmailAddress?: string }; Permission?: string }[];
}
export interface S3PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}
export interface FilesystemEvidence {
  provider: 'filesystem';
  path: string;
  /** Files and directories a user outside owner and group can read or write (every parent searchable); counts exact, examples bounded. */
  worldReadable: Fact<{ count: number; examples: string[] }>;
  worldWritable: Fact<{ count: number; examples: string[] }>;
}
export type Evidence = S3Evidence | FilesystemEvidence;

export type PrincipalClass =
  | 'internet'
  | 'any-authenticated'
  | 'foreign-account'
  | 'foreign-org'
  | 'same-org'
  | 'same-account'
  | 'service'
  | 'network'
  | 'dangling'
  | 'unknown';
export type ActionClass = 'list' | 'read' | 'write' | 'delete' | 'change-permissions' | 'config-read';
export type GrantPath = 'bucket-policy' | 'bucket-acl' | 'object-acl' | 'file-mode';

export interface GrantCondition {
  key: string;
  operator: string;
  values: string[];
  kind: 'ip' | 'vpc' | 'vpce' | 'org' | 'account' | 'arn' | 'referer' | 'tls' | 'mfa' | 'time' | 'tag' | 'other';
}
export interface Grant {
  principal: { class: PrincipalClass; ids: string[]; trusted: boolean };
  actions: ActionClass[];
  rawActions: string[];
  scope: { prefixes: string[]; except: string[] };
  conditions: GrantCondition[];
  path: GrantPath;
  cause: { doc: string; statementIndex?: number; sid?: string; grantIndex?: number };
  state: 'effective' | 'blocked' | 'dormant';
  blockedBy?: string[];
  fix: string[];
}

/** Widest first; a proven public path beats an unknown, an unknown beats private. */
export type Reach = 'public' | 'cross-account' | 'organization' | 'private' | 'unknown';

/** The `exposure` object of the report. */
export interface Exposure {
  verdict: Reach;
  effective: { list: Reach; read: Reach; write: Reach; delete: Reach; changePermissions: Reach };
  vendorPublic: boolean | 'unknown';
  crossAccount: string[];
  grants: Grant[];
  unknowns: { call: string; reason: string; permission: string }[];
  collectedAt: string;
  because: string[];
  fix: string[];
}
