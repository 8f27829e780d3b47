import type { ValidateDigits, Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { digitsOf } from '../../validators/digits.ts';
import { isMod1110Run, isMod1110Valid } from '../../validators/mod11-10.ts';
import { accept } from '../../validators/verdict.ts';

/** Of the first ten digits exactly one occurs twice or three times, never three in a row (BZSt). */
function hasOneRepeatedDigit(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  if (repeated.length !== 1 || (repeated[0] as number) > 3) return false;
  for (let i = 2; i < 10; i++) if (digits[i] === digits[i - 1] && digits[i] === digits[i - 2]) return false;
  return true;
}

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (digits.startsWith('0') || !hasOneRepeatedDigit(digits) || !isMod1110Valid(digits)) return null;
  return accept(['digit-repetition', 'mod-11-10'], digits, value.length > 11 ? 4 : 0);
}

const validateDigits: ValidateDigits = (text, start, end) => {
  if (text[start] === 48 || !isMod1110Run(text, start, end)) return 0;
  return hasOneRepeatedDigit(String.fromCharCode(...text.subarray(start, end))) ? 1 : 0;
};

export default nationalId({
  id: 'de-tax-id',
  name: 'German tax identification number (IdNr)',
  entity: 'DE_TAX_ID',
  source: 'Abgabenordnung section 139b; BZSt, structure of the IdNr',
  shapes: ['99999999999', '99 999 999 999'],
  validate,
  validateDigits,
  randomPass: 0.0034,
  context: {
    strong: [
      'steuer id',
      'steuer identifikationsnummer',
      'steueridentifikationsnummer',
      'identifikationsnummer',
      'idnr',
      'steuerid',
    ],
    weak: ['steuer', 'finanzamt', 'bundeszentralamt', 'tax id', 'steuernummer'],
    against: ['telefon', 'tel', 'phone', 'bestellung', 'order', 'pesel', 'cpf'],
    columns: [
      'de_tax_id',
      'steuer_id',
      'steuerid',
      'idnr',
      'steuer_identifikationsnummer',
      'steueridentifikationsnummer',
    ],
    columnsAgainst: ['id', 'phone', 'telefon', 'order_id'],
  },
});
