import type { Detector } from '../detector.ts';
import { randomBody } from '../validators/random-body.ts';

const FIX = 'Send /revoke to BotFather: anyone can read and write the chats of the bot with the token.';
const SOURCE = 'https://core.telegram.org/bots/features#botfather';
const validate: Detector['validate'] = (value) => randomBody(value, value.indexOf(':') + 1);

export default [
  {
    id: 'telegram-bot-token',
    name: 'Telegram bot token',
    issuer: 'telegram',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: [{ sequence: '9999:AA', at: 'inside' }],
    // Tokens begin with AA: the upper bits of the hash they hold are fixed.
    pattern: '[0-9]{8,10}:AA[0-9A-Za-z_-]{33}',
    maxLength: 46,
    edges: { left: 'none', right: 'token' },
    validate,
    bits: 5,
    context: { strong: ['telegram', 'tgram', 'bot'] },
    examples: ["digit:10 ':AA' base64url:33", "'https://api.telegram.org/bot' digit:9 ':AA' base64url:33 '/getMe'"],
    counterExamples: {
      'one character short': "'bot ' digit:10 ':AA' base64url:32",
      'part of a longer run': "'bot ' digit:10 ':AA' base64url:40",
      'the body is one character over and over': `digit:10 ':AA${'a'.repeat(33)}'`,
    },
  },
  {
    id: 'telegram-bot-token-named',
    name: 'Telegram bot token of another form',
    issuer: 'telegram',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    source: SOURCE,
    triggers: [{ sequence: '99999:A', at: 'inside' }],
    pattern: '[0-9]{5,16}:[A-Z][0-9A-Za-z_-]{34}',
    maxLength: 52,
    edges: { left: 'word', right: 'token' },
    validate,
    bits: -3,
    context: { strong: ['telegram', 'tgram'], required: true },
    examples: ["'telegram token is ' digit:10 ':B' base64url:34"],
    counterExamples: {
      'no name of the service near': "digit:10 ':B' base64url:34",
      'one character short': "'telegram ' digit:10 ':B' base64url:33",
      'too many digits': "'telegram ' digit:17 ':B' base64url:34",
    },
  },
] satisfies Detector[];
