import { isFixedNetwork } from './cidr.ts';
import { hasWildcard } from './glob.ts';
import type { Subject } from './subject.ts';

interface ValueContext {
  isAccessPoint: boolean;
  /** The operator in lower case, without set prefix and IfExists. */
  base: string;
}
type Reader = (value: string, context: ValueContext) => Subject | null;

/**
 * The keys that say who calls or from where, as AWS counts them when it decides whether a policy is public ("The meaning
 * of public", S3 user guide, with the keys of the same notions added later). Every other key limits nobody: it speaks of
 * our own resource, of the request, or is chosen by the caller.
 */
const KEYS: Record<string, Reader> = {
  'aws:principalaccount': account,
  'aws:principalarn': callerArn,
  'aws:principalorgid': organisation,
  'aws:principalorgpaths': organisation,
  'aws:principalservicename': service,
  'aws:principalservicenameslist': service,
  'aws:userid': userId,
  'aws:sourceip': (value, { base }) =>
    (base === 'ipaddress' || base.startsWith('string')) && isFixedNetwork(value)
      ? { kind: 'network', type: 'ip', id: value }
      : null,
  'aws:sourcevpc': (value) => (isLiteral(value) ? { kind: 'network', type: 'vpc', id: value } : null),
  'aws:sourcevpce': (value) => (isLiteral(value) ? { kind: 'network', type: 'vpce', id: value } : null),
  'aws:sourcevpcarn': (value) => {
    const owner = arnAccount(value);
    return owner ? { kind: 'network', type: 'vpc', id: value, account: owner } : fixedText(value);
  },
  'aws:vpceaccount': (value) =>
    isAccount(value) ? { kind: 'network', type: 'vpce', id: `of account ${value}`, account: value } : fixedText(value),
  'aws:vpceorgid': organisation,
  'aws:vpceorgpaths': organisation,
  'aws:sourceaccount': sourceAccount,
  'aws:sourceowner': sourceAccount,
  'aws:sourcearn': sourceArn,
  'aws:sourceorgid': organisation,
  'aws:sourceorgpaths': organisation,
  's3:dataaccesspointaccount': (value) =>
    isAccount(value) ? { kind: 'access-point', account: value } : fixedText(value),
  's3:dataaccesspointarn': (value, { isAccessPoint }) => {
    if (isAccessPoint) return null;
    const owner = arnAccount(value);
    return owner ? { kind: 'access-point', account: owner } : fixedText(value);
  },
};
const FEDERATED_KEY =
  /^(graph\.facebook\.com|accounts\.google\.com|www\.amazon\.com|cognito-identity\.amazonaws\.com):(aud|sub|app_id|oaud)$/;

/** The subject a value of a condition key fixes, or null when the value leaves it open or the key limits nobody. */
export function fixedSubject(key: string, value: string, context: ValueContext): Subject | null {
  const reader = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (reader) return reader(value, context);
  return FEDERATED_KEY.test(key) && isLiteral(value) ? { kind: 'other', text: `${key} ${value}` } : null;
}

function account(value: string): Subject | null {
  return isAccount(value) ? { kind: 'account', account: value, text: value } : fixedText(value);
}

function callerArn(value: string): Subject | null {
  const owner = arnAccount(value);
  return owner ? { kind: 'account', account: owner, text: value } : fixedText(value);
}

function sourceAccount(value: string): Subject | null {
  return isAccount(value) ? { kind: 'source', account: value, byArn: false, text: value } : fixedText(value);
}

function sourceArn(value: string): Subject | null {
  const owner = arnAccount(value);
  if (owner) return { kind: 'source', account: owner, byArn: true, text: value };
  // `arn:aws:s3:::name` has no account field; only the whole name is fixed.
  const isNamed = /^arn:aws[\w-]*:[\w-]+:/.test(value) && isLiteral(value);
  return isNamed ? { kind: 'source', account: null, byArn: false, text: value } : fixedText(value);
}

/** `o-…`, or an organisation path whose first segment is one; what follows may be a pattern. */
function organisation(value: string): Subject | null {
  const org = value.split('/')[0] ?? '';
  return /^o-[A-Za-z0-9-]+$/.test(org) ? { kind: 'org', org } : fixedText(value);
}

/** Text without wildcards that names no account: still fixed, and whose it is cannot be told. */
function fixedText(value: string): Subject | null {
  return isLiteral(value) ? { kind: 'other', text: value } : null;
}

function service(value: string): Subject | null {
  return isLiteral(value) ? { kind: 'service', name: value } : null;
}

/** `AROAROLEID:*` is a fixed role with any session; `anonymous` is the one id everybody has. */
function userId(value: string): Subject | null {
  const fixed = isLiteral(value.replace(/^([A-Z0-9]{8,}):\*$/, '$1'));
  return fixed && value !== 'anonymous' ? { kind: 'other', text: `user id ${value}` } : null;
}

/** The account field of an ARN when it is fixed: the parts around it may hold wildcards. */
function arnAccount(value: string): string | null {
  const [arn, , , , owner = ''] = value.split(':');
  return arn === 'arn' && isAccount(owner) ? owner : null;
}

function isAccount(value: string): boolean {
  return /^\d{12}$/.test(value);
}

function isLiteral(value: string): boolean {
  return value !== '' && !hasWildcard(value);
}
