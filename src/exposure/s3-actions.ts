import type { ActionClass } from '../model/exposure.ts';
import { globCovers, globMatches } from './glob.ts';

/** What a grant of the action must name in `Resource` to mean anything. */
export type ActionLevel = 'bucket' | 'object';

export interface S3Action {
  /** As a policy writes it: `s3:GetObject`. */
  name: string;
  /** Null: an action that is not in this table, of this or another service. */
  class: ActionClass | null;
  level: ActionLevel;
}

/**
 * Actions a policy of a bucket or access point can grant, by class and level. Source: the service authorization
 * reference of Amazon S3. Account-level actions (jobs, Storage Lens, access grants) are not in it: no such policy can
 * grant them. `*Access Point*` actions work on an access point and open its bucket.
 */
const TABLE: [ActionClass, ActionLevel, string][] = [
  ['list', 'bucket', 'ListBucket ListBucketVersions ListBucketMultipartUploads'],
  ['list', 'object', 'ListMultipartUploadParts'],
  [
    'read',
    'object',
    `GetObject GetObjectVersion GetObjectTorrent GetObjectVersionTorrent GetObjectAttributes GetObjectVersionAttributes
     GetObjectTagging GetObjectVersionTagging GetObjectVersionForReplication`,
  ],
  [
    'write',
    'object',
    `PutObject ReplicateObject ReplicateTags RestoreObject AbortMultipartUpload PutObjectTagging PutObjectVersionTagging
     DeleteObjectTagging DeleteObjectVersionTagging PutObjectRetention PutObjectLegalHold UpdateObjectEncryption`,
  ],
  [
    'write',
    'bucket',
    `PutReplicationConfiguration PutBucketNotification PutInventoryConfiguration PutBucketLogging PutBucketVersioning
     PutBucketWebsite DeleteBucketWebsite PutBucketCORS PutEncryptionConfiguration PutBucketTagging PutBucketRequestPayment
     PutBucketObjectLockConfiguration PutAccelerateConfiguration PutAnalyticsConfiguration PutMetricsConfiguration
     PutIntelligentTieringConfiguration PauseReplication InitiateReplication`,
  ],
  ['delete', 'object', 'DeleteObject DeleteObjectVersion ReplicateDelete'],
  ['delete', 'bucket', 'DeleteBucket PutLifecycleConfiguration'],
  [
    'change-permissions',
    'object',
    'PutObjectAcl PutObjectVersionAcl BypassGovernanceRetention ObjectOwnerOverrideToBucketOwner',
  ],
  [
    'change-permissions',
    'bucket',
    `PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutBucketOwnershipControls PutBucketPublicAccessBlock
     PutAccessPointPolicy DeleteAccessPointPolicy PutAccessPointPublicAccessBlock CreateAccessPoint DeleteAccessPoint
     PutBucketAbac`,
  ],
  ['config-read', 'object', 'GetObjectAcl GetObjectVersionAcl GetObjectRetention GetObjectLegalHold'],
  [
    'config-read',
    'bucket',
    `GetBucketPolicy GetBucketPolicyStatus GetBucketAcl GetBucketLocation GetBucketLogging GetBucketNotification
     GetBucketVersioning GetBucketWebsite GetBucketCORS GetBucketTagging GetBucketRequestPayment
     GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPublicAccessBlock GetEncryptionConfiguration
     GetLifecycleConfiguration GetReplicationConfiguration GetInventoryConfiguration GetAccelerateConfiguration
     GetAnalyticsConfiguration GetMetricsConfiguration GetIntelligentTieringConfiguration GetAccessPoint
     GetAccessPointPolicy GetAccessPointPolicyStatus GetBucketAbac`,
  ],
  // A session in a directory bucket may do all of this to every key.
  ['list', 'bucket', 's3express:CreateSession'],
  ['read', 'bucket', 's3express:CreateSession'],
  ['write', 'bucket', 's3express:CreateSession'],
  ['delete', 'bucket', 's3express:CreateSession s3express:DeleteBucket s3express:PutLifecycleConfiguration'],
  ['change-permissions', 'bucket', 's3express:PutBucketPolicy s3express:DeleteBucketPolicy'],
  ['config-read', 'bucket', 's3express:GetBucketPolicy s3express:GetEncryptionConfiguration'],
];

export const S3_ACTIONS: readonly S3Action[] = TABLE.flatMap(([actionClass, level, names]) =>
  names.split(/\s+/).map((name) => ({ name: name.includes(':') ? name : `s3:${name}`, class: actionClass, level })),
);

/** What each pattern names, kept: policies write the same few. Cleared when it grows over its bound. */
const named = new Map<string, ReadonlySet<S3Action>>();
const MAX_PATTERNS = 10_000;

function namedBy(pattern: string): ReadonlySet<S3Action> {
  const kept = named.get(pattern);
  if (kept) return kept;
  if (named.size >= MAX_PATTERNS) named.clear();
  const lower = pattern.toLowerCase();
  const found = new Set(S3_ACTIONS.filter(({ name }) => globMatches(lower, name.toLowerCase())));
  named.set(pattern, found);
  return found;
}

/** Do the elements (`s3:Get*`, `*`, any case; with `isNot` all but these) name this action? */
export function namesAction(patterns: readonly string[], isNot: boolean, action: S3Action): boolean {
  const isNamed = patterns.some((pattern) => namedBy(pattern).has(action) || isSame(pattern, action));
  return isNamed !== isNot;
}

/** An action that is not in the table is its own pattern, and is named by what covers all of it. */
function isSame(pattern: string, action: S3Action): boolean {
  return action.class === null && globCovers(pattern.toLowerCase(), action.name.toLowerCase());
}

export interface Expanded {
  onBucket: readonly S3Action[];
  onObjects: readonly S3Action[];
  /** Elements that name nothing in the table stay as they are: the table may be older than the policy. */
  unknown: readonly S3Action[];
}
const expanded = new Map<string, Expanded>();

/** The actions of a statement. */
export function expandActions(patterns: readonly string[], isNot: boolean): Expanded {
  const id = `${isNot ? 'not ' : ''}${patterns.join(' ')}`;
  const kept = expanded.get(id);
  if (kept) return kept;
  if (expanded.size >= MAX_PATTERNS) expanded.clear();
  const known = isNot && patterns.length === 0 ? [] : S3_ACTIONS.filter((one) => namesAction(patterns, isNot, one));
  const others = isNot ? [] : patterns.filter((pattern) => namedBy(pattern).size === 0);
  const found: Expanded = {
    onBucket: known.filter(({ level }) => level === 'bucket'),
    onObjects: known.filter(({ level }) => level === 'object'),
    unknown: others.map((name) => ({ name, class: null, level: 'bucket' })),
  };
  expanded.set(id, found);
  return found;
}

const ORDER: ActionClass[] = ['list', 'read', 'write', 'delete', 'change-permissions', 'config-read'];
const summaries = new WeakMap<readonly S3Action[], { classes: ActionClass[]; names: string[] }>();

/** Classes in the order from reading to ruling, and names, each once. */
export function summaryOf(actions: readonly S3Action[]): { classes: ActionClass[]; names: string[] } {
  const kept = summaries.get(actions);
  if (kept) return kept;
  const summary = {
    classes: ORDER.filter((name) => actions.some((action) => action.class === name)),
    names: [...new Set(actions.map(({ name }) => name))],
  };
  summaries.set(actions, summary);
  return summary;
}
