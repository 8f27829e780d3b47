import type { Detector, Random } from '../detector.ts';
import { countLetters } from '../validators/entropy.ts';
import { looksTyped, placeholderReason } from '../validators/placeholder.ts';
import { isCommonPassword, isTemplate } from '../validators/uri.ts';

function basic(user: string, password: (random: Random) => string): (random: Random) => string {
  return (random) => `Authorization: Basic ${Buffer.from(`${user}:${password(random)}`).toString('base64')}`;
}

export default [
  {
    id: 'authorization-basic',
    name: 'HTTP basic authentication',
    issuer: 'generic',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: 'Change the password of the account: the header holds it in plain text.',
    source: 'RFC 7617',
    triggers: [{ literal: 'basic ', fold: true }],
    pattern: '[Bb][Aa][Ss][Ii][Cc] {1,3}(?P<value>[0-9A-Za-z+/_-]{8,500}={0,2})',
    maxLength: 512,
    edges: { left: 'none', right: 'base64' },
    validate: (value) => {
      const text = Buffer.from(value, 'base64').toString('utf8');
      const colon = text.indexOf(':');
      if (colon < 0 || !isPrintable(text)) return null;
      const password = text.slice(colon + 1);
      const checks = [{ name: 'user-password', passed: true }];
      if (password === '' ? colon < 8 : isCommonPassword(password) || isTemplate(password)) {
        return { checks, suppressed: 'placeholder' };
      }
      const suppressed = placeholderReason(text);
      return suppressed === 'placeholder' ? { checks, suppressed } : { checks };
    },
    bits: 6,
    examples: [
      basic('robot', (random) => random.chars('alnum', 14)),
      basic('Aladdin', () => 'open the cave'),
      basic('', (random) => random.chars('hex', 32)),
    ],
    counterExamples: {
      'a word of prose': "'basic understanding of physics'",
      'user and password of documentation': basic('user', () => 'password'),
      'no colon inside': () => `Basic ${Buffer.from('something else here').toString('base64')}`,
      'bytes that are no text': () => `Basic ${Buffer.from([1, 2, 58, 200, 201, 202, 3, 4, 5]).toString('base64')}`,
    },
  },
  {
    id: 'authorization-bearer',
    name: 'HTTP bearer token',
    issuer: 'generic',
    category: 'secret',
    severity: 'medium',
    level: 'restricted',
    fix: 'Revoke the token at the service the request goes to.',
    source: 'RFC 6750',
    triggers: [
      { literal: 'bearer ', fold: true },
      { literal: 'authorization', fold: true },
      { literal: 'oauth2-bearer ', fold: true },
    ],
    pattern:
      '(?:[A-Za-z0-9]{0,7}-?[Bb][Ee][Aa][Rr][Ee][Rr] {1,3}|[Aa]uthorization["\']?[ ]{0,2}[:=][ ]{0,3}["\']?(?:(?P<scheme>[A-Za-z]{4,10}) {1,3})?)["\']?(?P<value>[0-9A-Za-z_~+/.-]{16,1000}={0,2})',
    maxLength: 1050,
    edges: { left: 'none', right: 'base64' },
    validate: (value, groups) => {
      const { lower, upper, digit } = countLetters(value);
      if (groups.scheme?.toLowerCase() === 'basic') return null;
      // Words joined by dots, dashes and underscores are names and not tokens.
      if (digit === 0 || lower + upper === 0 || digit + upper < 3) return null;
      const suppressed = placeholderReason(value);
      if (suppressed !== null) return { checks: [], suppressed };
      return { checks: [], bits: looksTyped(value) ? -3 : 0 };
    },
    bits: 1.8,
    examples: [
      "'Authorization: Bearer ' alnum:40 '\\n'",
      "'-H \"Authorization: Bearer ' hex:32 '\"'",
      "'Authorization: Token ' hex:40",
      "'--oauth2-bearer \"' base64:22 '==\"'",
    ],
    counterExamples: {
      'a word of prose': "'the bearer of this letter'",
      'a variable': "'Authorization: Bearer $' '{ACCESS_TOKEN}'",
      'names joined by dots': "'Bearer config.session.accessToken.current'",
      'a placeholder': "'Authorization: Bearer YOUR_ACCESS_TOKEN_1234_HERE'",
      'letters over and over': `'Authorization: Bearer ${'x'.repeat(40)}'`,
    },
  },
] satisfies Detector[];

function isPrintable(text: string): boolean {
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 32 || code === 127 || code === 0xfffd) return false;
  }
  return true;
}
