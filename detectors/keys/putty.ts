import type { Detector } from '../detector.ts';
import { pemBody } from '../validators/pem.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const HEAD = "'PuTTY-User-Key-File-3: ssh-ed25519\\nEncryption: none\\nComment: robot\\nPublic-Lines: 1\\n'";

export default {
  id: 'putty-private-key',
  name: 'PuTTY private key',
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Remove its public half from every authorized_keys and account, and create a new key pair.',
  source: 'https://the.earth.li/~sgtatham/putty/0.81/htmldoc/AppendixC.html',
  triggers: [{ literal: 'PuTTY-User-Key-File-' }],
  pattern:
    'PuTTY-User-Key-File-[0-9]: (?P<head>[^\\x00]{10,1000}?[^\\x00]{0,1000}?)Private-Lines: [0-9]{1,3}(?P<body>[0-9A-Za-z+/=\\\\ \\r\\n"]{40,1000}[0-9A-Za-z+/=\\\\ \\r\\n"]*)',
  maxLength: 8192,
  edges: 'none',
  validate: (_value, groups) => {
    const suppressed = placeholderReason(pemBody(groups.body ?? ''));
    const isEncrypted = (groups.head ?? '').includes('Encryption: aes');
    const checks = [{ name: 'structure', passed: true }];
    if (suppressed !== null) return { checks, suppressed };
    return isEncrypted ? { checks, severity: 'medium' } : { checks };
  },
  bits: 7,
  examples: [`${HEAD} base64:64 '\\nPrivate-Lines: 1\\n' base64:48 '\\nPrivate-MAC: ' hex:64 '\\n'`],
  counterExamples: {
    'the public half alone': `${HEAD} base64:64 '\\n'`,
    'one character over and over': `${HEAD} base64:64 '\\nPrivate-Lines: 1\\n${'A'.repeat(48)}\\nPrivate-MAC: '`,
  },
} satisfies Detector;
