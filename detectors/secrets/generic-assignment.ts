import type { Detector } from '../detector.ts';
import { judgeAssignment } from '../validators/assigned-secret.ts';
import { assignmentMatcher } from '../validators/assignment-match.ts';
import { countLetters } from '../validators/entropy.ts';
import { isPasswordName } from '../validators/secret-name.ts';

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
  'pswd',
  'psword',
  'passwort',
  'kennwort',
  'mot de passe',
  'contraseñ',
  'пароль',
  '密码',
  'パスワード',
];
/** Too short to stand inside a word or in noise. */
const SHORT_PASSWORD_NAMES = ['pw:', 'pw=', 'pw ', 'senha'];
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
const NAME = '(?P<name>[_.]?[A-Za-z]+(?:[ _-]?[0-9A-Za-z]+){0,6})';
/** `: string = `, `: `, ` => `, `" value="`, ` is `; what a language puts between a name and its value. */
const OPERATOR = [
  '(?:[ ]{0,2}:?[ ]{1,2}&?(?:string|String|str)[ ]{0,2}=[ ]{0,2}',
  '["\']?,?(?:[ ]?\\{)?[ \\t\\r\\n]{0,24}["\']?(?P<tie>[Vv]alue|default)["\']?[ \\t]{0,3}[:=][ \\t]{0,3}',
  '["\'\\]\\\\\\x60)]{0,4}[ \\t]{0,8}(?P<op>:{1,3}=|=>|={1,3}|!==?|\\?=|\\.=|[:>,：])\\*{0,2}[ \\t]{0,8}',
  '[ ]{1,2}(?P<verb>is|ist|est|es|é):?[ ]{1,2}',
  '[ ]{1,4})',
].join('|');
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
  'primary key',
  'foreign key',
  'partition key',
  'sort key',
  'cache key',
  'object key',
  'idempotency key',
];

const judge: Detector['validate'] = (value, groups) => {
  const { name = '', quote = '', op = '', more = '', tie = '', verb = '' } = groups;
  const isQuoted = quote !== '';
  const isPassword = isPasswordName(name);
  if (more !== '') return null;
  if (verb !== '') return isPassword && !isQuoted && !isSaid(value) ? null : judgeAssignment({ name, value, isQuoted });
  // A list or a sentence: the value belongs to the name before it when it is quoted, or long and no password.
  if (op === ',' && !isQuoted) return null;
  if (op === '' && tie === '' && !isQuoted && !name.toLowerCase().startsWith('identified')) {
    if (isPassword || value.length < LONG_VALUE) return null;
  }
  if (op === ',' && isPassword && countLetters(value).digit < 2) return null;
  // `_key` and `auth` alone say little: what follows must not look like a name of a program.
  if (isVague(name) && (op === ',' || value.includes('_') || value.includes('.'))) return null;
  return judgeAssignment({ name, value, isQuoted, isEnvironment: op === '=' && name === name.toUpperCase() });
};

function isVague(name: string): boolean {
  const first = name.charAt(0);
  return first === '.' || (first === '_' && ['_key', '_auth'].includes(name.toLowerCase()));
}

/** In a sentence (`the password is …`) only what no word looks like is a password. */
function isSaid(value: string): boolean {
  const { lower, upper, digit, other } = countLetters(value);
  const kinds = [lower, upper, digit, other].filter((letters) => letters > 0).length;
  return digit >= 2 ? lower + upper >= 3 : digit === 1 && kinds >= 3;
}

