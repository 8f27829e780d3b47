import type { Detector, Random } from '../detector.ts';
import { judgePem } from '../validators/pem.ts';
import { derBody } from './pem.ts';

function wrapped(label: string): (random: Random) => string {
  return (random) =>
    Buffer.from(`-----${'BEGIN'} ${label}-----\n${derBody(random, '\n')}\n-----END ${label}-----\n`).toString('base64');
}

export default {
  id: 'base64-private-key',
  name: 'Private key (PEM inside base64)',
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Replace the key pair wherever its public half is trusted, and revoke certificates issued for it.',
  // Base64 of `-----BEGIN `.
  triggers: [{ literal: 'LS0tLS1CRUdJTi' }],
  pattern: 'LS0tLS1CRUdJTi[0-9A-Za-z+/]{60,}={0,2}',
  maxLength: 16384,
  edges: 'base64',
  validate: (value) => {
    const text = Buffer.from(value, 'base64').toString('latin1');
    const [, label = '', body = ''] = text.split('-----');
    return label.includes('PRIVATE KEY') ? judgePem(label, body) : null;
  },
  bits: 6,
  examples: [wrapped('PRIVATE KEY'), wrapped('RSA PRIVATE KEY')],
  counterExamples: {
    'a certificate': wrapped('CERTIFICATE'),
    'a public key': wrapped('PUBLIC KEY'),
    'the first line alone': () => Buffer.from(`-----${'BEGIN'} PRIVATE KEY-----\n...`).toString('base64'),
  },
} satisfies Detector;
