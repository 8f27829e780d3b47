import type { CloudFrontDistribution } from './cloudfront.ts';

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
  /** The owner's access points on this bucket, and those over several regions. Absent here and below: not asked. */
  accessPoints?: Fact<S3AccessPoint[]>;
  multiRegionAccessPoints?: Fact<S3AccessPoint[]>;
  /** ACLs of a sample of objects; asked only where they can count. */
  objectAcls?: Fact<S3ObjectAcls>;
  website?: Fact<{ IndexDocument?: { Suffix?: string } }>;
  replication?: Fact<S3Replication>;
  /** Encryption of new objects by default. */
  encryption?: Fact<{ SSEAlgorithm?: string; KMSMasterKeyID?: string }>;
  /** The organisation of the owner, null when it is in none; asked only when the policy names one. */
  organization?: Fact<{ Id?: string }>;
  /** Keys of the default encryption and of the sampled objects; asked, as they are, only where others are let in. */
  keys?: Fact<S3Key[]>;
  objectEncryption?: Fact<S3ObjectEncryption>;
  /** The owner's CloudFront distributions that lead here or that the policy names; asked only when it names CloudFront. */
  distributions?: Fact<CloudFrontDistribution[]>;
}
export interface S3Key {
  /** As the bucket or the object names it: id, ARN or alias. */
  id: string;
  /** Parsed JSON. */
  policy: Fact<unknown>;
  grants: Fact<{ GranteePrincipal?: string; Operations?: string[] }[]>;
}
/** How sampled objects are encrypted; no keys of objects, which may name people. */
export interface S3ObjectEncryption {
  objects: number;
  /** The bucket has objects beside the sampled ones. */
  isPartial: boolean;
  keys: { ServerSideEncryption?: string; SSEKMSKeyId?: string; objects: number }[];
}
/** A way into the bucket with a policy and switches of its own. */
export interface S3AccessPoint {
  name: string;
  /** `Internet | VPC` */
  networkOrigin: string;
  vpc: string | null;
  policy: Fact<unknown>;
  policyStatusIsPublic: Fact<boolean>;
  publicAccessBlock: Fact<S3PublicAccessBlock>;
}
/** What the ACLs of sampled objects give to others than the object's owner; no keys, which may name people. */
export interface S3ObjectAcls {
  objects: number;
  /** The bucket has objects beside the sampled ones. */
  isPartial: boolean;
  grants: (S3Acl['Grants'][number] & { objects: number })[];
}
export interface S3Replication {
  Rules?: {
    ID?: string;
    Status?: string;
    Prefix?: string;
    Filter?: { Prefix?: string; And?: { Prefix?: string } };
    Destination?: { Bucket?: string; Account?: string };
  }[];
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
  /** Folders that such a user cannot search, so that nothing below them can be reached: keys with a slash at their end, the first of them. */
  closed?: string[];
}
/** Facts of a container and of the account above it, in the words of Azure's own answers. */
export interface AzureEvidence {
  provider: 'azure-blob';
  /** Null: recorded evidence that does not name it. */
  storageAccount: string | null;
  /** The container that is judged; null: all of `containers`. */
  container: string | null;
  /** Subscription and tenant (Entra directory) that own the account. */
  owner: { subscription: string | null; tenant: string | null };
  account: Fact<AzureAccount>;
  containers: Fact<{ name: string; publicAccess: string | null }[]>;
  /** Whether `$web` is served as a static website. */
  staticWebsite: Fact<boolean>;
  accessPolicies: Fact<AzureAccessPolicy[]>;
  roleAssignments: Fact<AzureRoleAssignment[]>;
  replicationPolicies: Fact<AzureReplicationPolicy[]>;
  /** Custom endpoint the facts came from; null for Azure itself. */
  endpoint: string | null;
}
/** `properties` of a storage account; what is absent or null has its documented default. */
export interface AzureAccount {
  allowBlobPublicAccess?: boolean | null;
  /** `Enabled | Disabled | SecuredByPerimeter` */
  publicNetworkAccess?: string | null;
  networkAcls?: AzureNetworkRules | null;
  allowSharedKeyAccess?: boolean | null;
  allowCrossTenantReplication?: boolean | null;
  isSftpEnabled?: boolean | null;
  /** RFC 3339. */
  creationTime?: string | null;
  sasPolicy?: { sasExpirationPeriod?: string | null; expirationAction?: string | null } | null;
}
export interface AzureNetworkRules {
  /** `Allow | Deny` */
  defaultAction?: string | null;
  /** `None`, or of `Logging, Metrics, AzureServices`. */
  bypass?: string | null;
  ipRules?: { value?: string; action?: string | null }[] | null;
  virtualNetworkRules?: { id?: string; action?: string | null }[] | null;
  resourceAccessRules?: { tenantId?: string; resourceId?: string }[] | null;
}
/** A stored access policy, which SAS tokens may name. `permissions` are letters; times are RFC 3339. */
export interface AzureAccessPolicy {
  id: string;
  permissions: string;
  startsOn: string | null;
  expiresOn: string | null;
}
export interface AzureRoleAssignment {
  principalId: string;
  /** `User | Group | ServicePrincipal | ForeignGroup | Device` */
  principalType: string;
  /** Resource id of the role, which ends with its GUID. */
  roleDefinitionId: string;
  scope: string;
  condition: string | null;
  /** Set when the identity is one of another tenant. */
  delegatedManagedIdentityResourceId: string | null;
}
export interface AzureReplicationPolicy {
  /** Resource id, or only the name. */
  destinationAccount: string;
  sourceAccount: string;
  rules: { sourceContainer: string; prefixes: string[] }[];
}
/** Facts of a bucket and of what stands above it, in the words of Google's own answers. */
export interface GcsEvidence {
  provider: 'gcs';
  /** Null: recorded evidence that does not name it. */
  bucket: string | null;
  /** Id and number of the project that owns the bucket. */
  owner: { project: string | null; projectNumber: string | null };
  metadata: Fact<GcsBucket>;
  iamPolicy: Fact<GcsPolicy>;
  acl: Fact<GcsAclEntry[]>;
  /** What new objects get; says nothing of those that are there. */
  defaultObjectAcl: Fact<GcsAclEntry[]>;
  /** ACLs of objects; `isSample`: there are more objects. */
  objectAcls: Fact<{ objects: { name: string; acl: GcsAclEntry[] }[]; isSample: boolean }>;
  managedFolders: Fact<{ name: string; iamPolicy: Fact<GcsPolicy> }[]>;
  /** Whether the organisation policy enforces public access prevention on the project. */
  orgPolicy: Fact<{ publicAccessPrevention: boolean }>;
  /** Policies of project, folders and organisation, `projects/my-project`; each grants on the bucket too. */
  inherited: Fact<{ resource: string; iamPolicy: Fact<GcsPolicy> }[]>;
  /** Permissions of roles that were looked up, by their full name. */
  roles: Readonly<Record<string, Fact<string[]>>>;
  /** Custom endpoint the facts came from; null for Google itself. */
  endpoint: string | null;
}
export interface GcsBucket {
  iamConfiguration?: {
    /** `enforced | inherited | unspecified` */
    publicAccessPrevention?: string;
    uniformBucketLevelAccess?: { enabled?: boolean; lockedTime?: string };
  };
  billing?: { requesterPays?: boolean };
  /** Networks that requests may come from. */
  ipFilter?: {
    mode?: string;
    publicNetworkSource?: { allowedIpCidrRanges?: string[] };
    vpcNetworkSources?: { network?: string; allowedIpCidrRanges?: string[] }[];
  };
}
export interface GcsPolicy {
  bindings: GcsBinding[];
}
export interface GcsBinding {
  role: string;
  members: string[];
  /** CEL. */
  condition?: { title?: string; expression: string };
}
export interface GcsAclEntry {
  entity: string;
  role: string;
}
export type Evidence = S3Evidence | FilesystemEvidence | AzureEvidence | GcsEvidence;

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
export type GrantPath =
  | 'bucket-policy'
  | 'bucket-acl'
  | 'object-acl'
  | 'file-mode'
  | 'container-public-access'
  | 'website'
  | 'shared-key'
  | 'sas'
  | 'rbac'
  | 'replication-out'
  | 'access-point'
  | 'mrap'
  | 'cdn'
  | 'iam-binding'
  | 'managed-folder'
  | 'org-inherited';

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
  cause: { doc: string; statementIndex?: number; sid?: string; grantIndex?: number; binding?: number };
  state: 'effective' | 'blocked' | 'dormant';
  blockedBy?: string[];
  fix: string[];
  /** How far it goes now. Where the evaluator of a store does not say it, parts of its buckets are not told apart. */
  reach?: Reach;
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
  /** Classes of actions about which a fact is missing; absent when `reach` of the grants is. */
  open?: ActionClass[];
  collectedAt: string;
  because: string[];
  fix: string[];
}