/** On the same line, in the same statement. */
const VALUE_AHEAD = { through: '^\\x0a\\x0d;{}<', meets: '0-9', within: 120 };

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
    triggers: [
      ...[...PASSWORD_NAMES, 'identified by'].map((literal) => ({ literal, fold: true })),
      ...SHORT_PASSWORD_NAMES.map((literal) => ({ literal, fold: true, before: '\\x00-\\x20"\',;{(_-' })),
    ],
    pattern: `(?P<name>_?[A-Za-zÀ-ӿ぀-鿿]+(?:[ _-]?[0-9A-Za-z]+){0,4}?)${OPERATOR}${QUOTE}(?P<value>(?:[^\\x00-\\x20"'<>\\x60,;)]|[)>][0-9A-Za-z_#$!-]){6,120})`,
    matchAt: assignmentMatcher({
      signs: '_',
      isWide: true,
      maxWords: 4,
      prefers: 'shortest',
      value: /[^\0-\x20"'<>`,;)]/,
      behindBracket: /[0-9A-Za-z_#$!-]/,
      min: 6,
      max: 120,
      takesCall: false,
    }),
    maxLength: 260,
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
      '\'{"name": "DB_PASSWORD", "value": "\' upper:2 lower:6 digit:4 \'"}\'',
      '\'<property name="password" value="\' upper:2 lower:6 digit:4 \'"/>\'',
      "'- name: DB_PASSWORD\\n  value: ' upper:2 lower:6 digit:4 '\\n'",
      "'var dbPassword string = \"' upper:2 lower:6 digit:4 '\"'",
      "'password: str = \"' upper:2 lower:6 digit:4 '\"'",
      "'let password: &str = \"' upper:2 lower:6 digit:4 '\"'",
      '\'variable "db_password" {\\n  default = "\' upper:2 lower:6 digit:4 \'"\\n}\'',
      "'**Password:** ' upper:2 lower:6 digit:4 '\\n'",
      "'host=db1 user=app password=' lower:7 digit:3 ' dbname=shop'",
      "'define(\\'DB_PASSWORD\\', \\'' upper:2 lower:6 digit:4 '\\');'",
      "'IDENTIFIED BY ' upper:2 lower:6 digit:4 ';'",
      "'Dein Passwort: ' upper:2 lower:6 digit:4 '\\n'",
      "'Ваш пароль: ' upper:2 lower:6 digit:4 '\\n'",
      "'数据库密码：' upper:2 lower:6 digit:4 '\\n'",
      "'the password is ' upper:2 lower:6 digit:4 ', please keep it'",
      "'export DB_PASSWORD=' lower:9 '\\n'",
      "'password = \"' lower:3 '{{' lower:2 '}' lower:3 '$' '{' lower:2 ']' lower:3 '(' lower:3 '\"'",
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
      'a sentence': "'the password is required_for_all users of 2nd level'",
      'a host and a port': () => `('user', 'password', 'localhost:22')`,
      'a method': "'password: pbkdf2sha256'",
      'a state': "'DB_PASSWORD=required'",
      'a word of documentation in base64': () => `  password: ${Buffer.from('changeme').toString('base64')}\n`,
      'noise of encoded bytes': "'M[@%]PW:' upper:4 '.Q?2M^S'",
      'a type with a default that is empty': '\'password: string = ""\'',
      'an attribute of a form': '\'<input name="password" value="{{ user.password }}"/>\'',
    },
  },
  {
    ...shared,
    id: 'generic-secret',
    name: 'Secret or token in an assignment',
    severity: 'medium',
    // A key has a digit: code that only speaks of tokens is passed over before the pattern is asked.
    triggers: [
      ...KEY_NAMES.map((literal) => ({ literal, fold: true, ahead: VALUE_AHEAD })),
      ...['_key', '_auth', '.auth'].map((literal) => ({
        literal,
        fold: true,
        before: '0-9A-Za-z',
        after: '=:"\' \\]',
        ahead: VALUE_AHEAD,
      })),
    ],
    pattern: `${NAME}${OPERATOR}${QUOTE}(?P<value>[0-9A-Za-z_+/=.~!@#$%^&*-]{12,200})(?P<more>\\(?)`,
    matchAt: assignmentMatcher({
      signs: '_.',
      isWide: false,
      maxWords: 6,
      prefers: 'longest',
      value: /[0-9A-Za-z_+/=.~!@#$%^&*-]/,
      behindBracket: null,
      min: 12,
      max: 200,
      takesCall: true,
    }),
    maxLength: 300,
    validate: judge,
    bits: 0,
    context: { against: NOT_SECRET },
    examples: [
      "'API_KEY = \"' hex:32 '\"'",
      "'client_secret: ' alnum:30 '7\\n'",
      '\'{"access_token": "\' alnum:36 \'9"}\'',
      "'secret_key=' alnum:40 '7'",
      "'SHOP_MAIL_KEY=' hex:30 '27'",
      "'redis.auth = \"' alnum:30 '27\"'",
      "'const apiToken: string = \"' alnum:30 '27\"'",
      '\'<add key="ApiToken" value="\' alnum:30 \'27" />\'',
      "'WALLET_PRIVATE_KEY=0x' hex:62 '27'",
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
      'a member of a library': "'nid_key = self._lib.NID_aes_256_cbc'",
      'names in a list': () => `'krb5_lucid_key', 'gss_krb5_rfc1964_keydata'`,
      'a name of a row': "'cache_key = \"' hex:32 '\"'",
      'an address in memory': "'private_key = 0x' hex:16",
      'counting characters': "'api_key: 0123456789abcdef0123456789abcdef'",
    },
  },
] satisfies Detector[];
