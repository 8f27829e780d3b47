/** What a name speaks of when one of these words follows `password`, `token` or `key` in it: not the secret itself. */
const OTHER_THINGS = [
  'type',
  'url',
  'uri',
  'field',
  'hash',
  'name',
  'id',
  'ids',
  'len',
  'length',
  'count',
  'policy',
  'label',
  'path',
  'file',
  'endpoint',
  'expiry',
  'expires',
  'expiration',
  'ttl',
  'version',
  'prefix',
  'suffix',
  'regex',
  'pattern',
  'format',
  'index',
  'size',
  'class',
  'input',
  'hint',
  'strength',
  'algorithm',
  'provider',
  'manager',
  'arn',
  'ref',
  'status',
  'limit',
  'placeholder',
  'reset',
  'error',
  'message',
  'text',
  'title',
  'env',
  'header',
  'param',
  'column',
  'table',
  'usage',
  'checksum',
  'fingerprint',
  'digest',
  'spec',
  'mgr',
  'through',
];
/** Of natural language processing. */
const TOKEN_WORDS = ['tokenizer', 'tokenizers', 'tokenized', 'tokenization', 'tokenize'];
/** First words of names of passwords; a number may follow (`password2`). */
const PASSWORD_WORDS = new Set([
  'password',
  'passwords',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'pass',
  'pw',
  'pswd',
  'psword',
  'passwort',
  'kennwort',
  'mot',
  'senha',
  'contraseña',
  'contrasena',
  'пароль',
  '密码',
  'パスワード',
  'identified',
]);

/** Whether a name, from its keyword on, is that of a password and not of a key or token. */
export function isPasswordName(name: string): boolean {
  return PASSWORD_WORDS.has(firstWord(name));
}

function firstWord(name: string): string {
  let word = splitWords(name)[0] ?? '';
  while (word !== '' && word.charAt(word.length - 1) <= '9') word = word.slice(0, -1);
  return word;
}

/** The words of the name after its first one; the plural `tokens` counts things, `passwords` still names one. */
export function speaksOfOtherThing(name: string): boolean {
  const [first = '', ...rest] = splitWords(name);
  if (['tokens', 'secrets', 'credentials'].includes(first) || TOKEN_WORDS.includes(first)) return true;
  return rest.some((word) => OTHER_THINGS.includes(word));
}

/** `accessToken_secret-key` → access, token, secret, key. */
function splitWords(name: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let i = 0; i < name.length; i++) {
    const letter = name.charAt(i);
    const isSeparator = letter === '_' || letter === '-' || letter === ' ' || letter === '.';
    const startsWord =
      letter !== letter.toLowerCase() && i > 0 && name.charAt(i - 1) === name.charAt(i - 1).toLowerCase();
    if (isSeparator || startsWord) {
      if (word !== '') words.push(word.toLowerCase());
      word = '';
    }
    if (!isSeparator) word += letter;
  }
  if (word !== '') words.push(word.toLowerCase());
  return words;
}
