import type { Detector, Random } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { countLetters, isMadeOf } from '../validators/entropy.ts';
import { looksTyped, placeholderReason } from '../validators/placeholder.ts';
import { randomBody } from '../validators/random-body.ts';

const DIGITS = '0123456789';
/**
 * The first part of a token is base64 of a decimal number, so its first three characters are one of 100. Two digits
 * 0011aaaa 0011bbbb are 001100|aa aa0011|bbbb ..; the loop writes down the first three groups.
 */
const STARTS: string[] = [];
for (let number = 10; number < 100; number++) STARTS.push(Buffer.from(`${number}0`).toString('base64').slice(0, 3));

function token(random: Random): string {
  const id = `${1 + random.int(9)}${random.chars(DIGITS, 17)}`;
  return `${Buffer.from(id).toString('base64url')}.${random.chars('base64url', 6)}.${random.chars('base64url', 37)}x`;
}

export default [
  {
    id: 'discord-bot-token',
    name: 'Discord bot token',
    issuer: 'discord',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: 'Reset the token on the Bot page of the application in the Discord developer portal.',
    source: 'https://discord.com/developers/docs/reference#authentication',
    triggers: [...new Set(STARTS)].map((literal) => ({ literal })),
    pattern: '[MNO][0-9A-Za-z]{23,27}\\.[0-9A-Za-z_-]{6}\\.[0-9A-Za-z_-]{25,110}',
    maxLength: 150,
    edges: { left: 'word', right: 'token' },
    validate: (value) => {
      const [id = '', , secret = ''] = value.split('.');
      const number = Buffer.from(id, 'base64').toString('latin1');
      const passed = isMadeOf(number, DIGITS);
      const checks = [{ name: 'user-id', passed }];
      const suppressed = placeholderReason(secret);
      // An account number that counts up is typed: only the name of the service makes it likely again.
      const bits = (passed ? 6 : -2) - (looksTyped(number) ? 14 : 0);
      return { checks, bits, ...(suppressed === null ? {} : { suppressed }) };
    },
    bits: 3,
    context: { strong: ['discord'] },
    examples: [token, inside('Authorization: Bot ', token, '\n'), inside('client.login("', token, '")')],
    counterExamples: {
      'the first part is no number': "'NEws' alnum:16 '.html' alnum:2 '.' base64url:30",
      'a user id that counts up': (random) =>
        `${Buffer.from('1234567890' + '12345678').toString('base64')}.${random.chars('base62', 6)}.${random.chars('base62', 27)}`,
      'no secret part': (random) => token(random).slice(0, 32),
      'the secret is one character over and over': (random) => `${token(random).slice(0, 32)}${'x'.repeat(38)}`,
      'part of a longer word': inside('a', token, ''),
    },
  },
  {
    id: 'discord-named-secret',
    name: 'Discord client secret or token by its name',
    issuer: 'discord',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: 'Reset the secret of the application in the Discord developer portal.',
    source: 'https://discord.com/developers/docs/topics/oauth2',
    triggers: [
      {
        literal: 'discord',
        fold: true,
        ahead: { through: '0-9A-Za-z_ .\\-', meets: ':="\'\\]', within: 40 },
      },
    ],
    pattern:
      '[Dd][Ii][Ss][Cc][Oo][Rr][Dd](?P<name>[0-9A-Za-z_ .-]{0,40}?)(?: string| String)?["\'\\]]{0,2}[ \\t]{0,8}(?:[:|]{0,3}=|=>|[:,])[ \\t]{0,8}["\'\\x60]?(?P<value>[0-9a-f]{64}|[0-9A-Za-z_-]{32})',
    maxLength: 140,
    edges: { left: 'none', right: 'base64' },
    validate: (value, groups) => {
      const name = (groups.name ?? '').toLowerCase();
      if (!['secret', 'token', 'key'].some((word) => name.includes(word))) return null;
      return countLetters(value).digit < 2 ? null : randomBody(value, 0);
    },
    bits: 3,
    examples: [
      "'DISCORD_CLIENT_SECRET=' alnum:30 '27\\n'",
      "'discordToken := \"' hex:62 '27\"'",
      "'var discordSecret string = \"' base64url:29 '27a\"'",
    ],
    counterExamples: {
      'an id': "'DISCORD_CLIENT_ID=' alnum:30 '27'",
      'one character short': "'DISCORD_CLIENT_SECRET=' alnum:29 '27'",
      'a name of that length': "'discord_token: my-discord-token-of-production-a'",
      'a placeholder': `'DISCORD_CLIENT_SECRET=${'x'.repeat(32)}'`,
    },
  },
  {
    id: 'discord-webhook',
    name: 'Discord webhook URL',
    issuer: 'discord',
    category: 'secret',
    severity: 'medium',
    level: 'restricted',
    fix: 'Delete the webhook in the settings of the channel: anyone can post with it.',
    source: 'https://discord.com/developers/docs/resources/webhook',
    triggers: [{ literal: '/api/webhooks/', at: 'inside' }],
    pattern: 'discord(?:app)?\\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_-]{60,80}',
    maxLength: 140,
    edges: { left: 'word', right: 'token' },
    validate: (value) => randomBody(value, value.lastIndexOf('/') + 1),
    bits: 7,
    examples: [
      "'https://discord.com/api/webhooks/' digit:18 '/' base64url:67 alnum:1",
      "'https://canary.discordapp.com/api/webhooks/' digit:19 '/' base64url:67 alnum:1",
    ],
    counterExamples: {
      'another host': "'https://host.test/api/webhooks/' digit:18 '/' base64url:68",
      'too short': "'https://discord.com/api/webhooks/' digit:18 '/' base64url:30",
      'a placeholder': `'https://discord.com/api/webhooks/' digit:18 '/${'x'.repeat(68)}'`,
    },
  },
] satisfies Detector[];
