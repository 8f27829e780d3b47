import type { Detector } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { randomBody } from '../validators/random-body.ts';

const SOURCE = 'https://docs.slack.dev/authentication/tokens/';
const FIX = 'Revoke the token with auth.revoke or in the settings of the app, and install the app again.';
const BOT = "'xoxb-' digit:12 '-' digit:13 '-' alnum:24";
const USER = "'xoxp-' digit:12 '-' digit:12 '-' digit:13 '-' hex:32";
const WEBHOOK = "'https://hooks.slack.com/services/T' ualnum:10 '/B' ualnum:10 '/' alnum:24";

/** Ids of team, user and app are numbers: a token without ten digits is a name or a word of documentation. */
const token: Detector['validate'] = (value) => {
  const body = value.slice(value.indexOf('-') + 1);
  if (countLetters(body).digit < 6) return null;
  // Ids may be small or regular; the secret is the last part.
  const suppressed = placeholderReason(body.slice(body.lastIndexOf('-') + 1));
  return suppressed === null ? { checks: [] } : { checks: [], suppressed };
};

export default [
  {
    id: 'slack-token',
    name: 'Slack bot, user or workspace token',
    issuer: 'slack',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxo-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.xox'].map((literal) => ({
      literal,
    })),
    pattern: 'xox(?:e\\.xox)?[abeoprs]-[0-9A-Za-z]{1,16}-[0-9A-Za-z-]{8,256}',
    maxLength: 300,
    edges: { left: 'word', right: 'token' },
    validate: token,
    bits: 6,
    examples: [
      BOT,
      USER,
      inside('token=', BOT, '&channel=C1'),
      "'xoxb-' digit:11 '-' digit:13",
      "'xoxs-' digit:10 '-' digit:10 '-' digit:10 '-' hex:10",
      "'xoxe.xoxp-1-' alnum:163",
      "'xoxe-1-' alnum:146",
    ],
    counterExamples: {
      'a name instead of ids': "'xoxb-Slack-BOT-TOKEN-of-our-team'",
      'too short': "'xoxp-' digit:10",
      'a placeholder for the secret part': "'xoxb-' digit:12 '-' digit:13 '-xxxxxxxxxxxxxxxxxxxxxxxx'",
      'part of a longer word': inside('a', BOT, ''),
    },
  },
  {
    id: 'slack-app-token',
    name: 'Slack app-level token',
    issuer: 'slack',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: [{ literal: 'xapp-' }],
    pattern: 'xapp-(?:[0-9]-A[0-9A-Z]{8,12}-[0-9]{10,16}-[0-9a-z]{64}|[0-9]{10,14}-[0-9A-Za-z/+]{24})',
    maxLength: 120,
    edges: { left: 'word', right: 'token' },
    validate: (value) => randomBody(value, value.lastIndexOf('-') + 1),
    bits: 7,
    examples: ["'xapp-1-A' ualnum:10 '-' digit:13 '-' hex:64", "'xapp-' digit:12 '-' base64:24"],
    counterExamples: {
      'one character short': "'xapp-1-A' ualnum:10 '-' digit:13 '-' hex:63",
      'no app id': "'xapp-12345-' ualnum:10 '-' digit:13 '-' hex:64",
      'the secret is one character over and over': `'xapp-1-A' ualnum:10 '-' digit:13 '-${'0'.repeat(64)}'`,
    },
  },
  {
    id: 'slack-session-cookie',
    name: 'Slack session cookie',
    issuer: 'slack',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: 'Sign the user out of all sessions.',
    triggers: [{ literal: 'xoxd-' }],
    pattern: 'xoxd-[0-9A-Za-z%+/=_-]{60,500}',
    maxLength: 505,
    edges: { left: 'word', right: 'base64' },
    validate: (value) => randomBody(value, 5),
    bits: 6,
    examples: ["'xoxd-' base64:80", "'Cookie: d=xoxd-' alnum:100 '%2B' alnum:40 '; d-s=1'"],
    counterExamples: {
      'too short': "'xoxd-' base64:40",
      'the body is one character over and over': `'xoxd-${'s'.repeat(80)}'`,
    },
  },
  {
    id: 'slack-webhook',
    name: 'Slack webhook URL',
    issuer: 'slack',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: 'Delete the webhook in the settings of the app and create a new one: anyone can post with it.',
    source: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
    triggers: [{ literal: 'hooks.slack.com/' }, { literal: 'hooks.slack-gov.com/' }],
    pattern:
      'hooks\\.slack(?:-gov)?\\.com/(?:services/T[0-9A-Za-z_]{7,13}/B[0-9A-Za-z_]{7,13}/[0-9A-Za-z]{18,30}|(?:workflows|triggers)/[0-9A-Za-z_/]{40,140})',
    maxLength: 180,
    edges: { left: 'word', right: 'word' },
    validate: (value) => randomBody(value, value.lastIndexOf('/') + 1),
    bits: 6,
    examples: [
      WEBHOOK,
      inside('"', WEBHOOK, '"'),
      "'https://hooks.slack.com/workflows/T' ualnum:8 '/A' ualnum:9 '/' digit:18 '/' alnum:24",
    ],
    counterExamples: {
      'the address without a secret': "'https://hooks.slack.com/services/'",
      'letters of documentation': "'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'",
      'too short': "'https://hooks.slack.com/services/T' ualnum:10 '/B' ualnum:10 '/' alnum:12",
    },
  },
] satisfies Detector[];
