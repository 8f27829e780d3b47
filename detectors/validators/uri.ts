import type { Verdict } from '../detector.ts';
import { countLetters } from './entropy.ts';
import { placeholderReason } from './placeholder.ts';

/** Passwords of documentation and of local set-ups, in lower case. */
const COMMON_PASSWORDS = new Set([
  'password',
  'passwd',
  'pass',
  'pwd',
  'pw',
  'secret',
  'token',
  'user',
  'username',
  'guest',
  'admin',
  'root',
  'test',
  'changeme',
  'example',
  'foo',
  'bar',
  'baz',
  'foobar',
  'mypassword',
  'mypass',
  'mysecret',
  'your_password',
  'yourpassword',
  'dbpass',
  'dbpassword',
  'db_password',
  'postgres',
  'mysql',
  'redis',
  'mongo',
  'rabbitmq',
  'default',
  'none',
  'null',
  'undefined',
  'key',
  'apikey',
  'api_key',
  'p',
  'pat',
  'credentials',
  'letmein',
  'welcome',
  '1234',
  '12345',
  '123456',
  '12345678',
  'xxx',
  'abc',
  'abc123',
]);

/** Hosts that documentation is written with (RFC 2606) and the machine itself. */
export function isExampleHost(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name === '127.0.0.1' || name === '::1' || name === 'host' || name === 'hostname')
    return true;
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  if (['example', 'test', 'invalid', 'localhost'].includes(last)) return true;
  return labels.at(-2) === 'example' && ['com', 'org', 'net'].includes(last);
}

/** `${VAR}`, `{{ x }}`, `<password>`, `%s`, `$PASS`, `#{x}`, `***`: something else stands there at run time. */
export function isTemplate(text: string): boolean {
  const first = text.charAt(0);
  if (TEMPLATE_MARKS.some(([open, close]) => hasExpression(text, open, close))) return true;
  if (first === '<' || first === '{' || first === '[' || (first === '%' && !isPercentCode(text)) || first === '*')
    return true;
  if (first === '\\' && text.charAt(1) === '$') return true;
  return first === '$' && (text.startsWith('$_') || isName(text.slice(1)));
}

const TEMPLATE_MARKS = [
  ['${', '}'],
  ['{{', '}}'],
  ['#{', '}'],
  ['<%', '%>'],
  ['$(', ')'],
] as const;

/** A password may hold `${` too: a template names something between its marks, or was cut before the second one. */
function hasExpression(text: string, open: string, close: string): boolean {
  for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, at + 1)) {
    const from = at + open.length;
    const end = text.indexOf(close, from);
    const inner = end < 0 ? text.slice(from).replace(/[[(]/g, '') : text.slice(from, end).replace(/[()[\]]/g, '');
    const { other } = countLetters(inner.replace(/[\s_.:'"|/\\,?-]/g, ''));
    if (other === 0) return true;
  }
  return false;
}

function isPercentCode(text: string): boolean {
  return isHex(text.charAt(1)) && isHex(text.charAt(2));
}
function isHex(letter: string): boolean {
  return letter !== '' && '0123456789abcdefABCDEF'.includes(letter);
}
/** A name of a variable: letters, digits and `_`, at least one of them a capital or `_`. */
function isName(text: string): boolean {
  const { lower, upper, digit, other } = countLetters(text.replaceAll('_', ''));
  return other === 0 && digit < 3 && (lower === 0 || upper === 0 || text.includes('_')) && text.length > 1;
}

export function isCommonPassword(password: string): boolean {
  return COMMON_PASSWORDS.has(password.toLowerCase());
}

/**
 * Judges user, password and host of a URL (RFC 3986, section 3.2.1). Passwords everyone writes in documentation are
 * placeholders; on a host of documentation the odds fall, but a password that looks drawn still counts.
 */
export function judgeUrlPassword(user: string, password: string, host: string): Verdict | null {
  if (password === '' || password === user + host) return null;
  if (isTemplate(password) || isTemplate(user) || password.startsWith('//'))
    return { checks: [], suppressed: 'placeholder' };
  const plain = decode(password);
  // Accounts open to everyone (RFC 1635).
  if (
    plain
      .slice(plain.lastIndexOf(':') + 1)
      .toLowerCase()
      .startsWith('anon')
  )
    return { checks: [], suppressed: 'public-by-design' };
  if (plain.toLowerCase().includes('password') && countLetters(plain).digit === 0) {
    return { checks: [], suppressed: 'placeholder' };
  }
  if (isCommonPassword(plain) || isSame(plain)) return { checks: [], suppressed: 'placeholder' };
  const suppressed = placeholderReason(plain);
  if (suppressed !== null) return { checks: [], suppressed };
  const { lower, upper, digit, other } = countLetters(plain);
  const kinds = Number(lower > 0) + Number(upper > 0) + Number(digit > 0) + Number(other > 0);
  const looksDrawn = kinds >= 2 && plain.length >= 6;
  return { checks: [], bits: (isExampleHost(host) ? -3 : 0) + (looksDrawn ? 2 : -1) };
}

/** Whose account it is, by the end of the host's name. */
const HOSTS: readonly (readonly [string, string])[] = [
  ['github.com', 'github'],
  ['gitlab.com', 'gitlab'],
  ['bitbucket.org', 'atlassian'],
  ['atlassian.net', 'atlassian'],
  ['dev.azure.com', 'azure'],
  ['visualstudio.com', 'azure'],
  ['azurecr.io', 'azure'],
  ['codecatalyst.aws', 'aws'],
  ['amazonaws.com', 'aws'],
  ['source.developers.google.com', 'google'],
  ['huggingface.co', 'huggingface'],
  ['jfrog.io', 'jfrog'],
  ['hf.co', 'huggingface'],
];

/** The issuer of an account on a well-known host; null when the host says nothing. */
export function issuerOfHost(host: string): string | null {
  const name = `.${host.toLowerCase()}`;
  return HOSTS.find(([end]) => name.endsWith(`.${end}`))?.[1] ?? null;
}

function isSame(text: string): boolean {
  return new Set(text).size <= 2;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
