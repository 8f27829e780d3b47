import type { Detector } from '../detector.ts';
import { ALPHABETS, expand } from '../sample.ts';
import { isMadeOf } from '../validators/entropy.ts';
import { randomBody } from '../validators/random-body.ts';

/** Prefixes of tokens that are worth finding in base64 too, as in the data of a Kubernetes Secret; five bytes or more. */
const KINDS: readonly (readonly [prefix: string, issuer: string, shape: string])[] = [
  ['github_pat_', 'github', "'github_pat_' base62:22 '_' base62:59"],
  ['ghp_', 'github', "'ghp_' base62:36"],
  ['gho_', 'github', "'gho_' base62:36"],
  ['ghu_', 'github', "'ghu_' base62:36"],
  ['ghs_', 'github', "'ghs_' base62:36"],
  ['ghr_', 'github', "'ghr_' base62:76"],
  ['glpat-', 'gitlab', "'glpat-' alnum:20"],
  ['AKIA', 'aws', "'AKIA' base32:16"],
  ['AIza', 'google', "'AIza' base64url:35"],
  ['GOCSPX-', 'google', "'GOCSPX-' base64url:28"],
  ['xoxb-', 'slack', "'xoxb-' digit:12 '-' digit:12 '-' alnum:24"],
  ['xoxp-', 'slack', "'xoxp-' digit:12 '-' digit:12 '-' digit:12 '-' hex:32"],
  ['sk_live_', 'stripe', "'sk_live_' alnum:24"],
  ['rk_live_', 'stripe', "'rk_live_' alnum:24"],
  ['sk-ant-', 'anthropic', "'sk-ant-api03-' base64url:95"],
  ['sk-proj-', 'openai', "'sk-proj-' base64url:120"],
  ['npm_', 'npm', "'npm_' base62:36"],
  ['pypi-', 'pypi', "'pypi-' base64url:150"],
  ['dckr_pat_', 'docker', "'dckr_pat_' base64url:27"],
  ['SG.', 'sendgrid', "'SG.' base64url:22 '.' base64url:43"],
];
const SHORTEST = 20;

/** The characters of the base64 that the prefix alone decides. */
function start(prefix: string): string {
  return Buffer.from(prefix)
    .toString('base64')
    .slice(0, Math.floor((prefix.length * 8) / 6));
}

function encoded(shape: string): (random: Parameters<typeof expand>[1]) => string {
  return (random) => Buffer.from(expand(shape, random)).toString('base64');
}

export default {
  id: 'base64-token',
  name: 'Token inside base64',
  issuer: 'generic',
  category: 'secret',
  severity: 'high',
  level: 'restricted',
  fix: 'Revoke the token at its issuer: base64 hides nothing.',
  triggers: KINDS.map(([prefix]) => ({ literal: start(prefix), after: '0-9A-Za-z+/_\\-' })),
  pattern: '[0-9A-Za-z+/_-]{24,400}={0,2}',
  maxLength: 402,
  edges: { left: 'base64', right: 'none' },
  validate: (value) => {
    const token = Buffer.from(value, 'base64').toString('latin1').trimEnd();
    const kind = KINDS.find(([prefix]) => token.startsWith(prefix));
    if (kind === undefined || token.length < SHORTEST || !isMadeOf(token, ALPHABETS.dotted)) return null;
    return { ...randomBody(token, kind[0].length), issuer: kind[1], normalized: token };
  },
  bits: 6,
  examples: KINDS.map(([, , shape]) => encoded(shape)),
  counterExamples: {
    'bytes that are no token': () =>
      Buffer.concat([Buffer.from('ghp_'), Buffer.from([1, 2, 3, 200, 201]), Buffer.alloc(30, 9)]).toString('base64'),
    'a token that is too short': encoded("'ghp_' base62:14"),
    'one character over and over': () => Buffer.from(`ghp_${'x'.repeat(36)}`).toString('base64'),
    'part of a longer text': (random) => `Z${encoded("'ghp_' base62:36")(random)}`,
  },
} satisfies Detector;
