import type { Detector, Random } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { base62Crc32, judgeBase62Crc32 } from '../validators/base62-crc32.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const FIX = 'Revoke the token with `npm token revoke` and check the packages it may publish for new versions.';

function token(random: Random): string {
  const body = random.chars('base62', 30);
  return `npm_${body}${base62Crc32(body)}`;
}

export default [
  {
    id: 'npm-access-token',
    name: 'npm access token',
    issuer: 'npm',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: FIX,
    source: 'https://docs.npmjs.com/about-access-tokens',
    triggers: [{ literal: 'npm_' }],
    pattern: '(?P<value>npm_[0-9A-Za-z]{36})(?P<more>[0-9A-Za-z_]?)',
    maxLength: 41,
    edges: { left: 'word', right: 'none' },
    validate: (value, groups) => {
      const verdict = judgeBase62Crc32(value, 4);
      return groups.more !== '' && groups.more !== undefined && !verdict.checks[0]?.passed ? null : verdict;
    },
    bits: 6,
    examples: [
      token,
      inside('//registry.npmjs.org/:_authToken=', token, '\n'),
      inside('', token, 'extra'),
      "'npm_' base62:36",
    ],
    counterExamples: {
      'a variable of npm': "'npm_config_registry_of_the_whole_company_name'",
      'the body is one character over and over': `'npm_${'x'.repeat(36)}'`,
      'one character short': "'npm_' base62:35",
      'part of a longer word': inside('a', token, ''),
    },
  },
  {
    id: 'npm-auth-token',
    name: 'npm legacy authentication token',
    issuer: 'npm',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: FIX,
    source: 'https://docs.npmjs.com/cli/configuring-npm/npmrc',
    triggers: [
      { literal: ':_authToken', at: 'inside' },
      { literal: '"_authToken"', at: 'inside' },
    ],
    pattern:
      '(?://[0-9A-Za-z_.:/-]{3,200}:_authToken[ \\t]{0,4}=|"_authToken"[ \\t]{0,4}:)[ \\t]{0,4}["\']?(?P<value>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})',
    maxLength: 280,
    edges: { left: 'word', right: 'token' },
    validate: (value) => {
      const suppressed = placeholderReason(value.replaceAll('-', ''));
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    bits: 5,
    examples: ["'//registry.npmjs.org/:_authToken=' uuid '\\n'", '\'"_authToken": "\' uuid \'"\''],
    counterExamples: {
      'no registry': "'_authToken=' uuid",
      'a variable': "'//registry.npmjs.org/:_authToken=$' '{NPM_TOKEN}'",
      'the empty UUID': "'//registry.npmjs.org/:_authToken=00000000-0000-0000-0000-000000000000'",
    },
  },
] satisfies Detector[];
