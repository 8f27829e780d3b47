import type { Detector } from '../detector.ts';
import { isPasswordName, judgeAssignment } from '../validators/assigned-secret.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { isCommonPassword, isTemplate } from '../validators/uri.ts';

const FIX = 'Replace the value wherever it is used and keep it in a secret store.';
const PASSWORD_NAMES = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  '_pass',
  'pass=',
  'pass:',
  'pw:',
  'pw=',
  'pw ',
];
const KEY_NAMES = [
  'secret',
  'token',
  'apikey',
  'api_key',
  'api-key',
  'api key',
  'access_key',
  'accesskey',
  'access-key',
  'access key',
  'auth_key',
  'authkey',
  'credential',
  'encryption_key',
  'private_key',
  'signing_key',
  'client_key',
];
/** Name, end of the name's quote, an operator, an opening quote. */
const NAME = '(?P<name>_?[A-Za-z]+(?:[ _-]?[0-9A-Za-z]+){0,6})';
const OPERATOR =
  '(?:["\'\\]\\\\\\x60)]{0,4}[ \\t]{0,8}(?P<op>:{1,3}=|=>|={1,3}|!==?|\\?=|\\.=|[:>,])[ \\t]{0,8}|[ ]{1,4})';
const QUOTE = '(?P<quote>\\\\?["\'\\x60]?)';

/** Tokens that page through a list or guard a form, and keys that are published. */
const NOT_SECRET = [
  'continuation',
  'next page',
  'page',
  'cursor',
  'csrf',
  'xsrf',
  'publishable',
  'public key',
  'site key',
];

const judge: Detector['validate'] = (value, groups) => {
  const { name = '', quote = '', op = '', more = '' } = groups;
  const isQuoted = quote !== '';
  if (more !== '') return null;
  // A list or a sentence: the value belongs to the name before it when it is quoted, or long and no password.
  if (op === ',' && !isQuoted) return null;
  if (op === '' && !isQuoted && (isPasswordName(name) || value.length < LONG_VALUE)) return null;
  if (op === ',' && isPasswordName(name) && countLetters(value).digit < 2) return null;
  return judgeAssignment({ name, value, isQuoted });
};

/** Characters of a value that may follow the name of a key with nothing but a space between. */
const LONG_VALUE = 20;

const shared = {
  issuer: 'generic',
  category: 'secret',
  level: 'restricted',
  fix: FIX,
  edges: 'none',
} as const;

