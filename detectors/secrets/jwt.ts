import type { Detector, Random } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { judgeJwt } from '../validators/jwt.ts';

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function token(payload: Record<string, unknown>): (random: Random) => string {
  return (random) =>
    `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...payload, jti: random.chars('hex', 16) })}.${random.chars('base64url', 43)}`;
}

const user = token({ sub: 'user-17', scope: 'read write' });

export default {
  id: 'jwt',
  name: 'JSON web token',
  issuer: 'generic',
  category: 'secret',
  severity: 'medium',
  level: 'restricted',
  fix: 'End the session the token belongs to, or rotate the signing key when it has no end.',
  source: 'RFC 7519',
  triggers: [{ literal: 'eyJ' }],
  // Header and payload are JSON objects, so both begin with `{"`; an encrypted token has five parts.
  pattern:
    'eyJ[0-9A-Za-z_-]{10,}(?:={0,2}\\.eyJ[0-9A-Za-z_-]{8,}={0,2}(?:\\.[0-9A-Za-z_/+-]{10,}={0,2})?|(?:\\.[0-9A-Za-z_-]{0,}){4})',
  maxLength: 8192,
  edges: { left: 'word', right: 'token' },
  validate: judgeJwt,
  bits: 4,
  examples: [
    user,
    token({ iss: 'https://sts.windows.net/17/' }),
    inside('Authorization: Bearer ', user, '\n'),
    inside('?token=', user, '&x=1'),
  ],
  counterExamples: {
    'the token of every tutorial': token({ sub: '1234567890', name: 'John Doe' }),
    'a key for the browser, public by design': token({ iss: 'supabase', role: 'anon' }),
    'a header alone': (random) => user(random).split('.')[0] as string,
    'other JSON in base64': (random) => `${encode({ page: random.int(9), text: 'a long text of words' })}.png`,
    'neither part is JSON': (random) => `eyJ${random.chars('base64url', 20)}.eyJ${random.chars('base64url', 20)}`,
  },
} satisfies Detector;
