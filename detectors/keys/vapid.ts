import type { Detector } from '../detector.ts';
import { countLetters } from '../validators/entropy.ts';
import { randomBody } from '../validators/random-body.ts';

export default {
  id: 'vapid-private-key',
  name: 'Web push (VAPID) private key',
  issuer: 'generic',
  category: 'key',
  severity: 'medium',
  level: 'restricted',
  fix: 'Create a new key pair; browsers have to subscribe again.',
  source: 'RFC 8292',
  triggers: [{ literal: 'vapid', fold: true, ahead: { through: '^\\x00', meets: ':="\'', within: 40 } }],
  // 32 bytes in base64url. The public key has 87 characters and begins with B.
  pattern: '[Vv][Aa][Pp][Ii][Dd][^\\x00]{0,400}?["\'\\x60 =:](?P<value>[0-9A-Za-z_-]{43})(?:=?["\'\\x60 ,;)\\r\\n])',
  maxLength: 460,
  edges: 'none',
  validate: (value) => {
    const { lower, upper, digit } = countLetters(value);
    return lower === 0 || upper === 0 || digit === 0 ? null : randomBody(value, 0);
  },
  bits: 4,
  examples: [
    "'VAPID_PRIVATE_KEY=' base64url:40 lower:1 upper:1 digit:1 '\\n'",
    '\'setVapidDetails("mailto:x", "B\' base64url:86 \'", "\' base64url:40 lower:1 upper:1 digit:1 \'")\'',
  ],
  counterExamples: {
    'the public key alone': "'VAPID_PUBLIC_KEY=\"B' base64url:86 '\"'",
    'one character short': "'VAPID_PRIVATE_KEY=' alnum:42 '\\n'",
    'a placeholder': `'VAPID_PRIVATE_KEY=${'x'.repeat(43)}\\n'`,
  },
} satisfies Detector;
