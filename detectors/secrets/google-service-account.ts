import type { Detector, Random } from '../detector.ts';
import { derBody } from '../keys/pem.ts';
import { inside } from '../prefixed-token.ts';
import { judgePem } from '../validators/pem.ts';

const FIX_ACCOUNT =
  'Delete the key of the service account in IAM, create a new one, and look the old key id up in the audit log.';
const ACCOUNT_SOURCE = 'https://cloud.google.com/iam/docs/keys-create-delete';
const PEM =
  '(?P<value>-----BEGIN (?:RSA )?PRIVATE KEY-----(?P<body>(?:[^\\x00-]|-{1,4}[^\\x00-])*)-----END (?:RSA )?PRIVATE KEY-----)';

const key = (random: Random, lineEnd: string): string =>
  `-----${'BEGIN'} PRIVATE KEY-----${lineEnd}${derBody(random, lineEnd)}${lineEnd}-----END PRIVATE KEY-----${lineEnd}`;
/** The beginning of the file in base64, as the console, `gcloud` and JSON libraries write it. */
const BASE64_STARTS = ['{', '{ ', '{\n  ', '{\n    ', '{\r\n  ']
  .flatMap((open) => [`${open}"type":"service_account"`, `${open}"type": "service_account"`])
  .map((text) =>
    Buffer.from(text)
      .toString('base64')
      .slice(0, Math.floor((text.length * 4) / 3) - 1),
  );
const email = '"client_email": "robot@project-17.iam.gserviceaccount.com"';
const validate: Detector['validate'] = (_value, groups) => judgePem('', groups.body ?? '');

const shared = {
  issuer: 'google',
  category: 'key',
  severity: 'critical',
  level: 'restricted',
  fix: FIX_ACCOUNT,
  source: ACCOUNT_SOURCE,
  maxLength: 8192,
  edges: 'none',
  validate,
  bits: 9,
} as const;

export default [
  {
    ...shared,
    id: 'google-service-account-key',
    name: 'Google service account key',
    triggers: [{ literal: '"service_account' }, { literal: "'service_account" }, { literal: '"service_account\\' }],
    pattern: `["']service_account[\\\\]{0,3}["'][^\\x00]{0,900}?${PEM}`,
    examples: [
      (random) =>
        `{"type": "service_account", "project_id": "project-17", "private_key_id": "${random.chars('hex', 40)}", "private_key": ${JSON.stringify(key(random, '\n'))}, ${email}}`,
      // The document inside a string of another one.
      (random) =>
        JSON.stringify({
          text: `{"type": "service_account", "private_key": ${JSON.stringify(key(random, '\n'))}, ${email}}`,
        }),
    ],
    counterExamples: {
      'another kind of account': (random) => `{"type": "authorized_user", "key": "${random.chars('hex', 40)}"}`,
      'the key is left out': `'{"type": "service_account", "private_key": "-----' 'BEGIN PRIVATE KEY-----...-----END PRIVATE KEY-----"}'`,
    },
  },
  {
    ...shared,
    id: 'google-service-account-key-sorted',
    name: 'Google service account key (fields in another order)',
    triggers: [{ literal: '-----BEGIN PRIVATE KEY-----' }, { literal: '-----BEGIN RSA PRIVATE KEY-----' }],
    pattern: `${PEM}[^\\x00]{0,900}?(?:iam\\.gserviceaccount\\.com|service_account)`,
    examples: [
      (random) =>
        `{"private_key": ${JSON.stringify(key(random, '\n'))}, "private_key_id": "${random.chars('hex', 40)}", "type": "service_account"}`,
      (random) => `private_key: |\n${key(random, '\n')}\nclient_email: robot@project-17.iam.gserviceaccount.com\n`,
    ],
    counterExamples: {
      'a key without an account is found as a private key': (random) => key(random, '\n'),
      'the key is left out': inside(
        `-----${'BEGIN'} PRIVATE KEY-----`,
        "'...'",
        '-----END PRIVATE KEY----- service_account',
      ),
    },
  },
  {
    ...shared,
    id: 'google-service-account-key-base64',
    name: 'Google service account key (base64 of the file)',
    triggers: BASE64_STARTS.map((literal) => ({ literal })),
    pattern: 'e[wy][0-9A-Za-z+/]{600}[0-9A-Za-z+/]*={0,2}',
    edges: 'base64',
    validate: (value) => {
      const text = Buffer.from(value, 'base64').toString('latin1');
      const from = text.indexOf('PRIVATE KEY-----');
      return from < 0 ? null : judgePem('', text.slice(from + 16).split('-----')[0] ?? '');
    },
    examples: [
      (random) =>
        Buffer.from(JSON.stringify({ type: 'service_account', private_key: key(random, '\n') })).toString('base64'),
      (random) =>
        `GOOGLE_KEY=${Buffer.from(JSON.stringify({ type: 'service_account', private_key: key(random, '\n') }, null, 2)).toString('base64')}\n`,
    ],
    counterExamples: {
      'no key inside': () =>
        Buffer.from(JSON.stringify({ type: 'service_account', note: 'words '.repeat(150) })).toString('base64'),
      'another document': () =>
        Buffer.from(JSON.stringify({ type: 'authorized_user', note: 'words '.repeat(150) })).toString('base64'),
      'the key is left out': () =>
        Buffer.from(
          `{"type": "service_account", "private_key": "-----${'BEGIN'} PRIVATE KEY-----...-----", "note": "${'words '.repeat(120)}"}`,
        ).toString('base64'),
    },
  },
] satisfies Detector[];
