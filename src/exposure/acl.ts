import type { ActionClass, Grant, S3Acl } from '../model/exposure.ts';
import type { Guard } from './guards.ts';
import type { JudgedGrant } from './policy-grants.ts';
import type { Subject } from './subject.ts';
import { type Home, whoIs } from './who.ts';

/** What an ACL permission means on a bucket. For strangers WRITE creates objects; it neither overwrites nor deletes. */
const MEANS: Record<string, { actions: ActionClass[]; rawActions: string[] }> = {
  READ: { actions: ['list'], rawActions: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'] },
  WRITE: { actions: ['write'], rawActions: ['s3:PutObject'] },
  READ_ACP: { actions: ['config-read'], rawActions: ['s3:GetBucketAcl'] },
  WRITE_ACP: { actions: ['change-permissions'], rawActions: ['s3:PutBucketAcl'] },
};

export interface AclContext {
  home: Home;
  /** `BucketOwnerEnforced` voids every ACL. */
  isVoid: boolean;
  ignoreAcls: Guard;
}

/** What the bucket's ACL gives; grants that a switch takes away stay as `dormant`. */
export function aclGrants(acl: S3Acl, context: AclContext): JudgedGrant[] {
  return acl.Grants.map((entry, index) => {
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
    const meaning = meaningOf(permission);
    const grant: Grant = {
      principal: {
        class: who?.class ?? 'unknown',
        ids: [who?.id ?? 'grantee given by e-mail address'],
        trusted: who?.trusted ?? false,
      },
      ...meaning,
      scope: { prefixes: ['*'], except: [] },
      conditions: [],
      path: 'bucket-acl',
      cause: { doc: `bucket ACL, ${permission}`, grantIndex: index },
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
  });
}

function meaningOf(permission: string): { actions: ActionClass[]; rawActions: string[] } {
  const parts =
    permission === 'FULL_CONTROL' ? Object.values(MEANS) : [MEANS[permission] ?? { actions: [], rawActions: [] }];
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
