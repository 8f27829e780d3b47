import type { Detector } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { issuerOfHost, judgeUrlPassword } from '../validators/uri.ts';

const URL = "'https://robot:' alnum:16 '@files.shop.internal/uploads'";

export default {
  id: 'url-password',
  name: 'URL with a password',
  issuer: 'generic',
  category: 'secret',
  severity: 'high',
  level: 'restricted',
  fix: 'Change the password and leave it out of the URL: addresses end up in logs and histories.',
  source: 'RFC 3986, section 3.2.1',
  triggers: [{ literal: '://', at: 'inside', ahead: { through: '^\\x00-\\x20/?#"\'<>\\\\', meets: '@', within: 210 } }],
  pattern:
    '[A-Za-z][A-Za-z0-9+.-]{1,20}://(?P<user>[^\\x00-\\x20:/?#@"\'<>\\\\]{0,80}):(?P<password>[^\\x00-\\x20/?#"\'<>\\\\@\\x60]{1,120}(?:@[^\\x00-\\x20/?#"\'<>\\\\@\\x60]{1,60})?)@(?P<host>[0-9A-Za-z_.-]{2,200}|\\[[0-9A-Fa-f:.]{2,40}\\])(?::[0-9]{1,5})?',
  maxLength: 510,
  edges: { left: 'word', right: 'none' },
  validate: (_value, groups) => {
    const host = groups.host ?? '';
    const verdict = judgeUrlPassword(groups.user ?? '', groups.password ?? '', host);
    const issuer = issuerOfHost(host);
    return verdict === null || issuer === null ? verdict : { ...verdict, issuer };
  },
  // More than an address or e-mail address that host and user may look like.
  bits: 3.8,
  examples: [
    URL,
    inside('remote = ', URL, '\n'),
    "'ftp://backup:' alnum:10 '@10.0.0.7/'",
    "'smb://robot:' lower:6 digit:4 '@10.0.0.7/share'",
    "'https://robot:' alnum:16 '@localhost:9200'",
    "'https://robot:' alnum:16 '@github.com/shop/site.git'",
    "'ftp://backup:' alnum:6 '$' '{' alnum:4 '!' alnum:4 '@files.shop.internal/'",
  ],
  counterExamples: {
    'a port and no password': "'https://url:8000/ @something else'",
    'a variable for the password': "'https://robot:$' '{TOKEN}@files.shop.internal/'",
    'a word of documentation': "'https://user:password@files.shop.internal/'",
    'a host of documentation and a word': "'https://username:secret@example.com/path'",
    'an address in the path': "'https://files.shop.internal/a:b@c'",
    'an account open to everyone': "'cvs://:pserver:anoncvs@files.shop.internal:/cvs/src'",
    'letters over and over': "'https://robot:xxxxxxxx@files.shop.internal/'",
  },
} satisfies Detector;
