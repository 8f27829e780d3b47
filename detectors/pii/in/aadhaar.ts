import type { Detector, ValidateDigits, Verdict } from '../../detector.ts';
import { numberOfRun, numbersOf } from '../../validators/digit-run.ts';
import { digitsOf } from '../../validators/digits.ts';
import { sampleValue } from '../../validators/sample-value.ts';
import { accept, documentationValue } from '../../validators/verdict.ts';
import { isVerhoeffRun, isVerhoeffValid } from '../../validators/verhoeff.ts';

/** Test identities of the UIDAI developer section. */
const PUBLISHED = new Set(['999941057058', '999971658847', '999933119405', '999955183433', '999990501894']);

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (PUBLISHED.has(digits)) return documentationValue(digits);
  if (digits.charAt(0) < '2' || !isVerhoeffValid(digits) || isPalindrome(digits)) return null;
  return accept('verhoeff', digits, value.length > 12 ? 3 : 0);
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED);

const validateDigits: ValidateDigits = (text, start, end) => {
  if (PUBLISHED_NUMBERS.has(numberOfRun(text, start, end))) return -1;
  if ((text[start] as number) < 50 || !isVerhoeffRun(text, start, end)) return 0;
  return isPalindrome(String.fromCharCode(...text.subarray(start, end))) ? 0 : 1;
};

function isPalindrome(digits: string): boolean {
  for (let i = 0; i < digits.length / 2; i++) if (digits[i] !== digits[digits.length - 1 - i]) return false;
  return true;
}

export default {
  id: 'in-aadhaar',
  name: 'Aadhaar number',
  entity: 'IN_AADHAAR',
  category: 'pii',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove the numbers: storing Aadhaar numbers is restricted by the Aadhaar Act.',
  source: 'UIDAI, Aadhaar number structure',
  triggers: [{ digits: ['9999 9999 9999', '9999-9999-9999', '999999999999'] }],
  maxLength: 14,
  edges: 'number',
  validate,
  validateDigits,
  bits: -6.4,
  randomPass: 0.08,
  context: {
    strong: ['aadhaar', 'aadhar', 'adhaar', 'uidai', 'आधार', 'aadhaar number', 'aadhaar no'],
    weak: ['kyc', 'uid', 'enrolment'],
    against: ['card number', 'order', 'phone', 'mobile', 'timestamp', 'my number', 'account', 'isbn'],
    columns: ['aadhaar', 'in_aadhaar', 'aadhar', 'aadhaar_number', 'aadhaar_no', 'aadhar_number', 'aadhar_no', 'uidai'],
    columnsAgainst: ['id', 'phone', 'timestamp', 'order_id', 'upc', 'ean', 'gtin'],
  },
  examples: [
    (random) => `Aadhaar: ${sampleValue(random, '9999 9999 9999', validate)}`,
    (random) => `{"aadhaar_number":"${sampleValue(random, '999999999999', validate)}"}`,
  ],
  counterExamples: {
    'check digit is wrong, or the first digit is 0 or 1': (random) =>
      `Aadhaar: ${sampleValue(random, '9999 9999 9999', validate, false)}`,
    'twelve digits without a word beside them': (random) => `upc ${sampleValue(random, '999999999999', validate)}`,
    'test identity of the issuer': "'Aadhaar: 9999 4105 7058'",
  },
} satisfies Detector;
