import type { ValidateDigits, Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isRepeatedRun, numberOfRun } from '../../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../../validators/digits.ts';
import { accept, placeholder } from '../../validators/verdict.ts';

function isIssued(group: number): boolean {
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || group >= 94;
}

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (isRepeated(digits)) return placeholder(digits);
  return digits.startsWith('9') && isIssued(Number(digits.slice(3, 5)))
    ? accept('itin-ranges', digits, value.length > 9 ? 6 : 0)
    : null;
}

const validateDigits: ValidateDigits = (text, start, end) => {
  if (isRepeatedRun(text, start, end)) return -1;
  return text[start] === 57 && isIssued(numberOfRun(text, start + 3, start + 5)) ? 1 : 0;
};

export default nationalId({
  id: 'us-itin',
  name: 'US Individual Taxpayer Identification Number',
  entity: 'US_ITIN',
  source: 'IRS, Internal Revenue Manual 3.21.263',
  shapes: ['999-99-9999', '999 99 9999', '999999999'],
  samples: ['999-99-9999', '999999999'],
  validate,
  validateDigits,
  randomPass: 0.043,
  context: {
    strong: ['itin', 'individual taxpayer identification number', 'taxpayer id', 'taxpayer identification'],
    weak: ['tax id', 'taxpayer', 'w-7', 'irs'],
    against: ['order', 'invoice', 'isbn', 'serial'],
    columns: ['itin', 'us_itin', 'itin_number'],
    columnsAgainst: ['id', 'phone', 'zip', 'order_id'],
  },
});
