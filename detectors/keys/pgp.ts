import type { Detector, Random } from '../detector.ts';
import { pemBody } from '../validators/pem.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { block, blockPattern, wrap } from './pem.ts';

/** Tag of a secret-key packet (RFC 9580, section 4.2) with room for its length, then random bytes. */
function body(random: Random): string {
  const bytes = Buffer.from(random.chars('base64', 800), 'base64');
  bytes.set([0x95, 0x02, 0x40, 0x04]);
  return `Version: GnuPG v2\n\n${wrap(bytes, '\n')}\n=${random.chars('base64', 4)}`;
}

export default {
  id: 'pgp-private-key',
  name: 'PGP private key block',
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Revoke the key and publish the revocation on the key servers.',
  source: 'RFC 9580, section 6.2',
  triggers: [{ literal: '-----BEGIN PGP PRIVATE KEY BLOCK-----' }],
  pattern: blockPattern('PGP PRIVATE KEY BLOCK'),
  maxLength: 16384,
  edges: 'none',
  validate: (_value, groups) => {
    const text = pemBody(groups.body ?? groups.rest ?? '');
    const tag = Buffer.from(text.slice(0, 4), 'base64')[0] ?? 0;
    // Packet type 5, secret key, in the old and in the new format.
    const passed = (tag & 0xfc) === 0x94 || tag === 0xc5;
    const suppressed = text.length < 48 ? 'placeholder' : placeholderReason(text);
    const checks = [{ name: 'structure', passed }];
    return { checks, bits: passed ? 4 : -4, ...(suppressed === null ? {} : { suppressed }) };
  },
  bits: 6,
  examples: [block('PGP PRIVATE KEY BLOCK', body)],
  counterExamples: {
    'an ellipsis for a body': block('PGP PRIVATE KEY BLOCK', () => '...'),
    'a public key': block('PGP PUBLIC KEY BLOCK', body),
  },
} satisfies Detector;
