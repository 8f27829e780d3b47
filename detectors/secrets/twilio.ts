import type { Detector } from '../detector.ts';
import { randomBody } from '../validators/random-body.ts';

const SOURCE = 'https://www.twilio.com/docs/iam/api-keys';
const FIX = 'Rotate the auth token or delete the API key in the Twilio console.';
const WORDS = ['twilio', 'account sid', 'auth token', 'sid', 'sms'];

export default [
  {
    id: 'twilio-auth-token',
    name: 'Twilio auth token',
    issuer: 'twilio',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: [{ literal: 'twilio', fold: true }, { sequence: 'AChhhhhh' }],
    pattern:
      '(?:AC[0-9a-f]{32}[^\\x00]{1,60}?|[Tt][Ww][Ii][Ll][Ii][Oo][0-9A-Za-z_. -]{0,20}(?:[Tt][Oo][Kk][Ee][Nn]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Kk][Ee][Yy])[^0-9A-Za-z\\n]{1,10}|[Tt][Ww][Ii][Ll][Ii][Oo][^\\x00]{0,80}?[^0-9A-Za-z]AC[0-9a-f]{32}[^0-9A-Za-z][^\\x00]{0,60}?[^0-9A-Za-z])(?P<value>[0-9a-f]{32})',
    maxLength: 240,
    edges: 'token',
    validate: (value) => randomBody(value, 0),
    bits: 5,
    examples: [
      "'TWILIO_AUTH_TOKEN=' hex:32 '\\n'",
      "'client = Client(\"AC' hex:32 '\", \"' hex:32 '\")'",
      "'twilio.Client(sid=\"AC' hex:32 '\", token=\"' hex:32 '\")'",
    ],
    counterExamples: {
      'a hash without the name': "'md5: ' hex:32",
      'a longer hash': "'TWILIO_AUTH_TOKEN=' hex:40",
      'one character over and over': `'TWILIO_AUTH_TOKEN=${'0'.repeat(32)}'`,
      'an account id alone': "'twilio account AC' hex:32",
    },
  },
  {
    id: 'twilio-api-key',
    name: 'Twilio API key',
    issuer: 'twilio',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: [{ sequence: 'SKhhhhhh' }],
    pattern: 'SK[0-9a-f]{32}',
    maxLength: 34,
    validate: (value) => randomBody(value, 2),
    bits: 3,
    context: { strong: WORDS },
    examples: ["'SK' hex:32", "'TWILIO_API_KEY=SK' hex:32"],
    counterExamples: {
      'capitals in the body': "'SK' [ABCDEF]:32",
      'one character short': "'SK' hex:31",
      'one character over and over': `'SK${'0'.repeat(32)}'`,
      'part of a longer word': "'TASK' hex:32",
    },
  },
  {
    id: 'twilio-account-sid',
    name: 'Twilio account SID',
    issuer: 'twilio',
    category: 'secret',
    severity: 'low',
    level: 'restricted',
    fix: 'An account SID is half of a credential: look for the auth token near it and rotate that.',
    source: SOURCE,
    triggers: [{ sequence: 'AChhhhhh' }],
    pattern: 'AC[0-9a-f]{32}',
    maxLength: 34,
    validate: (value) => randomBody(value, 2),
    bits: 2,
    context: { strong: WORDS },
    examples: ["'AC' hex:32", "'TWILIO_ACCOUNT_SID=AC' hex:32"],
    counterExamples: {
      'capitals in the body': "'AC' [ABCDEF]:32",
      'one character short': "'AC' hex:31",
      'one character over and over': `'AC${'f'.repeat(32)}'`,
    },
  },
] satisfies Detector[];
