import type { Detector, Random } from '../detector.ts';
import { judgePem } from '../validators/pem.ts';
import { block, blockPattern, wrap } from './pem.ts';

/** The header of an Ed25519 key, `none` or a cipher, then random bytes for key and comment. */
function body(cipher: string, lineEnd: string): (random: Random) => string {
  return (random) => {
    const head = Buffer.from(
      `openssh-key-v1\0\0\0\0${String.fromCharCode(cipher.length)}${cipher}\0\0\0\u0004none`,
      'latin1',
    );
    return wrap(Buffer.concat([head, Buffer.from(random.chars('base64', 300), 'base64')]), lineEnd);
  };
}

export default {
  id: 'openssh-private-key',
  name: 'OpenSSH private key',
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Remove its public half from every authorized_keys and account, and create a new key pair.',
  source: 'https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key',
  triggers: [{ literal: '-----BEGIN OPENSSH PRIVATE KEY-----' }],
  pattern: blockPattern('OPENSSH PRIVATE KEY'),
  maxLength: 16384,
  edges: 'none',
  validate: (_value, groups) => judgePem('', groups.body ?? groups.rest ?? ''),
  bits: 6,
  examples: [
    block('OPENSSH PRIVATE KEY', body('none', '\n')),
    block('OPENSSH PRIVATE KEY', body('aes256-ctr', '\n')),
    block('OPENSSH PRIVATE KEY', body('none', '\\n'), '\\n'),
  ],
  counterExamples: {
    'nothing between the lines': block('OPENSSH PRIVATE KEY', () => ''),
    'an ellipsis for a body': block('OPENSSH PRIVATE KEY', () => '...'),
  },
} satisfies Detector;
