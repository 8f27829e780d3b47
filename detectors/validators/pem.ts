import type { Verdict } from '../detector.ts';
import { entropyOf } from './entropy.ts';

/** Base64 characters of the shortest private key there is (Ed25519 in PKCS#8: 48 bytes). */
const SHORTEST_BODY = 60;
const SHORTEST_LINE = 8;
/** Bits a character; random base64 of 64 characters has 5 or more. */
const LOWEST_ENTROPY = 4;
const OPENSSH_MAGIC = 'openssh-key-v1\0';

/**
 * The base64 of a PEM body, freed from what wraps it in training text: escaped line ends, quotes and `+` of string
 * literals, time stamps of logs, the `+` of patches. Of every line the longest run of base64 characters counts; header lines do not.
 */
export function pemBody(text: string): string {
  let body = '';
  for (const line of splitLines(text)) {
    const run = longestRun(line);
    // Before the first line of a key only what is left of marks such as `<br/>` is this short.
    if (isHeader(line) || (body === '' && run.length < SHORTEST_LINE)) continue;
    body += run.charAt(0) === '+' && run.length % 4 === 1 ? run.slice(1) : run;
  }
  return body;
}

/** Judges the text between the BEGIN and END lines of a private key. */
export function judgePem(label: string, text: string): Verdict {
  const body = pemBody(text);
  const isEncrypted = label.includes('ENCRYPTED') || text.includes('ENCRYPTED');
  const severity = isEncrypted ? { severity: 'medium' as const } : {};
  if (body.length < SHORTEST_BODY) {
    return { checks: [{ name: 'structure', passed: false }], bits: -8, suppressed: 'placeholder' };
  }
  const bytes = Buffer.from(body, 'base64');
  const passed = text.includes('DEK-Info') || isDer(bytes) || bytes.toString('latin1', 0, 15) === OPENSSH_MAGIC;
  const checks = [{ name: 'structure', passed }];
  // Keys hold runs and words by chance and by design (padding, small exponents): only the whole counts.
  if (entropyOf(body) < LOWEST_ENTROPY) return { checks, suppressed: 'low-entropy' };
  return { checks, bits: passed ? 4 : -5, ...severity, ...(passed ? opensshSeverity(bytes) : {}) };
}

/** The cipher name follows the magic as a length and a string; `none` means that there is no passphrase. */
function opensshSeverity(bytes: Buffer): { severity?: 'medium' } {
  if (bytes.toString('latin1', 0, 15) !== OPENSSH_MAGIC || bytes.length < 24) return {};
  return bytes.toString('latin1', 19, 23) === 'none' ? {} : { severity: 'medium' };
}

/** A DER SEQUENCE (X.690, 8.9) of a length that a key may have. */
function isDer(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  return (length >= 0x2c && length < 0x80) || length === 0x81 || length === 0x82;
}

function splitLines(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    const isEscape = letter === '\\' && 'nr'.includes(text.charAt(i + 1));
    if (letter === '\n' || letter === '\r' || isEscape) {
      lines.push(line);
      line = '';
      if (isEscape) i++;
    } else line += letter;
  }
  lines.push(line);
  return lines;
}

function isHeader(line: string): boolean {
  return ['Proc-Type', 'DEK-Info', 'Version:', 'Comment:', 'Hash:', 'Charset:'].some((name) => line.includes(name));
}

function longestRun(line: string): string {
  let longest = '';
  let run = '';
  for (let i = 0; i <= line.length; i++) {
    const letter = line.charAt(i);
    if (letter !== '' && isBase64(letter)) run += letter;
    else {
      // The `+` that joins string literals.
      if (run.length > longest.length && run !== '+') longest = run;
      run = '';
    }
  }
  return longest;
}

function isBase64(letter: string): boolean {
  const isAlnum =
    (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
  return isAlnum || letter === '+' || letter === '/' || letter === '=';
}
