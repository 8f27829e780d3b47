import type { PrincipalElement } from './policy.ts';
import type { Subject } from './subject.ts';

/** Identity providers anyone can have an account with: open unless a condition fixes the audience or the subject. */
const WEB_IDENTITY = /^(graph\.facebook\.com|accounts\.google\.com|www\.amazon\.com|cognito-identity\.amazonaws\.com)$/;
const ACCOUNT_ARN = /^arn:aws[\w-]*:(?:iam|sts)::([^:]*):(.+)$/;
const DELETED_ID = /^A(?:IDA|ROA|GPA|NPA|IPA)[A-Z0-9]{8,}$/;

/** Who the entries of a `Principal` name. Entries that can be nobody are left out. */
export function principalSubjects(element: PrincipalElement, isVendorAws: boolean): Subject[] {
  return element.entries.flatMap(({ type, text }) => entrySubject(type, text, isVendorAws) ?? []);
}

function entrySubject(type: string, text: string, isVendorAws: boolean): Subject | null {
  if (type === 'AWS') return awsSubject(text, isVendorAws);
  if (text === '*' && type !== 'Service') return open();
  if (type === 'Service') return { kind: 'service', name: text };
  if (type === 'CanonicalUser') return { kind: 'canonical', id: text };
  if (type === 'Federated') return federatedSubject(text);
  return { kind: 'other', text: `${type} ${text}` };
}

function awsSubject(text: string, isVendorAws: boolean): Subject | null {
  if (text === '*') return open();
  if (text === '') return null;
  if (/^\d{12}$/.test(text)) return { kind: 'account', account: text, text };
  if (DELETED_ID.test(text)) return { kind: 'dangling', id: text };
  const arn = ACCOUNT_ARN.exec(text);
  if (!arn) {
    // Stores with users instead of accounts (versitygw, Ceph) name them bare; AWS refuses such a policy.
    return isVendorAws ? null : { kind: 'account', account: text, text };
  }
  const [, account = '', resource = ''] = arn;
  if (account === 'cloudfront') return { kind: 'cdn', text: resource.replace(/^user\//, ''), account: null };
  // PutBucketPolicy refuses wildcards in a principal; met in a file they may match anyone.
  if (/[*?]/.test(account)) return { kind: 'open', isAuthenticated: true };
  // No account of AWS has such a number; other stores name their tenants as they like.
  if (isVendorAws && !/^\d{12}$/.test(account)) return null;
  return { kind: 'account', account, text };
}

function federatedSubject(text: string): Subject {
  const account = ACCOUNT_ARN.exec(text)?.[1];
  if (account && /^\d{12}$/.test(account)) return { kind: 'account', account, text };
  if (WEB_IDENTITY.test(text) || text.includes('*')) return { kind: 'open', isAuthenticated: true };
  return { kind: 'other', text };
}

function open(): Subject {
  return { kind: 'open', isAuthenticated: false };
}
