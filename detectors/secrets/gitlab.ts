import type { Detector, Random } from '../detector.ts';
import { inside, type PrefixedToken, prefixedToken } from '../prefixed-token.ts';
import { base36Crc32, judgeBase36Crc32 } from '../validators/base36-crc32.ts';

const SOURCE = 'https://docs.gitlab.com/security/tokens/#token-prefixes';

const KINDS: Omit<PrefixedToken, 'issuer' | 'source'>[] = [
  {
    id: 'gitlab-personal-access-token',
    name: 'GitLab personal, group or project access token',
    severity: 'critical',
    shapes: ["'glpat-' base64url:20-22"],
  },
  { id: 'gitlab-deploy-token', name: 'GitLab deploy token', severity: 'high', shapes: ["'gldt-' base64url:20-64"] },
  {
    id: 'gitlab-runner-token',
    name: 'GitLab runner authentication token',
    severity: 'high',
    shapes: ["'glrt-' base64url:20-24", "'glrtr-' base64url:20-24"],
  },
  {
    id: 'gitlab-runner-registration-token',
    name: 'GitLab runner registration token',
    severity: 'high',
    shapes: ["'GR1348941' base64url:20-64"],
  },
  {
    id: 'gitlab-ci-job-token',
    name: 'GitLab CI job token',
    severity: 'medium',
    shapes: ["'glcbt-' lalnum:1-5 '_' base64url:20-64", "'glcbt-' base64url:20-64"],
  },
  {
    id: 'gitlab-trigger-token',
    name: 'GitLab pipeline trigger token',
    severity: 'high',
    shapes: ["'glptt-' hex:40", "'glptt-' base64url:20-64"],
  },
  { id: 'gitlab-feed-token', name: 'GitLab feed token', severity: 'medium', shapes: ["'glft-' base64url:20-64"] },
  {
    id: 'gitlab-agent-token',
    name: 'GitLab agent for Kubernetes token',
    severity: 'high',
    shapes: ["'glagent-' base64url:50-64"],
  },
  { id: 'gitlab-scim-token', name: 'GitLab SCIM token', severity: 'high', shapes: ["'glsoat-' base64url:20-64"] },
  {
    id: 'gitlab-oauth-secret',
    name: 'GitLab OAuth application secret',
    severity: 'high',
    shapes: ["'gloas-' base64url:64"],
  },
  {
    id: 'gitlab-incoming-mail-token',
    name: 'GitLab incoming mail token',
    severity: 'medium',
    shapes: ["'glimt-' base64url:25-64"],
  },
  {
    id: 'gitlab-feature-flag-token',
    name: 'GitLab feature flag client token',
    severity: 'medium',
    shapes: ["'glffct-' base64url:20-64"],
  },
  {
    id: 'gitlab-session-cookie',
    name: 'GitLab session cookie',
    severity: 'high',
    shapes: ["'_gitlab_session=' lalnum:32"],
    edges: { left: 'none', right: 'word' },
    fix: 'Sign the user out of all sessions.',
    // The name of the cookie may stand after anything.
    counterExamples: { 'part of a longer word': "'my_gitlab_sessions=' lalnum:32" },
  },
];

function routable(random: Random): string {
  const before = `glpat-${random.chars('base64url', 27)}.01.${random.chars('lalnum', 2)}`;
  return before + base36Crc32(before);
}

export default [
  ...KINDS.map((kind) => prefixedToken({ ...kind, issuer: 'gitlab', source: SOURCE })),
  {
    id: 'gitlab-routable-token',
    name: 'GitLab routable token',
    issuer: 'gitlab',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: 'Revoke the token in GitLab and issue a new one; it can be used by anyone who read it.',
    source: SOURCE,
    triggers: [{ literal: 'glpat-' }, { literal: 'glrt-' }],
    pattern: 'gl(?:pat|rt)-[0-9A-Za-z_-]{27,300}\\.(?:[0-9a-z]{2}\\.)?[0-9a-z]{9}',
    maxLength: 330,
    edges: { left: 'word', right: 'token' },
    validate: (value) => judgeBase36Crc32(value, value.indexOf('-') + 1),
    bits: 7,
    examples: [routable, inside('token="', routable, '"\n'), "'glrt-t1_' base64url:27 '.' lalnum:9"],
    counterExamples: {
      'the body is one character over and over': `'glpat-${'x'.repeat(27)}.01.${'x'.repeat(9)}'`,
      'one character short': "'glpat-' base64url:26 '.01.' lalnum:9",
      'part of a longer word': inside('a', routable, ''),
    },
  },
] satisfies Detector[];
