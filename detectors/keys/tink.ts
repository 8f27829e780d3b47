import type { Detector, Random } from '../detector.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const shared = {
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Rotate the key set: add a new primary key, encrypt or sign again, and disable the old one.',
  source: 'https://developers.google.com/tink/design/keysets',
} as const;
const TYPE = 'type.googleapis.com/google.crypto.tink.';
const QUOTE = '\\\\{0,3}"';
const SPACE = '[ \\t\\r\\n]{0,40}';

/** Key sets in binary hold the type as text: its base64 at each of the three places a byte may have in a group. */
const BASE64_TYPES = [0, 1, 2].map((shift) => {
  const text = Buffer.from(`${' '.repeat(shift)}google.crypto.tink.`).toString('base64');
  return text.slice(shift === 0 ? 0 : 4, 24);
});

function binary(type: string): (random: Random) => string {
  return (random) =>
    Buffer.from(
      `\u0008\u0007\u0012${TYPE}${type}\u0012\u001a${random.chars('base64', 48)}\u0018\u0001\u0010\u0001`,
      'latin1',
    ).toString('base64');
}

export default [
  {
    ...shared,
    id: 'tink-keyset',
    name: 'Tink key set in clear text (JSON)',
    triggers: [{ literal: TYPE }],
    pattern: `type\\.googleapis\\.com/google\\.crypto\\.tink\\.[0-9A-Za-z]{3,60}${QUOTE},${SPACE}${QUOTE}value${QUOTE}${SPACE}:${SPACE}${QUOTE}(?P<value>[0-9A-Za-z+/_-]{16,1000}={0,2})${QUOTE},${SPACE}${QUOTE}keyMaterialType${QUOTE}${SPACE}:${SPACE}${QUOTE}(?:SYMMETRIC|ASYMMETRIC_PRIVATE)`,
    maxLength: 1600,
    edges: 'none',
    validate: (value) => {
      const suppressed = placeholderReason(value);
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    bits: 8,
    examples: [
      `'"keyData": {"typeUrl": "${TYPE}AesGcmKey", "value": "' base64:24 '", "keyMaterialType": "SYMMETRIC"}'`,
      `'"typeUrl":"${TYPE}EcdsaPrivateKey","value":"' base64:160 '","keyMaterialType":"ASYMMETRIC_PRIVATE"'`,
    ],
    counterExamples: {
      'a public key': `'"typeUrl":"${TYPE}EcdsaPublicKey","value":"' base64:160 '","keyMaterialType":"ASYMMETRIC_PUBLIC"'`,
      'a key that stays in a service': `'"typeUrl":"${TYPE}KmsAeadKey","value":"' base64:60 '","keyMaterialType":"REMOTE"'`,
      'a placeholder': `'"typeUrl":"${TYPE}AesGcmKey","value":"${'A'.repeat(24)}","keyMaterialType":"SYMMETRIC"'`,
    },
  },
  {
    ...shared,
    id: 'tink-keyset-binary',
    name: 'Tink key set in clear text (binary in base64)',
    triggers: BASE64_TYPES.map((literal) => ({ literal, at: 'inside' })),
    pattern: '[0-9A-Za-z+/]{60,500}={0,2}',
    maxLength: 510,
    edges: { left: 'base64', right: 'none' },
    validate: (value) => {
      const text = Buffer.from(value, 'base64').toString('latin1');
      if (!text.includes(TYPE) || text.includes('PublicKey') || text.includes('Kms')) return null;
      return { checks: [{ name: 'structure', passed: true }] };
    },
    bits: 7,
    examples: [binary('AesGcmKey'), (random) => `key: ${binary('EcdsaPrivateKey')(random)}\n`],
    counterExamples: {
      'a public key': binary('EcdsaPublicKey'),
      'the type alone': () => Buffer.from(TYPE).toString('base64'),
      'a key that stays in a service': binary('KmsAeadKey'),
    },
  },
] satisfies Detector[];
