import type { Random } from '../detector.ts';
import { prefixedToken } from '../prefixed-token.ts';
import { checksumVerdict } from '../validators/checksum-verdict.ts';
import { upperHexCrc32 } from '../validators/hex-crc32.ts';

const SOURCE = 'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/';

function token(prefix: string, middle: string, length: number): (random: Random) => string {
  return (random) => {
    const before = prefix + random.chars('base64url', length) + middle;
    return before + upperHexCrc32(before);
  };
}

function judge(prefixLength: number) {
  return (value: string) =>
    checksumVerdict(upperHexCrc32(value.slice(0, -8)) === value.slice(-8), value.slice(0, -8), prefixLength);
}

export default [
  prefixedToken({
    id: 'atlassian-api-token',
    name: 'Atlassian API token',
    issuer: 'atlassian',
    severity: 'critical',
    shapes: ["'ATATT3' base64url:170-190 '=' HEX:8", "'ATCTT3' base64url:170-190 '=' HEX:8"],
    source: SOURCE,
    build: token('ATATT3', '=', 177),
    validate: judge(6),
  }),
  prefixedToken({
    id: 'bitbucket-app-password',
    name: 'Bitbucket app password',
    issuer: 'atlassian',
    severity: 'high',
    shapes: ["'ATBB' alnum:24 HEX:8"],
    source: SOURCE,
    build: (random) => {
      const before = `ATBB${random.chars('alnum', 24)}`;
      return before + upperHexCrc32(before);
    },
    validate: judge(4),
  }),
  prefixedToken({
    id: 'bitbucket-http-access-token',
    name: 'Bitbucket Data Center HTTP access token',
    issuer: 'atlassian',
    severity: 'high',
    shapes: ["'BBDC-' base64any:40-50"],
  }),
];
