import type { Verdict } from '../detector.ts';
import { parseBase64Object } from './base64-json.ts';
import { placeholderReason } from './placeholder.ts';

/**
 * Judges a JSON web token by what it says of itself (RFC 7519): a header with `alg`, a payload that is JSON. Known issuers
 * are named; tokens that are meant to be public, and the one every tutorial shows, are not reported.
 */
export function judgeJwt(value: string): Verdict {
  const [head = '', body = '', signature = ''] = value.split('.');
  const header = parseBase64Object(head);
  const payload = parseBase64Object(body);
  const passed = typeof header?.alg === 'string' || typeof header?.enc === 'string';
  const checks = [
    { name: 'header', passed },
    { name: 'payload', passed: payload !== null },
  ];
  const bits = (passed ? 2 : -3) + (payload === null ? -2 : 2);
  const suppressed = payload === null ? null : publicReason(payload, signature);
  if (suppressed !== null) return { checks, bits, suppressed };
  if (payload?.iss === 'supabase' && payload.role === 'service_role') {
    return { checks, bits, issuer: 'supabase', severity: 'critical' };
  }
  const issuer = issuerOf(payload?.iss);
  return issuer === null ? { checks, bits } : { checks, bits, issuer };
}

/** Who signs for whom, by a part of the `iss` claim. */
const SIGNERS: Record<string, string> = {
  'sts.windows.net': 'azure',
  'login.microsoftonline.com': 'azure',
  'accounts.google.com': 'google',
  'securetoken.google.com': 'google',
  'cognito-idp.': 'aws',
  'kubernetes/serviceaccount': 'kubernetes',
  'kubernetes.default.svc': 'kubernetes',
  '.auth0.com': 'auth0',
  '.okta.com': 'okta',
};

function issuerOf(iss: unknown): string | null {
  if (typeof iss !== 'string') return null;
  for (const [part, issuer] of Object.entries(SIGNERS)) if (iss.includes(part)) return issuer;
  return null;
}

function publicReason(payload: Record<string, unknown>, signature: string): string | null {
  if (payload.sub === '1234567890' && payload.name === 'John Doe') return 'documentation-value';
  if (payload.iss === 'supabase' && payload.role === 'anon') return 'public-by-design';
  return signature === '' ? null : placeholderReason(signature);
}
