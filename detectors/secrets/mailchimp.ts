import type { Detector } from '../detector.ts';
import { randomBody } from '../validators/random-body.ts';

export default {
  id: 'mailchimp-api-key',
  name: 'Mailchimp API key',
  issuer: 'mailchimp',
  category: 'secret',
  severity: 'high',
  level: 'restricted',
  fix: 'Revoke the API key under Account > Extras > API keys: it reads and mails every list of the account.',
  source: 'https://mailchimp.com/developer/marketing/guides/quick-start/',
  // 128 random bits in hex and the data centre.
  triggers: [{ sequence: 'hhhh-us9', at: 'inside' }],
  pattern: '[0-9a-f]{32}-us[0-9]{1,2}',
  maxLength: 38,
  validate: (value) => randomBody(value.slice(0, 32), 0),
  bits: 6,
  examples: ["hex:32 '-us' digit:1", "'MAILCHIMP_API_KEY=' hex:32 '-us1' digit:1 '\\n'"],
  counterExamples: {
    'one character short': "hex:31 '-us9'",
    'part of a longer hash': "hex:40 '-us9'",
    'one character over and over': `'${'0'.repeat(32)}-us1'`,
    'a region of a cloud': "hex:32 '-us-east-1'",
  },
} satisfies Detector;
