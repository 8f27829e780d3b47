import type { ValidateDigits, Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isRepeatedRun, numberOfRun, weightedRunSum } from '../../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../../validators/digits.ts';
import { accept, documentationValue, placeholder } from '../../validators/verdict.ts';
import { weightedSum } from '../../validators/weighted-sum.ts';

const WEIGHTS = [1, 4, 3, 7, 5, 8, 6, 9, 10] as const;

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (isRepeated(digits)) return placeholder(digits);
  if (weightedSum(digits, WEIGHTS) % 11 !== 0) return null;
  return digits === '123456782' ? documentationValue(digits) : accept('mod11', digits, value.length > 9 ? 1 : 0);
}

const validateDigits: ValidateDigits = (text, start, end) => {
  if (weightedRunSum(text, start, WEIGHTS) % 11 !== 0) return isRepeatedRun(text, start, end) ? -1 : 0;
  return isRepeatedRun(text, start, end) || numberOfRun(text, start, end) === 123456782 ? -1 : 1;
};

export default nationalId({
  id: 'au-tax-file-number',
  name: 'Australian tax file number',
  entity: 'AU_TFN',
  source: 'Australian Taxation Office, TFN algorithm; Privacy (Tax File Number) Rule 2015',
  shapes: ['999 999 999', '999-999-999', '999999999'],
  validate,
  validateDigits,
  randomPass: 0.0909,
  bits: -6.3,
  context: {
    strong: ['tfn', 'tax file number', 'tax file no'],
    weak: ['ato', 'superannuation', 'australian taxation'],
    against: ['order', 'invoice', 'phone', 'acn', 'abn'],
    columns: ['tfn', 'au_tfn', 'tax_file_number'],
    columnsAgainst: ['id', 'phone', 'order_id', 'acn'],
  },
});
