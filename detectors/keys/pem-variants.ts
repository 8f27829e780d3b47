import type { Detector, Example, Random } from '../detector.ts';
import { judgePem } from '../validators/pem.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { block, derBody } from './pem.ts';

const shared = {
  issuer: 'generic',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: 'Replace the key pair wherever its public half is trusted, and revoke certificates issued for it.',
  edges: 'none',
} as const;

/** A block as a form or a link carries it. */
function inUrl(label: string, space: string): Example {
  const whole = block(label, (random: Random) => derBody(random, '\n'));
  return (random) => encodeURIComponent((whole as (random: Random) => string)(random)).replaceAll('%20', space);
}

const number = (random: Random, bytes: number): string =>
  Buffer.from(random.chars('base64', Math.ceil((bytes * 4) / 3)), 'base64')
    .subarray(0, bytes)
    .toString('base64');

export default [
  {
    ...shared,
    id: 'pem-private-key-in-url',
    name: 'Private key (PEM in a URL)',
    triggers: [{ literal: '-----BEGIN%20' }, { literal: '-----BEGIN+' }],
    pattern:
      '-----BEGIN(?:%20|\\+)(?P<label>(?:[A-Z0-9]{2,9}(?:%20|\\+)){0,3}PRIVATE(?:%20|\\+)KEY)-----(?P<body>[0-9A-Za-z%+/=._~-]{60,1000}[0-9A-Za-z%+/=._~-]*)',
    maxLength: 16384,
    validate: (_value, groups) => judgePem(groups.label ?? '', decode(groups.body ?? '').split('-----')[0] ?? ''),
    bits: 6,
    examples: [inUrl('PRIVATE KEY', '%20'), inUrl('RSA PRIVATE KEY', '+')],
    counterExamples: {
      'a public key': inUrl('PUBLIC KEY', '%20'),
      'no body': () => `-----${'BEGIN'}%20PRIVATE%20KEY-----%0A...%0A-----END%20PRIVATE%20KEY-----`,
    },
  },
  {
    ...shared,
    id: 'ssh2-private-key',
    name: 'Private key (lines with spaces beside the dashes)',
    source: 'RFC 4716',
    triggers: [{ literal: '---- BEGIN ', after: 'A-Z' }],
    pattern:
      '-{4,5} BEGIN (?P<label>(?:[A-Z0-9]{2,9} ){0,2}PRIVATE KEY) -{4,5}(?P<body>(?:[^\\x00-]|-{1,3}[^\\x00-])*)-{4,5} END ',
    maxLength: 16384,
    validate: (_value, groups) => {
      const verdict = judgePem(groups.label ?? '', groups.body ?? '');
      // The format of ssh.com is no DER.
      return groups.label?.startsWith('SSH2') && verdict.suppressed === undefined ? { ...verdict, bits: 2 } : verdict;
    },
    bits: 6,
    examples: [
      (random) =>
        `---- ${'BEGIN'} SSH2 ENCRYPTED PRIVATE KEY ----\n${derBody(random, '\n')}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`,
      (random) => `----- ${'BEGIN'} RSA PRIVATE KEY -----\n${derBody(random, '\n')}\n----- END RSA PRIVATE KEY -----`,
    ],
    counterExamples: {
      'a public key': (random) =>
        `---- ${'BEGIN'} SSH2 PUBLIC KEY ----\n${derBody(random, '\n')}\n---- END SSH2 PUBLIC KEY ----`,
      'words for a body': () => `---- ${'BEGIN'} SSH2 PRIVATE KEY ----\nthe key\n---- END SSH2 PRIVATE KEY ----`,
    },
  },
  {
    ...shared,
    id: 'xml-rsa-private-key',
    name: 'RSA private key (XML)',
    source: 'https://learn.microsoft.com/dotnet/api/system.security.cryptography.rsa.toxmlstring',
    triggers: [{ literal: '<RSAKeyValue>' }],
    pattern:
      '<RSAKeyValue>[^\\x00]{0,1000}?[^\\x00]{0,1000}?<D>[ \\r\\n]{0,4}(?P<value>[0-9A-Za-z+/=\\r\\n ]{80,1000})</D>',
    maxLength: 4096,
    validate: (value) => {
      const suppressed = placeholderReason(value);
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    bits: 8,
    examples: [
      (random) =>
        `<RSAKeyValue><Modulus>${number(random, 128)}</Modulus><Exponent>AQAB</Exponent><P>${number(random, 64)}</P><D>${number(random, 128)}</D></RSAKeyValue>`,
    ],
    counterExamples: {
      'a public key': (random) =>
        `<RSAKeyValue><Modulus>${number(random, 128)}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>`,
      'one character over and over': () => `<RSAKeyValue><D>${'A'.repeat(172)}</D></RSAKeyValue>`,
    },
  },
] satisfies Detector[];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
