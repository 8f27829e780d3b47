import type { Detector, ValidateDigits, Verdict } from '../../detector.ts';
import { isRepeatedRun, numberOfRun, numbersOf, weightedRunSum } from '../../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../../validators/digits.ts';
import { isNhsChecksumValid, NHS_WEIGHTS } from '../../validators/nhs-mod11.ts';
import { sampleValue } from '../../validators/sample-value.ts';
import { accept, documentationValue, placeholder } from '../../validators/verdict.ts';

/** Shown on GOV.UK and in the NHS Data Dictionary. */
const PUBLISHED = new Set(['4857773456', '9434765919', '9434765870']);

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (PUBLISHED.has(digits)) return documentationValue(digits);
  if (isRepeated(digits)) return placeholder(digits);
  if (!isNhsChecksumValid(digits)) return null;
  // 999 000 0000 and up are set aside for tests.
  if (digits.startsWith('999')) return documentationValue(digits);
  return accept('nhs-mod11', digits, value.charAt(3) === ' ' ? 3 : 0);
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED);

const validateDigits: ValidateDigits = (text, start, end) => {
  if (isRepeatedRun(text, start, end)) return -1;
  const number = numberOfRun(text, start, end);
  if (weightedRunSum(text, start, NHS_WEIGHTS) % 11 !== 0) return PUBLISHED_NUMBERS.has(number) ? -1 : 0;
  return number >= 9_990_000_000 || PUBLISHED_NUMBERS.has(number) ? -1 : 1;
};

export default {
  id: 'uk-nhs-number',
  name: 'NHS number',
  entity: 'UK_NHS',
  category: 'phi',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove the numbers or replace them with keyed tokens; health data needs a lawful basis of its own.',
  source: 'NHS Data Dictionary, NHS NUMBER',
  triggers: [{ digits: ['999 999 9999', '999-999-9999', '9999999999'] }],
  maxLength: 12,
  edges: 'number',
  validate,
  validateDigits,
  bits: -6.4,
  randomPass: 0.0909,
  context: {
    strong: ['nhs', 'nhs number', 'nhs no', 'national health service'],
    weak: ['patient', 'gp practice', 'hospital'],
    against: ['phone', 'tel', 'telephone', 'fax', 'mobile', 'npi', 'isbn', 'order', 'timestamp', 'utr'],
    columns: ['nhs', 'uk_nhs', 'nhs_number', 'nhs_no', 'nhsnumber', 'nhsno', 'nhs_id'],
    columnsAgainst: ['phone', 'id', 'timestamp', 'ip', 'src', 'dst', 'ts', 'time', 'created', 'npi', 'isbn'],
  },
  examples: [
    (random) => `NHS number ${sampleValue(random, '999 999 9999', validate)}`,
    (random) => `{"nhs_number": "${sampleValue(random, '9999999999', validate)}"}`,
  ],
  counterExamples: {
    'check digit is wrong': (random) => `NHS number ${sampleValue(random, '999 999 9999', validate, false)}`,
    'one in eleven ten-digit numbers passes: it needs a word': (random) =>
      `started at ${sampleValue(random, '9999999999', validate)}`,
    'set aside for tests': (random) => `NHS number ${testNumber(random)}`,
    'the same digit throughout': "'NHS number 111 111 1111'",
  },
} satisfies Detector;

function testNumber(random: Parameters<typeof sampleValue>[0]): string {
  for (;;) {
    const digits = `999${random.chars('digit', 7)}`;
    if (isNhsChecksumValid(digits)) return digits;
  }
}
