import type { ValidateDigits, Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { luhnSumOfRun } from '../../validators/digit-run.ts';
import { digitsOf } from '../../validators/digits.ts';
import { isLuhnValid } from '../../validators/luhn.ts';
import { accept } from '../../validators/verdict.ts';

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (digits.startsWith('0') || digits.startsWith('8') || !isLuhnValid(digits)) return null;
  return accept('luhn', digits, value.length > 9 ? 2 : 0);
}

const validateDigits: ValidateDigits = (text, start, end) =>
  text[start] === 48 || text[start] === 56 || luhnSumOfRun(text, start, end) % 10 !== 0 ? 0 : 1;

export default nationalId({
  id: 'ca-social-insurance-number',
  name: 'Canadian Social Insurance Number',
  entity: 'CA_SIN',
  source: 'Employment and Social Development Canada, SIN code of practice',
  shapes: ['999 999 999', '999-999-999', '999999999'],
  validate,
  validateDigits,
  randomPass: 0.08,
  bits: -6.3,
  context: {
    strong: [
      'social insurance number',
      'social insurance',
      'sin number',
      'assurance sociale',
      'numéro d assurance sociale',
    ],
    weak: ['sin', 'canada', 'cra', 'taxpayer', 'employee'],
    against: ['order', 'invoice', 'siren', 'phone'],
    columns: ['sin', 'ca_sin', 'sin_number', 'social_insurance_number'],
    columnsAgainst: ['id', 'phone', 'order_id', 'cos', 'angle'],
  },
});
