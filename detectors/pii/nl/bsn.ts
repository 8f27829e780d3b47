import type { ValidateDigits, Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isRepeatedRun, numberOfRun, numbersOf, weightedRunSum } from '../../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../../validators/digits.ts';
import { accept, documentationValue, placeholder } from '../../validators/verdict.ts';
import { weightedSum } from '../../validators/weighted-sum.ts';

const PUBLISHED = new Set(['111222333', '123456782']);

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1] as const;

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (isRepeated(digits)) return placeholder(digits);
  if (weightedSum(digits, WEIGHTS) % 11 !== 0) return null;
  return PUBLISHED.has(digits) ? documentationValue(digits) : accept('eleven-test', digits);
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED);

const validateDigits: ValidateDigits = (text, start, end) => {
  if (isRepeatedRun(text, start, end)) return -1;
  if (weightedRunSum(text, start, WEIGHTS) % 11 !== 0) return 0;
  return PUBLISHED_NUMBERS.has(numberOfRun(text, start, end)) ? -1 : 1;
};

export default nationalId({
  id: 'nl-bsn',
  name: 'Dutch citizen service number (BSN)',
  entity: 'NL_BSN',
  source: 'Wet algemene bepalingen burgerservicenummer; Logisch Ontwerp BSN',
  shapes: ['999999999', '9999.99.999', '9999 99 999'],
  validate,
  validateDigits,
  randomPass: 0.0909,
  bits: -6.3,
  context: {
    strong: [
      'bsn',
      'burgerservicenummer',
      'burger service nummer',
      'sofinummer',
      'sofi nummer',
      'citizen service number',
    ],
    weak: ['patiënt', 'geboren', 'identiteitsbewijs'],
    against: ['telefoon', 'order', 'kvk', 'btw', 'iban'],
    columns: ['bsn', 'nl_bsn', 'burgerservicenummer', 'bsn_nummer', 'bsn_number', 'sofinummer'],
    columnsAgainst: ['id', 'phone', 'order_id', 'kvk'],
  },
});
