import type { Detector, ValidateDigits, Verdict } from '../../detector.ts';
import { numberOfRun, numbersOf, weightedRunSum } from '../../validators/digit-run.ts';
import { hasPeselDate, isPeselChecksumValid, PESEL_WEIGHTS } from '../../validators/pesel.ts';
import { sampleValue } from '../../validators/sample-value.ts';
import { accept, documentationValue } from '../../validators/verdict.ts';

/** In articles on the algorithm. */
const PUBLISHED = new Set(['44051401458', '44051401359', '02070803628']);

function validate(value: string): Verdict | null {
  if (PUBLISHED.has(value)) return documentationValue(value);
  if (!isPeselChecksumValid(value) || !hasPeselDate(value)) return null;
  return accept(['pesel-mod10', 'birth-date'], value);
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED);

const validateDigits: ValidateDigits = (text, start, end) => {
  if (weightedRunSum(text, start, PESEL_WEIGHTS) % 10 !== 0)
    return PUBLISHED_NUMBERS.has(numberOfRun(text, start, end)) ? -1 : 0;
  if (PUBLISHED_NUMBERS.has(numberOfRun(text, start, end))) return -1;
  return hasPeselDate(String.fromCharCode(...text.subarray(start, start + 6))) ? 1 : 0;
};

export default {
  id: 'pl-pesel',
  name: 'Polish identification number (PESEL)',
  entity: 'PL_PESEL',
  category: 'pii',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove the numbers or replace them with keyed tokens.',
  source: 'Act on population registration of 24 September 2010, article 15',
  triggers: [{ digits: ['99999999999'] }],
  maxLength: 11,
  edges: 'number',
  validate,
  validateDigits,
  bits: -4.2,
  randomPass: 0.018,
  context: {
    strong: ['pesel', 'nr pesel', 'numer pesel'],
    weak: ['urodzenia', 'obywatel', 'zamieszkały', 'zamieszkała', 'zam'],
    against: ['tel', 'telefon', 'phone', 'order', 'zamówienie', 'nip', 'regon', 'isbn'],
    columns: ['pesel', 'pl_pesel', 'nr_pesel', 'numer_pesel', 'pesel_number'],
    columnsAgainst: ['id', 'phone', 'telefon', 'timestamp', 'nip', 'regon', 'order_id'],
  },
  examples: [
    (random) => `Jan Kowalski, PESEL ${sampleValue(random, '99999999999', validate)}, zam. w Łodzi`,
    (random) => `{"pesel":"${sampleValue(random, '99999999999', validate)}"}`,
  ],
  counterExamples: {
    'check digit is wrong or the date does not exist': (random) =>
      `PESEL ${sampleValue(random, '99999999999', validate, false)}`,
    'eleven digits without a word beside them': (random) => `id ${sampleValue(random, '99999999999', validate)}`,
    'in articles on the algorithm': "'PESEL 44051401458'",
  },
} satisfies Detector;
