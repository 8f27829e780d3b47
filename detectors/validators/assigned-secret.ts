import type { Verdict } from '../detector.ts';
import { countLetters, entropyOf } from './entropy.ts';
import { looksTyped, placeholderReason } from './placeholder.ts';
import { isPasswordName, speaksOfOtherThing } from './secret-name.ts';
import { isCommonPassword, isTemplate } from './uri.ts';

const KEYWORDS = [
  'password',
  'passwd',
  'secret',
  'token',
  'apikey',
  'api_key',
  'credential',
  'string',
  'value',
  'config',
];

/** The parts of an assignment that a pattern tells apart. */
export interface Assignment {
  /** From the keyword on, `token_secret` of `oauth_token_secret`. */
  name: string;
  value: string;
  isQuoted: boolean;
  /** `DB_PASSWORD=word`, as in the environment of a process: no variable and no type stands there. */
  isEnvironment?: boolean;
}

/** Words that say something of a password instead of being one. */
const STATES = [
  'required',
  'optional',
  'disabled',
  'enabled',
  'invalid',
  'incorrect',
  'protected',
  'encrypted',
  'missing',
];

/**
 * Judges `name = value` in code, configuration and prose. Silent on what is not a literal (variables, calls, types,
 * templates), on words and names, and on what a name of the OTHER_THINGS promises. Null: not a candidate.
 */
export function judgeAssignment({ name, value, isQuoted, isEnvironment = false }: Assignment): Verdict | null {
  const isPassword = isPasswordName(name);
  // `pwdump`, `passenger`: a word that only begins like a password.
  if (!isPassword && (name.toLowerCase().startsWith('pass') || name.toLowerCase().startsWith('pw'))) return null;
  if (speaksOfOtherThing(name) || value.length < (isPassword ? 6 : 12)) return null;
  if (isTemplate(value)) return { checks: [], suppressed: 'placeholder' };
  const { lower, upper, digit, other } = countLetters(value);
  if (lower + upper === 0 || (digit === 0 && other === 0 && !isPassword)) return null;
  const isPlainWord = isEnvironment && isPassword && lower === value.length;
  if ((!isPlainWord && isReference(value, isQuoted)) || isLocator(value)) return null;
  if (isCommonPassword(value)) return { checks: [], suppressed: 'placeholder' };
  const suppressed = placeholderReason(value) ?? placeholderInside(value);
  if (suppressed !== null) return { checks: [], suppressed };
  const bits = isPassword ? (passwordBits(value) ?? wordBits(value, isEnvironment)) : keyBits(value);
  if (bits === null) return null;
  const isNamed = KEYWORDS.some((word) => value.toLowerCase().includes(word));
  const doubt = (isNamed ? -3 : 0) + (looksTyped(value) ? -3 : 0);
  return { checks: [], bits: bits + (isQuoted ? 0.3 : 0) + doubt };
}

/** Base64 of a word of documentation, as in the data of a Kubernetes Secret. */
function placeholderInside(value: string): 'placeholder' | null {
  if (value.length < 8 || value.length % 4 !== 0) return null;
  const text = Buffer.from(value, 'base64').toString('latin1').trimEnd();
  return isCommonPassword(text) || text.toLowerCase().includes('password') ? 'placeholder' : null;
}

/** A variable, member, call, index or type of a program, which stands without quotes. */
function isReference(value: string, isQuoted: boolean): boolean {
  if (value.includes('()') || value.includes('process.env') || value.includes('os.environ')) return true;
  const letters = countLetters(value);
  const joints = count(value, '._-:/*');
  if (isQuoted) return letters.digit === 0 && letters.other === joints && (joints > 0 || letters.upper === 0);
  if (count(value, '([{') > 0 && letters.digit * 4 < value.length) return true;
  if (value.includes('->') || value.includes('::') || '&@!'.includes(value.charAt(0))) return true;
  // getToken2, self.password, Config.Token_V2: few digits among words.
  return letters.other === count(value, '._=') && letters.digit <= 1 && classChanges(value) * 2 < value.length;
}

function isHostAndPort(value: string): boolean {
  const [host = '', port = '', ...more] = value.split(':');
  const { digit, other } = countLetters(host);
  const number = countLetters(port);
  return (
    more.length === 0 && number.digit === port.length && port.length >= 2 && digit === 0 && other === count(host, '.-')
  );
}

/** `0x` and 32 bytes: the private key of a wallet. */
const KEY_IN_HEX = 66;

/** An address, a path or a version is where something is, not a secret. */
function isLocator(value: string): boolean {
  return (
    value.includes('://') ||
    value.startsWith('/') ||
    value.startsWith('./') ||
    value.startsWith('\\') ||
    isHostAndPort(value) ||
    (value.startsWith('0x') && value.length !== KEY_IN_HEX)
  );
}

/** Letters with digits or signs; letters alone are words. Null: not a password. */
function passwordBits(value: string): number | null {
  const { lower, upper, digit, other } = countLetters(value);
  if (digit === 0 && other === 0) return upper > 1 && lower > 1 && !isCamelCase(value) ? -1 : null;
  const kinds = Number(lower > 0) + Number(upper > 0) + Number(digit > 0) + Number(other > 0);
  // `hello.` and `user[:name]` are words and signs of prose or of a grammar.
  if (digit === 0 && count(value, '!$%^&*@#') === 0) return null;
  if (kinds >= 3) return 1.2;
  if (digit < 2 || value.length < 8 || ALGORITHMS.some((word) => value.toLowerCase().includes(word))) return 0.3;
  return classChanges(value) >= 4 ? 0.8 : 0.6;
}

/** Words with numbers that name a method or a type. */
const ALGORITHMS = [
  'sha1',
  'sha2',
  'sha5',
  'md5',
  'base64',
  'base32',
  'int32',
  'int64',
  'bcrypt',
  'scrypt',
  'pbkdf',
  'aes',
  'rsa',
];

/** A word alone is a password only where nothing else can stand. */
function wordBits(value: string, isEnvironment: boolean): number | null {
  const isWord = countLetters(value).lower === value.length && value.length >= 8;
  return isEnvironment && isWord && !STATES.includes(value) ? 0.6 : null;
}

/** A token must look drawn: enough different characters, letters and digits mixed and not a word with a number behind. */
function keyBits(value: string): number | null {
  const { lower, upper, digit } = countLetters(value);
  if (digit < 2 || entropyOf(value) < 3) return null;
  const changes = classChanges(value);
  if (changes < value.length / 6) return null;
  const isMixed = lower > 0 && upper > 0;
  return 0.6 + (isMixed ? 0.4 : 0) + (value.length >= 20 ? 0.4 : 0);
}

function isCamelCase(value: string): boolean {
  return value.slice(1) !== value.slice(1).toLowerCase() && classChanges(value) <= value.length / 3;
}

/** How often a letter follows a digit, or the case changes. */
function classChanges(value: string): number {
  let changes = 0;
  for (let i = 1; i < value.length; i++) if (kindOf(value.charAt(i)) !== kindOf(value.charAt(i - 1))) changes++;
  return changes;
}

function kindOf(letter: string): number {
  if (letter >= '0' && letter <= '9') return 0;
  if (letter >= 'a' && letter <= 'z') return 1;
  return letter >= 'A' && letter <= 'Z' ? 2 : 3;
}

function count(value: string, letters: string): number {
  let found = 0;
  for (const letter of value) if (letters.includes(letter)) found++;
  return found;
}
