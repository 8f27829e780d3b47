import type { Detector, Random } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { base62Crc32, judgeBase62Crc32 } from '../validators/base62-crc32.ts';
import { fineGrainedCheck, HASHED_LENGTH } from '../validators/github-fine-grained.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const SOURCE = 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/';

interface Kind {
  id: string;
  name: string;
  prefixes: string[];
  severity: Detector['severity'];
  lengths: number[];
  fix: string;
}

const KINDS: Kind[] = [
  {
    id: 'github-personal-access-token',
    name: 'GitHub personal access token (classic)',
    prefixes: ['ghp_'],
    severity: 'critical',
    lengths: [36],
    fix: 'Delete the token under Settings > Developer settings > Personal access tokens and check the security log for its use.',
  },
  {
    id: 'github-oauth-token',
    name: 'GitHub OAuth or app user token',
    prefixes: ['gho_', 'ghu_'],
    severity: 'high',
    lengths: [36],
    fix: 'Revoke the authorization of the app for this user and let the user sign in again.',
  },
  {
    id: 'github-app-installation-token',
    name: 'GitHub app installation token',
    prefixes: ['ghs_'],
    severity: 'high',
    lengths: [36],
    fix: 'Revoke the installation token; it ends by itself one hour after it was issued.',
  },
  {
    id: 'github-refresh-token',
    name: 'GitHub app refresh token',
    prefixes: ['ghr_'],
    severity: 'high',
    lengths: [76, 36],
    fix: 'Revoke the authorization of the app for this user; a refresh token issues new access tokens for six months.',
  },
];

/**
 * The character after a token is looked at by the validator and not as an edge: a token with a valid checksum is one
 * even where other text follows it without a break.
 */
function classic(kind: Kind): Detector {
  const { prefixes, lengths } = kind;
  const prefix = prefixes[0] as string;
  const length = lengths[0] as number;
  const token = (random: Random): string => {
    const body = random.chars('base62', length - 6);
    return random.pick(prefixes) + body + base62Crc32(body);
  };
  return {
    id: kind.id,
    name: kind.name,
    issuer: 'github',
    category: 'secret',
    severity: kind.severity,
    level: 'restricted',
    fix: kind.fix,
    source: SOURCE,
    triggers: prefixes.map((literal) => ({ literal })),
    pattern: lengths
      .map((count) => `(?:${prefixes.join('|')})[0-9A-Za-z]{${count}}`)
      .join('|')
      .replace(/^(.*)$/, '(?P<value>$1)(?P<more>[0-9A-Za-z_]?)'),
    maxLength: length + 5,
    edges: { left: 'word', right: 'none' },
    validate: (value, groups) => {
      const verdict = judgeBase62Crc32(value, prefix.length);
      return groups.more !== '' && groups.more !== undefined && !verdict.checks[0]?.passed ? null : verdict;
    },
    bits: 6,
    examples: [
      token,
      inside('GITHUB_TOKEN=', token, '\n'),
      inside('git clone https://x:', token, '@github.com/o/r.git'),
      // Joined to other text: only the checksum tells where it ends.
      inside('', token, 'extra'),
      // Drawn at random like the tokens of test suites: the checksum does not hold.
      `'${prefix}' base62:${length}`,
    ],
    counterExamples: {
      'the body is one character over and over': `'${prefix}${'x'.repeat(length)}'`,
      'one character short': (random) => `${prefix}${random.chars('base62', Math.min(...lengths) - 1)}`,
      'part of a longer word': inside('a', token, ''),
      'a longer run without a valid checksum': `'${prefix}' base62:${length + 1}`,
    },
  };
}

function fineGrained(random: Random): string {
  const hashed = `github_pat_${random.chars('base62', 22)}_${random.chars('base62', 43)}`;
  return hashed + fineGrainedCheck(hashed) + random.chars('base62', 8);
}

const PREFIX_LENGTH = 'github_pat_'.length;

export default [
  ...KINDS.map(classic),
  {
    id: 'github-fine-grained-token',
    name: 'GitHub personal access token (fine-grained)',
    issuer: 'github',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: 'Delete the token under Settings > Developer settings > Fine-grained tokens and check the security log for its use.',
    source: SOURCE,
    triggers: [{ literal: 'github_pat_' }],
    pattern: '(?P<value>github_pat_(?:[0-9A-Za-z]{22}_[0-9A-Za-z]{59}|[0-9A-Za-z_]{82}))(?P<more>[0-9A-Za-z_]?)',
    maxLength: 94,
    edges: { left: 'word', right: 'none' },
    validate: (value, groups) => {
      const passed = fineGrainedCheck(value.slice(0, HASHED_LENGTH)) === value.slice(HASHED_LENGTH, HASHED_LENGTH + 8);
      const checks = [{ name: 'sha256', passed }];
      if (passed) return { checks, bits: 12 };
      if (groups.more !== '' && groups.more !== undefined) return null;
      const suppressed = placeholderReason(value.slice(PREFIX_LENGTH));
      return suppressed === null ? { checks, bits: -4 } : { checks, bits: -4, suppressed };
    },
    bits: 6,
    examples: [
      fineGrained,
      inside('token: "', fineGrained, '"'),
      inside('', fineGrained, 'extra'),
      "'github_pat_' base62:22 '_' base62:59",
    ],
    counterExamples: {
      'the body is one character over and over': `'github_pat_${'x'.repeat(22)}_${'x'.repeat(59)}'`,
      'one character short': "'github_pat_' base62:22 '_' base62:58",
      'part of a longer word': inside('a', fineGrained, ''),
      'a longer run without a valid checksum': "'github_pat_' base62:22 '_' base62:60",
    },
  },
] satisfies Detector[];
