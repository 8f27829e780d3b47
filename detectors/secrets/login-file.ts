import type { Detector, Random } from '../detector.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { isCommonPassword, isTemplate } from '../validators/uri.ts';

const shared = {
  issuer: 'generic',
  category: 'secret',
  severity: 'high',
  level: 'restricted',
  bits: 3,
} as const;

/** A password or token whose place says what it is. */
const judge: NonNullable<Detector['validate']> = (value) => {
  if (isTemplate(value) || isCommonPassword(value)) return { checks: [], suppressed: 'placeholder' };
  const suppressed = placeholderReason(value);
  if (suppressed !== null) return { checks: [], suppressed };
  const { lower, upper, digit, other } = countLetters(value);
  const kinds = [lower, upper, digit, other].filter((letters) => letters > 0).length;
  return { checks: [], bits: kinds >= 2 && value.length >= 6 ? 1 : -2.5 };
};

const auth = (user: string, password: (random: Random) => string) => (random: Random) =>
  `{"auths": {"registry.shop.internal": {"auth": "${Buffer.from(`${user}:${password(random)}`).toString('base64')}"}}}`;

export default [
  {
    ...shared,
    id: 'netrc-password',
    name: 'Password in a .netrc file',
    fix: 'Change the password of the account and keep the file out of data.',
    source: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
    triggers: [
      {
        literal: 'machine ',
        after: '0-9A-Za-z',
        ahead: { through: '0-9A-Za-z:-', meets: '.', within: 64 },
      },
    ],
    // From the name of the machine on: user and host alone are no secret, but they say whose it is.
    pattern:
      '(?P<value>machine[ \\t]+(?P<host>[^\\x00-\\x20"\'<>]{3,120})[ \\t\\r\\n]{1,12}login[ \\t]+[^\\x00-\\x20]{1,80}[ \\t\\r\\n]{1,12}password[ \\t]+(?P<password>[^\\x00-\\x20"\'<>]{4,200}))',
    maxLength: 460,
    edges: { left: 'word', right: 'none' },
    validate: (_value, groups) => judge(groups.password ?? '', {}),
    examples: [
      "'machine files.shop.internal login robot password ' alnum:14 '\\n'",
      "'machine api.host.test\\n  login robot\\n  password ' alnum:9 '!\\n'",
    ],
    counterExamples: {
      'a sentence about machines': "'the machine learning.test login needs a password of your own'",
      'a variable': "'machine files.shop.internal login robot password $ROBOT_PASSWORD'",
      'a word of documentation': "'machine files.shop.internal login robot password secret'",
      'letters over and over': "'machine files.shop.internal login robot password xxxxxxxx'",
    },
  },
  {
    ...shared,
    id: 'registry-login',
    name: 'Login of a registry (configuration of Docker or npm)',
    fix: 'Change the password of the registry account and use a credential helper.',
    source: 'https://docs.docker.com/reference/cli/docker/login/#credential-stores',
    triggers: [{ literal: '"auth"' }, { literal: '\\"auth\\"' }, { literal: '_auth=' }, { literal: '_auth =' }],
    pattern: '(?:\\\\?"auth\\\\?"[ ]{0,2}:|_auth ?=)[ ]{0,2}(?:\\\\?")?(?P<value>[0-9A-Za-z+/_-]{8,800}={0,2})',
    maxLength: 850,
    edges: 'none',
    validate: (value) => {
      const text = Buffer.from(value, 'base64').toString('latin1');
      const colon = text.indexOf(':');
      if (colon < 1 || !isPrintable(text)) return null;
      const verdict = judge(text.slice(colon + 1), {});
      return verdict === null ? null : { ...verdict, checks: [{ name: 'user-password', passed: true }] };
    },
    bits: 5,
    examples: [
      auth('robot', (random) => random.chars('alnum', 14)),
      auth('robot', (random) => random.chars('hex', 36)),
    ],
    counterExamples: {
      'no colon inside': '\'{"auth": "\' alnum:24 \'"}\'',
      'a kind of authentication': '\'{"auth": "certificate"}\'',
      'a word of documentation': auth('user', () => 'password'),
    },
  },
  {
    ...shared,
    id: 'remote-login-password',
    name: 'Password in a command of a remote login',
    fix: 'Change the password; use keys, or read it from a file that only its user can open.',
    triggers: [
      ...['sshpass ', 'mysql -', 'mysqldump -', 'mysqladmin -', 'sqlplus '].map((literal) => ({ literal })),
      { literal: 'psexec', fold: true },
    ],
    pattern:
      '(?:sshpass[ ]{1,3}-p[ ]{0,2}|mysql(?:dump|admin)?(?: [^\\x00\\x20]{1,60}){0,12}? -p|sqlplus [^\\x00\\n@/]{1,80}/|[Pp][Ss][Ee][Xx][Ee][Cc][^\\x00\\n]{1,160}? -p[ ]{1,2})["\']?(?P<value>[^\\x00-\\x20"\'<>\\x60]{4,80})',
    maxLength: 270,
    edges: 'none',
    validate: (value) =>
      value.startsWith('%') ? { checks: [], suppressed: 'placeholder' } : judge(value.split('@')[0] ?? '', {}),
    // More than the e-mail address that password and host may look like.
    bits: 5.5,
    examples: [
      "'mysql -u shop -p' alnum:11 '! orders'",
      "'sqlplus shop/' alnum:11 '!@db1.shop.internal'",
      "'sshpass -p \\'' alnum:11 '!\\' ssh robot@host'",
      "'PsExec.exe -u SHOP\\\\robot -p ' alnum:11 '! cmd'",
    ],
    counterExamples: {
      'a variable': "'sshpass -p $SSH_PASSWORD ssh robot@host'",
      'a variable of a batch file': "'PsExec.exe -u SHOP\\\\robot -p %SHOP_PW% cmd'",
      'a word of documentation': "'sshpass -p password ssh robot@host'",
      'an option that asks': "'mysql -u shop -p orders'",
      'a port': "'mysql -h db1 --port=3306 -u shop'",
      'a file': "'sshpass -f secrets.txt ssh robot@host'",
    },
  },
  {
    ...shared,
    id: 'curl-option-password',
    name: 'User and password or token in a libcurl option',
    fix: 'Change the password or token and read it from the environment.',
    source: 'https://curl.se/libcurl/c/curl_easy_setopt.html',
    triggers: [{ literal: 'CURLOPT_' }],
    pattern:
      'CURLOPT_(?:USERPWD|PROXYUSERPWD|PASSWORD|PROXYPASSWORD|XOAUTH2_BEARER|KEYPASSWD)["\']?[ ]{0,2}(?:,|=>|:|\\])[ =]{0,3}["\'](?:[^\\x00-\\x20:"\']{1,80}:)?(?P<value>[^\\x00-\\x20"\'<>]{6,400})["\']',
    maxLength: 530,
    edges: 'none',
    validate: (value) => (value.startsWith('CURL') ? null : judge(value, {})),
    examples: [
      "'curl_easy_setopt(curl, CURLOPT_USERPWD, \"robot:' alnum:12 '!\");'",
      "'curl_setopt($c, CURLOPT_XOAUTH2_BEARER, \"' alnum:40 '\");'",
      "'[CURLOPT_PASSWORD => \\'' alnum:11 '!\\']'",
    ],
    counterExamples: {
      'a variable': '\'curl_setopt($c, CURLOPT_USERPWD, $user . ":" . $password);\'',
      'a list of names': () => `'CURLOPT_PASSWORD', 'CURLOPT_READDATA'`,
      'another option': "'curl_setopt($c, CURLOPT_URL, \"' alnum:40 '\");'",
      'words of documentation': '\'curl_setopt($c, CURLOPT_USERPWD, "user:password");\'',
    },
  },
] satisfies Detector[];

function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126) return false;
  }
  return true;
}
