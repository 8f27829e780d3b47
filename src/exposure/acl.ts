import type { ActionClass, Grant, S3Acl, S3ObjectAcls } from '../model/exposure.ts';
import type { Guard } from './guards.ts';
import type { JudgedGrant } from './policy-grants.ts';
import type { Subject } from './subject.ts';
import { type Home, whoIs } from './who.ts';

interface Meaning {
  actions: ActionClass[];
  rawActions: string[];
}
/** What an ACL permission means on a bucket. For strangers WRITE creates objects; it neither overwrites nor deletes. */
const ON_BUCKET: Record<string, Meaning> = {
  READ: { actions: ['list'], rawActions: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'] },
  WRITE: { actions: ['write'], rawActions: ['s3:PutObject'] },
  READ_ACP: { actions: ['config-read'], rawActions: ['s3:GetBucketAcl'] },
  WRITE_ACP: { actions: ['change-permissions'], rawActions: ['s3:PutBucketAcl'] },
};
const ON_OBJECT: Record<string, Meaning> = {
  READ: { actions: ['read'], rawActions: ['s3:GetObject', 's3:GetObjectVersion'] },
  READ_ACP: { actions: ['config-read'], rawActions: ['s3:GetObjectAcl', 's3:GetObjectVersionAcl'] },
  WRITE_ACP: { actions: ['change-permissions'], rawActions: ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'] },
};

export interface AclContext {
  home: Home;
  /** `BucketOwnerEnforced` voids every ACL. */
  isVoid: boolean;
  ignoreAcls: Guard;
}

/** What the bucket's ACL gives; grants that a switch takes away stay as `dormant`. */
export function aclGrants(acl: S3Acl, context: AclContext): JudgedGrant[] {
  return acl.Grants.map((entry, index) =>
    judged(entry, context, ON_BUCKET, { path: 'bucket-acl', doc: `bucket ACL, ${entry.Permission ?? ''}`, index }),
  );
}

/** What the ACLs of the sampled objects give to others than the objects' owners. */
export function objectAclGrants({ objects, grants }: S3ObjectAcls, context: AclContext): JudgedGrant[] {
  return grants.map((entry, index) => {
    const doc = `ACLs of ${entry.objects} of ${objects} sampled objects, ${entry.Permission ?? ''}`;
    return judged(entry, context, ON_OBJECT, { path: 'object-acl', doc, index });
  });
}

function judged(
  entry: S3Acl['Grants'][number],
  context: AclContext,
  means: Record<string, Meaning>,
  where: { path: 'bucket-acl' | 'object-acl'; doc: string; index: number },
): JudgedGrant {
  const permission = entry.Permission ?? '';
  const subject = granteeSubject(entry.Grantee ?? {});
  const who = subject ? whoIs(subject, context.home) : null;
  const isGroup = subject?.kind === 'open';
  const blockedBy = context.isVoid
    ? who?.class === 'same-account'
      ? []
      : ['objectOwnership.BucketOwnerEnforced']
    : isGroup
      ? context.ignoreAcls.by
      : [];
  const meaning = meaningOf(permission, means);
  const grant: Grant = {
    principal: {
      class: who?.class ?? 'unknown',
      ids: [who?.id ?? 'grantee given by e-mail address'],
      trusted: who?.trusted ?? false,
    },
    ...meaning,
    scope: { prefixes: ['*'], except: [] },
    conditions: [],
    path: where.path,
    cause: { doc: where.doc, grantIndex: where.index },
    state: blockedBy.length > 0 ? 'dormant' : 'effective',
    ...(blockedBy.length > 0 && { blockedBy }),
    fix: [],
  };
  return {
    grant,
    reach: who?.reach ?? 'unknown',
    foreign: who?.foreign ? [who.foreign] : [],
    notes: who?.note ? [who.note] : [],
  };
}

function meaningOf(permission: string, means: Record<string, Meaning>): Meaning {
  const parts =
    permission === 'FULL_CONTROL' ? Object.values(means) : [means[permission] ?? { actions: [], rawActions: [] }];
  return { actions: parts.flatMap((part) => part.actions), rawActions: parts.flatMap((part) => part.rawActions) };
}

/** Groups by the end of their URI: some stores give it without the host, or in small letters with dashes. */
function granteeSubject(grantee: { URI?: string; ID?: string }): Subject | null {
  const group = grantee.URI?.split('/').at(-1)?.replaceAll('-', '').toLowerCase();
  if (group === 'allusers') return { kind: 'open', isAuthenticated: false };
  if (group === 'authenticatedusers') return { kind: 'open', isAuthenticated: true };
  if (group === 'logdelivery') return { kind: 'service', name: 'S3 log delivery' };
  const id = grantee.ID?.split('/').at(-1)?.toLowerCase();
  if (id === 'allusers' || id === 'all-users') return { kind: 'open', isAuthenticated: false };
  return grantee.ID ? { kind: 'canonical', id: grantee.ID } : null;
}
