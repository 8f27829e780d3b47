import type { Detector, Random } from '../detector.ts';
import { derBody } from '../keys/pem.ts';
import { inside, prefixedToken } from '../prefixed-token.ts';
import { judgePem } from '../validators/pem.ts';
import { randomBody } from '../validators/random-body.ts';

const FIX_ACCOUNT =
  'Delete the key of the service account in IAM, create a new one, and look the old key id up in the audit log.';
const ACCOUNT_SOURCE = 'https://cloud.google.com/iam/docs/keys-create-delete';
const PEM =
  '(?P<value>-----BEGIN (?:RSA )?PRIVATE KEY-----(?P<body>(?:[^\\x00-]|-{1,4}[^\\x00-])*)-----END (?:RSA )?PRIVATE KEY-----)';

const key = (random: Random, lineEnd: string): string =>
  `-----${'BEGIN'} PRIVATE KEY-----${lineEnd}${derBody(random, lineEnd)}${lineEnd}-----END PRIVATE KEY-----${lineEnd}`;
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
  prefixedToken({
    id: 'google-api-key',
    name: 'Google API key',
    issuer: 'google',
    severity: 'high',
    shapes: ["'AIza' base64url:35"],
    fix: 'Restrict the key to the APIs and addresses it is meant for, or delete it under APIs & Services > Credentials.',
    source: 'https://cloud.google.com/docs/authentication/api-keys',
    examples: ["'https://maps.googleapis.com/maps/api/js?key=AIzaSy' base64url:33 '&v=3'"],
    counterExamples: { 'another case': "'aizaSy' base64url:33", 'one character more': "'AIzaSy' alnum:34" },
  }),
  prefixedToken({
    id: 'google-express-key',
    name: 'Google Gemini or Vertex AI express key',
    issuer: 'google',
    severity: 'high',
    shapes: ["'AQ.Ab8R' base64url:46"],
    fix: 'Delete the key under APIs & Services > Credentials and create a new one.',
    bits: 7,
    build: "'AQ.Ab8RN6' base64url:44",
    counterExamples: { 'another case': "'aq.ab8rn6' base64url:44" },
  }),
  prefixedToken({
    id: 'google-oauth-client-secret',
    name: 'Google OAuth client secret',
    issuer: 'google',
    severity: 'high',
    shapes: ["'GOCSPX-' base64url:28"],
    fix: 'Add a new secret to the OAuth client and delete this one.',
    source: 'https://support.google.com/cloud/answer/15549257',
  }),
  prefixedToken({
    id: 'google-oauth-access-token',
    name: 'Google OAuth access token',
    issuer: 'google',
    severity: 'low',
    shapes: ["'ya29.' base64url:20-1000"],
    fix: 'Revoke the token; it ends by itself one hour after it was issued.',
    edges: { left: 'word', right: 'word' },
    bits: 5,
  }),
  prefixedToken({
    id: 'google-oauth-refresh-token',
    name: 'Google OAuth refresh token',
    issuer: 'google',
    severity: 'high',
    shapes: ["'1//0' base64url:40-100"],
    fix: 'Remove the access of the app under Security of the Google account.',
    bits: 5,
  }),
  {
    id: 'google-hmac-secret',
    name: 'Google Cloud Storage HMAC secret beside its id',
    issuer: 'google',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: 'Deactivate and delete the HMAC key under Cloud Storage > Settings > Interoperability.',
    source: 'https://cloud.google.com/storage/docs/authentication/hmackeys',
    triggers: [{ literal: 'GOOG' }],
    pattern: 'GOOG[0-9A-Z]{16,58}[^0-9A-Za-z](?:[^\\x00]{0,200}?[^0-9A-Za-z/+=])??(?P<value>[0-9A-Za-z/+]{40})',
    maxLength: 320,
    edges: 'base64',
    validate: (value) => randomBody(value, 0),
    bits: 6,
    examples: ["'GOOG1E' ualnum:55 ':' base64:40", "'access_id: GOOG1E' ualnum:55 '\\nsecret: ' base64:40 '\\n'"],
    counterExamples: {
      'the secret is one character short': "'GOOG1E' ualnum:55 ':' alnum:39",
      'a placeholder': `'GOOG1E' ualnum:55 ':${'x'.repeat(40)}'`,
    },
  },
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
] satisfies Detector[];
