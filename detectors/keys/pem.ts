import type { Detector, Example, Random } from '../detector.ts';
import { judgePem } from '../validators/pem.ts';

const FIX = 'Replace the key pair wherever its public half is trusted, and revoke certificates issued for it.';
const MAX_LENGTH = 16384;

/** A body that begins like the DER SEQUENCE of a 1,024-bit key. */
export function derBody(random: Random, lineEnd: string): string {
  const bytes = Buffer.from(random.chars('base64', 816), 'base64');
  bytes.set([0x30, 0x82, 0x02, 0x60, 0x02, 0x01, 0x00]);
  return wrap(bytes, lineEnd);
}

export function wrap(bytes: Buffer, lineEnd: string): string {
  return (bytes.toString('base64').match(/.{1,64}/g) ?? []).join(lineEnd);
}

export function block(label: string, body: (random: Random) => string, lineEnd = '\n'): Example {
  return (random) => `-----${'BEGIN'} ${label}-----${lineEnd}${body(random)}${lineEnd}-----END ${label}-----${lineEnd}`;
}

/** BEGIN line to END line; a block that was cut off ends with its base64. */
export function blockPattern(label: string): string {
  const whole = `(?P<body>(?:[^\\x00-]|-{1,4}[^\\x00-])*)-----END ${label}-----`;
  return `-----BEGIN (?P<label>${label})-----(?:${whole}|(?P<rest>[0-9A-Za-z+/= \\t\\r\\n\\\\"']+))`;
}

const rsa = (random: Random): string => derBody(random, '\n');

/** Labels of RFC 7468 and of tools. */
const KINDS = ['', 'RSA ', 'EC ', 'DSA ', 'ENCRYPTED ', 'SSH2 ENCRYPTED ', 'ANY ', 'ECDSA ', 'ED25519 ', 'PKCS8 '];

export default [
  {
    id: 'pem-private-key',
    name: 'Private key (PEM)',
    issuer: 'generic',
    category: 'key',
    severity: 'critical',
    level: 'restricted',
    fix: FIX,
    source: 'RFC 7468',
    triggers: KINDS.map((kind) => ({ literal: `-----BEGIN ${kind}PRIVATE KEY-----` })),
    pattern: blockPattern('(?:[A-Z0-9]{2,9} ){0,2}PRIVATE KEY'),
    maxLength: MAX_LENGTH,
    edges: 'none',
    validate: (_value, groups) => judgePem(groups.label ?? '', groups.body ?? groups.rest ?? ''),
    bits: 6,
    examples: [
      block('RSA PRIVATE KEY', rsa),
      block('PRIVATE KEY', rsa),
      block('EC PRIVATE KEY', (random) => wrap(Buffer.from(`MHcCAQEE${random.chars('base64', 152)}`, 'base64'), '\n')),
      // As in JSON that is itself inside a string.
      block('PRIVATE KEY', (random) => derBody(random, '\\n'), '\\n'),
      // As string literals of a program.
      block('RSA PRIVATE KEY', (random) => derBody(random, '\\n" +\n  "'), '\\n" +\n  "'),
      // Behind time stamps of a log.
      block('PRIVATE KEY', (random) => derBody(random, '\n2031-05-06 10:11:12 '), '\n2031-05-06 10:11:12 '),
      block('RSA PRIVATE KEY', (random) => derBody(random, '<br/>\n'), '<br/>\n'),
      // Added lines of a patch.
      block('RSA PRIVATE KEY', (random) => derBody(random, '\n+'), '\n+'),
      block('ECDSA PRIVATE KEY', rsa),
      // Cut off before its last line.
      (random) => `-----${'BEGIN'} PRIVATE KEY-----\n${rsa(random)}`,
      block('ENCRYPTED PRIVATE KEY', rsa),
      block(
        'RSA PRIVATE KEY',
        (random) => `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${random.chars('HEX', 32)}\n\n${rsa(random)}`,
      ),
    ],
    counterExamples: {
      'an ellipsis for a body': block('RSA PRIVATE KEY', () => '...'),
      'words for a body': block('PRIVATE KEY', () => 'the key stands here'),
      'a body too short for a key': block('PRIVATE KEY', (random) => random.chars('base64', 40)),
      'a public key': block('PUBLIC KEY', rsa),
      'a certificate': block('CERTIFICATE', rsa),
      'a body of one character': block('PRIVATE KEY', () => `MII${'A'.repeat(600)}`),
    },
  },
] satisfies Detector[];
