import type { Detector, ValidateDigits, Verdict } from '../../detector.ts';
import { isRepeatedRun, numberOfRun, numbersOf } from '../../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../../validators/digits.ts';
import { sampleValue } from '../../validators/sample-value.ts';
import { accept, documentationValue, placeholder } from '../../validators/verdict.ts';

/** Printed in advertisements, form samples and a wallet insert: voided by the SSA. */
const PUBLISHED = new Set(['078051120', '219099999', '457555462', '123456789', '987654321']);

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (PUBLISHED.has(digits)) return documentationValue(digits);
  if (isRepeated(digits)) return placeholder(digits);
  const area = digits.slice(0, 3);
  if (area === '000' || area === '666' || area.startsWith('9')) return null;
  if (digits.slice(3, 5) === '00' || digits.slice(5) === '0000') return null;
  const bits = value.length < 11 ? -6 : value.charAt(3) === '-' ? 0 : -3;
  return accept('ssn-ranges', digits, bits);
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED);

const validateDigits: ValidateDigits = (text, start, end) => {
  const number = numberOfRun(text, start, end);
  if (PUBLISHED_NUMBERS.has(number) || isRepeatedRun(text, start, end)) return -1;
  const area = Math.floor(number / 1e6);
  if (area === 0 || area === 666 || area >= 900) return 0;
  return Math.floor(number / 1e4) % 100 === 0 || number % 1e4 === 0 ? 0 : 1;
};

export default {
  id: 'us-ssn',
  name: 'US Social Security number',
  entity: 'US_SSN',
  category: 'pii',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove the numbers or replace them with keyed tokens, and find out why they were collected.',
  source: 'SSA POMS RM 10201; 20 CFR 422.103',
  triggers: [{ digits: ['999-99-9999', '999 99 9999', '999999999', '999-999999'] }],
  maxLength: 11,
  edges: 'number',
  validate,
  validateDigits,
  bits: 0,
  randomPass: 0.891,
  context: {
    strong: ['ssn', 'social security', 'social security number', 'soc sec', 'ss#', 'seguro social', 'socialsecurity'],
    weak: ['taxpayer', 'tax id', 'social'],
    against: ['order', 'invoice', 'isbn', 'serial', 'part number', 'ein', 'bsn'],
    columns: [
      'ssn',
      'us_ssn',
      'social_security_number',
      'social_security',
      'ssn_number',
      'socialsecuritynumber',
      'soc_sec',
    ],
    columnsAgainst: ['id', 'phone', 'zip', 'order_id', 'invoice', 'ein', 'duns', 'cusip', 'routing_number', 'aba'],
  },
  examples: [
    (random) => `His SSN is ${sampleValue(random, '999-99-9999', validate)}.`,
    (random) => `social security number: ${sampleValue(random, '999 99 9999', validate)}`,
    (random) => `{"ssn": "${sampleValue(random, '999999999', validate)}"}`,
  ],
  counterExamples: {
    'area 000, 666 and 900 to 999 are not assigned': (random) => `SSN 666-${random.chars('digit', 2)}-1234`,
    'group 00 is not assigned': (random) => `SSN 212-00-${random.chars('123456789', 4)}`,
    'serial 0000 is not assigned': "'SSN 212-34-0000'",
    'nine digits without a word beside them are any number': (random) =>
      `batch ${sampleValue(random, '999999999', validate)} done`,
    'printed in a wallet insert of 1938': "'SSN 078-05-1120'",
    'the same digit throughout': "'SSN 555-55-5555'",
  },
} satisfies Detector;
