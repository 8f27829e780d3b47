import type { Detector } from '../detector.ts';
import { prefixedToken } from '../prefixed-token.ts';
import { randomBody } from '../validators/random-body.ts';

const FIX = 'Delete the key in the Mailgun dashboard: anyone can send mail in your name with it.';
const SOURCE = 'https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/';
const CONTEXT = { strong: ['mailgun'], required: true };

export default [
  prefixedToken({
    id: 'mailgun-api-key',
    name: 'Mailgun API key',
    issuer: 'mailgun',
    severity: 'high',
    shapes: ["'key-' hex:32"],
    fix: FIX,
    source: SOURCE,
    bits: 3,
    context: { strong: ['mailgun'] },
    // Keys of other services have the form key-…, with more or other characters.
    counterExamples: { 'letters beyond hex': "'key-' [ghijklmnop]:32" },
  }),
  {
    id: 'mailgun-signing-key',
    name: 'Mailgun private or signing key',
    issuer: 'mailgun',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: [{ sequence: 'hhhh-hhhh', at: 'inside' }],
    pattern: '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}',
    maxLength: 50,
    edges: 'token',
    validate: (value) => randomBody(value, 0),
    bits: 0,
    context: CONTEXT,
    examples: [
      "'MAILGUN_API_KEY=' hex:32 '-' hex:8 '-' hex:8",
      "'mailgun: { apiKey: \"' hex:32 '-' hex:8 '-' hex:8 '\" }'",
    ],
    counterExamples: {
      'the name is nowhere near': "'trace: ' hex:32 '-' hex:8 '-' hex:8",
      'a UUID': "'mailgun id ' uuid",
      'the key is one character over and over': `'mailgun ${'0'.repeat(32)}-${'0'.repeat(8)}-${'0'.repeat(8)}'`,
    },
  },
] satisfies Detector[];