export default [
  {
    ...shared,
    id: 'generic-password',
    name: 'Password in an assignment',
    severity: 'high',
    triggers: [...PASSWORD_NAMES, 'identified by'].map((literal) => ({ literal, fold: true })),
    pattern: `(?P<name>_?[A-Za-z]+(?:[ _-]?[0-9A-Za-z]+){0,4}?)${OPERATOR}${QUOTE}(?P<value>[^\\x00-\\x20"'<>\\x60,;)]{6,120})`,
    maxLength: 220,
    validate: judge,
    bits: 0,
    context: { against: NOT_SECRET },
    examples: [
      "'db_password = \"' alnum:6 [!$%]:1 digit:3 lower:2 '\"'",
      "'password=' upper:2 lower:4 digit:3 '!\\n'",
      "'DB_PASS=' alnum:12 digit:2",
      "'id:master,pw:' upper:1 lower:5 digit:3 '!'",
      "'<password>' upper:2 lower:6 digit:4 '</password>'",
      "'CREATE USER shop IDENTIFIED BY \\'' upper:2 lower:6 digit:4 '\\''",
      '\'{"password": "\' upper:2 lower:6 digit:4 \'"}\'',
    ],
    counterExamples: {
      'a call': "'password = getPassword()'",
      'a member': "'password = this.form.password2'",
      'a type': "'password: string'",
      'a template': "'password: $' '{DB_PASSWORD}'",
      'a placeholder in angle brackets': "'password: <YOUR_PASSWORD_1>'",
      'letters over and over': '\'password = "xxxxxxxx"\'',
      prose: "'the username/password combination. It was changed'",
      'a word of documentation': '\'password: "changeme"\'',
      'another thing of that name': "'password_hash = \"' hex:32 '\"'",
      'an empty value': '\'password = ""\'',
      'a word': "'password: required'",
      'a list of names': '\'["password", start:4104933, end:7]\'',
      'a label': "'password: Password*'",
    },
  },
  {
    ...shared,
    id: 'generic-secret',
    name: 'Secret or token in an assignment',
    severity: 'medium',
    // A key has a digit: code that only speaks of tokens is passed over before the pattern is asked.
    triggers: KEY_NAMES.map((literal) => ({
      literal,
      fold: true,
      ahead: { through: '^\\x0a\\x0d;{}<', meets: '0-9', within: 120 },
    })),
    pattern: `${NAME}${OPERATOR}${QUOTE}(?P<value>[0-9A-Za-z_+/=.~!@#$%^&*-]{12,200})(?P<more>\\(?)`,
    maxLength: 300,
    validate: judge,
    bits: 0,
    context: { against: NOT_SECRET },
    examples: [
      "'API_KEY = \"' hex:32 '\"'",
      "'client_secret: ' alnum:30 '7\\n'",
      '\'{"access_token": "\' alnum:36 \'9"}\'',
      "'secret_key=' alnum:40 '7'",
    ],
    counterExamples: {
      'a type': "'token: string | undefined'",
      'a call': "'const token = generateAccessToken(user)'",
      'a call of a member': "'private_key = ed25519.Ed25519PrivateKey.from_bytes(data)'",
      'a variable of the environment': "'apiKey: process.env.SHOP_API_KEY_V2'",
      'a count': "'max_tokens: 128000000000'",
      'a tokenizer': '\'tokenizer: "bert-base-uncased-2019-11"\'',
      'a name of a key': '\'secret_name: "prod5zyxlmy-cmk7-region2"\'',
      'an address': '\'token_url: "https://login.host.test/oauth2/v2/token"\'',
      'words with a dash': '\'secret: "projects-billing-production-2"\'',
      'a placeholder': '\'api_key = "YOUR_API_KEY_1234_HERE"\'',
      'a template': "'token: $' '{{ secrets.DEPLOY_TOKEN_2 }}'",
      'a special token of a model': '\'"eos_token": "<|endoftext|>"\'',
      'a token that pages through a list': '\'{"nextPageToken": "\' alnum:36 \'9"}\'',
      'counting characters': "'api_key: 0123456789abcdef0123456789abcdef'",
    },
  },
  {
    ...shared,
    id: 'command-line-password',
    name: 'Password or token on a command line',
    severity: 'high',
    triggers: ['--password ', '--passphrase ', '--token ', '--secret ', '--api-key ', '--pass '].map((literal) => ({
      literal,
    })),
    pattern: '--(?P<name>[a-z-]{4,12}) {1,3}["\']?(?P<value>[^\\x00-\\x20"\'<>\\x60]{6,200})',
    maxLength: 230,
    validate: (value, groups) =>
      value.startsWith('-') ? null : judgeAssignment({ name: groups.name ?? '', value, isQuoted: false }),
    bits: 0.5,
    examples: ["'mysql --user shop --password ' upper:2 lower:6 digit:4 ' db'", "'deploy --token ' alnum:24 '77'"],
    counterExamples: {
      'a variable': "'deploy --token $DEPLOY_TOKEN'",
      'the next option': "'mysql --password --host=db1.internal.host'",
      'a word': "'mysql --password swordfish'",
    },
  },
  {
    ...shared,
    id: 'curl-user-password',
    name: 'User and password of a curl command',
    severity: 'high',
    triggers: [{ literal: 'curl ' }],
    pattern:
      'curl (?:[^\\x00\\n\\\\]|\\\\[^\\x00]){0,300}?(?:-u|--user)[ =]{0,3}["\']?(?P<user>[^\\x00-\\x20:"\'<>]{0,60}):["\']?(?P<value>[^\\x00-\\x20"\'<>\\x60]{6,120})',
    maxLength: 512,
    validate: (value, groups) => {
      if (isTemplate(value) || isTemplate(groups.user ?? '') || value.includes('$(') || value.includes('${'))
        return null;
      const suppressed = isCommonPassword(value) ? 'placeholder' : placeholderReason(value);
      const { lower, upper, digit, other } = countLetters(value);
      const kinds = Number(lower > 0) + Number(upper > 0) + Number(digit > 0) + Number(other > 0);
      if (kinds < 2) return null;
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    bits: 3,
    examples: [
      "'curl -u robot:' alnum:14 '7 https://files.shop.internal/'",
      "'curl -X POST --user \"robot:' alnum:14 '7\" -d x'",
    ],
    counterExamples: {
      'a variable': '\'curl -u "robot:$ROBOT_PASSWORD" https://files.shop.internal/\'',
      'words of documentation': "'curl -u username:password https://files.shop.internal/'",
      'no password': "'curl -u robot https://files.shop.internal/a:b'",
    },
  },
] satisfies Detector[];
