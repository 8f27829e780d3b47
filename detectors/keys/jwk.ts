import type { Detector } from '../detector.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const QUOTE = '\\\\{0,3}["\']';
const SPACE = '[ \\t\\r\\n]{0,20}';
/** A member of the object; the private ones are `d` and `p`, and `k` of a symmetric key (RFC 7518, section 6). */
const PRIVATE = `${QUOTE}[dkp]${QUOTE}${SPACE}:${SPACE}${QUOTE}(?P<key>[0-9A-Za-z_-]{20,700})${QUOTE}`;

const shared = {
  name: 'Private key (JSON Web Key)',
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Replace the key in the key set and wherever its public half is trusted.',
  source: 'RFC 7517',
  edges: 'none',
  bits: 6,
} as const;

/** The whole object counts as the place, the private member alone as the value. */
const validate: Detector['validate'] = (_value, { key = '' }) => {
  const { lower, upper, digit } = countLetters(key);
  if (lower + upper === 0 || upper + digit === 0) return null;
  const suppressed = placeholderReason(key);
  return { checks: [], normalized: key, ...(suppressed === null ? {} : { suppressed }) };
};

const MIXED = 'lower:1 upper:1 digit:1';

export default [
  {
    ...shared,
    id: 'jwk-private-key',
    triggers: [{ literal: '"kty' }, { literal: "'kty" }],
    pattern: `(?P<value>["']kty${QUOTE}${SPACE}:${SPACE}${QUOTE}[^\\x00{}]{0,1000}?[^\\x00{}]{0,800}?${PRIVATE})`,
    maxLength: 2600,
    validate,
    examples: [
      `'{"kty": "EC", "crv": "P-256", "x": "' base64url:43 '", "d": "' ${MIXED} base64url:40 '"}'`,
      `'{"kty":"oct","k":"' ${MIXED} base64url:40 '","alg":"HS256"}'`,
      `'{\\n  "kty": "RSA",\\n  "n": "' base64url:342 '",\\n  "e": "AQAB",\\n  "d": "' ${MIXED} base64url:339 '"\\n}'`,
    ],
    counterExamples: {
      'a public key': `'{"kty":"EC","crv":"P-256","x":"' base64url:43 '","y":"' base64url:43 '"}'`,
      'a member of another object': `'{"kty":"EC"}, {"d": "' ${MIXED} base64url:40 '"}'`,
      'a placeholder': `'{"kty":"oct","k":"${'A'.repeat(43)}"}'`,
    },
  },
  {
    ...shared,
    // Members in alphabetical order: the private exponent stands before the type.
    id: 'jwk-private-key-sorted',
    triggers: [
      { literal: '"kty"', at: 'inside' },
      { literal: "'kty'", at: 'inside' },
    ],
    pattern: `(?P<value>${PRIVATE.replace('[dkp]', '[dk]').replace('20,700', '20,120')},[^\\x00{}]{0,200}?["']kty["'])`,
    maxLength: 500,
    validate,
    examples: [`'{"crv": "P-256", "d": "' ${MIXED} base64url:40 '", "kid": "17", "kty": "EC", "x": "..."}'`],
    counterExamples: {
      'a public key': `'{"crv":"P-256","kty":"EC","x":"' base64url:43 '"}'`,
      'a member of another object': `'{"d": "' ${MIXED} base64url:40 '"}, {"kty":"EC"}'`,
      'a placeholder': `'{"crv":"P-256","d":"${'A'.repeat(43)}","kty":"EC"}'`,
    },
  },
] satisfies Detector[];
