import type { Verdict } from '../detector.ts';
import { countLetters, entropyOf } from './entropy.ts';
import { randomBody } from './random-body.ts';

/** What the engine tells of a row of the table that a value fits. */
export interface IssuerEvidence {
  issuer: string;
  context: string;
  place: string;
  severity: string;
  prefix: string;
  seen: string;
}

/** log2 odds by what speaks for the issuer: the beginning of the value, the name it is given to, a word near it. */
const PREFIX_BITS = 6;
const WEAK_PREFIX_BITS = 1;
const WEAK_NAMED_BITS = 6;
const NAME_BITS = 5;
const TEXT_BITS = 2;
/** Known to one line of tools alone. */
const DOUBT_BITS = -0.5;
/** A beginning this long hardly stands there by chance. */
const LONG_PREFIX = 5;

/** Judges a value that fits the shape of an issuer. Null: a name, a word or a number of something else. */
export function judgeIssuerValue(value: string, given: IssuerEvidence): Verdict | null {
  const prefixLength = Number(given.prefix);
  if (prefixLength === 0 && !looksDrawn(value)) return null;
  const verdict = randomBody(value, prefixLength);
  const bits = bitsOf(given, prefixLength) + (given.seen === '1' ? DOUBT_BITS : 0) + (verdict.bits ?? 0);
  return {
    ...verdict,
    checks: [{ name: 'issuer-shape', passed: true }],
    bits,
    issuer: given.issuer,
    severity: given.severity as NonNullable<Verdict['severity']>,
  };
}

function bitsOf({ context, place }: IssuerEvidence, prefixLength: number): number {
  if (context === 'prefix') return prefixLength >= LONG_PREFIX ? PREFIX_BITS : PREFIX_BITS - 2;
  if (context === 'weak') return place !== '' ? WEAK_NAMED_BITS : prefixLength >= LONG_PREFIX ? WEAK_PREFIX_BITS : -1;
  return place === 'name' ? NAME_BITS : TEXT_BITS;
}

/** Letters and digits mixed as if drawn, not words with a number behind them. */
function looksDrawn(value: string): boolean {
  const { lower, upper, digit, other } = countLetters(value);
  if (digit < 2 || entropyOf(value) < 2.5 || (lower + upper === 0 && other === 0)) return false;
  if (!value.split(/[^0-9A-Za-z]/).some(isDrawnPart)) return false;
  let changes = 0;
  for (let i = 1; i < value.length; i++) if (kindOf(value.charCodeAt(i)) !== kindOf(value.charCodeAt(i - 1))) changes++;
  return changes >= value.length / 6;
}

/** `nice-win32-x64` is made of words; a drawn value has a long part, or one of letters and digits. */
function isDrawnPart(part: string): boolean {
  return part.length >= 12 || (part.length >= 8 && countLetters(part).digit > 0);
}

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 97 && code <= 122) return 1;
  return code >= 65 && code <= 90 ? 2 : 3;
}
