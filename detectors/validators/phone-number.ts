import type { ValidateDigits, Verdict } from '../detector.ts';
import { callingCode } from './calling-code.ts';
import { isRepeatedRun, numberOfRun } from './digit-run.ts';
import { digitsOf, isDigits, isRepeated } from './digits.ts';
import { accept, documentationValue, placeholder } from './verdict.ts';

/** A number written with its country: `+33 6 12 34 56 78`, `(+49) (0)30 1234567`. */
export function validateInternational(value: string): Verdict | null {
  const trunk = value.indexOf('(0)');
  const digits = digitsOf(trunk < 0 ? value : value.slice(0, trunk) + value.slice(trunk + 3));
  const code = callingCode(digits);
  if (code === null) return null;
  if (isRepeated(digits.slice(code.length))) return placeholder(`+${digits}`);
  if (code === '1') return validateNanp(value);
  return accept(`calling-code-${code}`, `+${digits}`);
}

/**
 * A number of the North American plan (ITU E.164 +1; NANPA): area and exchange start with 2 to 9. Numbers that break
 * the plan are common in made-up data, so they lower the odds instead of ending it.
 */
export function validateNanp(value: string): Verdict | null {
  const all = digitsOf(value);
  const digits = all.length === 11 && all.startsWith('1') ? all.slice(1) : all;
  if (digits.length !== 10) return null;
  const normalized = `+1${digits}`;
  if (isRepeated(digits.slice(3)) && isRepeated(digits)) return placeholder(normalized);
  // 555-0100 to 555-0199 are set aside for fiction.
  if (digits.slice(3, 8) === '55501') return documentationValue(normalized);
  const isInPlan = digits.charAt(0) >= '2' && digits.charAt(3) >= '2';
  const bits = separatorBits(value);
  return isInPlan
    ? accept('nanp', normalized, bits)
    : { checks: [{ name: 'nanp', passed: false }], normalized, bits: bits - 4 };
}

/** The number before an extension: `837.824.1482x63888`, `01611234567 ext. 12`. */
export function validateWithExtension(value: string): Verdict | null {
  const lower = value.toLowerCase();
  const end = lower.indexOf('x') - (lower.includes('e') ? 1 : 0);
  const number = value.slice(0, end).trim();
  const digits = digitsOf(number);
  const nanp = digits.startsWith('001') ? digits.slice(2) : digits;
  if (nanp.length === 10 || (nanp.length === 11 && nanp.startsWith('1')))
    return validateNanp(number.slice(number.indexOf(nanp.charAt(0))));
  if (number.startsWith('+')) return validateInternational(number);
  return digits.startsWith('0') ? validateNational(number) : null;
}

/** How much a way of writing ten digits looks like a telephone number. */
function separatorBits(value: string): number {
  if (value.includes('+') || value.includes('(')) return 0;
  if (value.includes('-')) return -0.5;
  return value.includes('.') ? -1 : -4;
}

/** Seven to fifteen digits that words or a column call a telephone number: everything that is plainly something else is refused. */
export function validateNational(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (digits.length < 7 || digits.length > 15) return null;
  if (isRepeated(digits)) return placeholder(digits);
  const groups = groupsOf(value);
  if (groups.length > 7 || isDateLike(groups) || isDecimal(value, groups) || isIsbn(digits)) return null;
  const isBare = groups.length === 1 && value.length === digits.length;
  if (isBare) return accept('length', digits, digits.startsWith('0') && digits.length >= 9 ? 0 : -4);
  const isSsnLike = groups.length === 3 && groups.map((group) => group.length).join('-') === '3-2-4';
  return accept('length', digits, isSsnLike || isMixed(value) ? -3 : 0);
}

/** The same of digits alone: 2 where they begin with the 0 of an area. */
export const validateNationalDigits: ValidateDigits = (text, start, end) => {
  const length = end - start;
  if (length < 7 || length > 15) return 0;
  if (isRepeatedRun(text, start, end)) return -1;
  if (length === 13 && isIsbnStart(numberOfRun(text, start, start + 3))) return 0;
  return text[start] === 48 && length >= 9 ? 2 : 1;
};

function isIsbnStart(prefix: number): boolean {
  return prefix === 978 || prefix === 979;
}

/** `124-17.34.65` is a name and a version more often than a number. */
function isMixed(value: string): boolean {
  return value.includes('-') && value.includes('.') && !/[+(]/.test(value);
}

function groupsOf(value: string): string[] {
  if (isDigits(value)) return [value];
  const groups: string[] = [];
  let isOpen = false;
  for (const char of value) {
    const isDigit = char >= '0' && char <= '9';
    if (isDigit && isOpen) groups.push(`${groups.pop()}${char}`);
    else if (isDigit) groups.push(char);
    isOpen = isDigit;
  }
  return groups;
}

/** `2024-01-31`, `31.01.2024`, `2009/2010`, also with a time after them. */
function isDateLike([first = '', second = '', third = '']: string[]): boolean {
  const isYear = (text: string): boolean => text.length === 4 && (text.startsWith('19') || text.startsWith('20'));
  if (isYear(first)) return isYear(second) || (second.length <= 2 && third.length > 0 && third.length <= 2);
  return first.length <= 2 && second.length > 0 && second.length <= 2 && isYear(third);
}

/** `200.38294427`: one point, and not a short area before it. */
function isDecimal(value: string, groups: string[]): boolean {
  return groups.length === 2 && value.includes('.') && (groups[1] as string).length > 5;
}

function isIsbn(digits: string): boolean {
  return digits.length === 13 && isIsbnStart(Number(digits.slice(0, 3)));
}
