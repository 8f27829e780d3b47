import type { Detector, ValidateDigits, Verdict } from '../detector.ts';
import { publishedValues } from '../published-value.ts';
import { cardBrand, isCardStart } from '../validators/card-brand.ts';
import { isRepeatedRun, luhnSumOfRun, numberOfRun, numbersOf } from '../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../validators/digits.ts';
import { isLuhnValid } from '../validators/luhn.ts';
import { sampleValue } from '../validators/sample-value.ts';
import { accept, placeholder } from '../validators/verdict.ts';

/** In every payment provider's test-mode documentation, as grouped there. */
const PUBLISHED = [
  '4111 1111 1111 1111',
  '4242 4242 4242 4242',
  '4012 8888 8888 1881',
  '5555 5555 5555 4444',
  '5105 1051 0510 5100',
  '3782 822463 10005',
  '3714 496353 98431',
  '6011 1111 1111 1117',
  '6011 0009 9013 9424',
  '3566 0020 2036 0505',
  '3530 1113 3330 0000',
  '3056 930902 5904',
  '3852 000002 3237',
  '3852 0000 0232 37',
] as const;
const PUBLISHED_DIGITS: ReadonlySet<string> = new Set(PUBLISHED.map(digitsOf));

const REPEATED = [16, 17, 18, 19].flatMap((length) => [...'0123456789'].map((digit) => digit.repeat(length)));

/** Bits by number of digits, against those of 16: of some lengths fewer random numbers have a prefix in use. */
const LENGTH_BITS: Readonly<Record<number, number>> = {
  12: 0.7,
  13: 0,
  14: 2.8,
  15: 3.6,
  16: 0,
  17: 2.4,
  18: 0.5,
  19: -0.3,
};

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (isRepeated(digits)) return placeholder(digits);
  const brand = cardBrand(digits);
  if (brand === null || !isLuhnValid(digits) || PUBLISHED_DIGITS.has(digits)) return null;
  const bits = (LENGTH_BITS[digits.length] ?? 0) + groupBits(value, digits);
  return accept(['luhn', `iin-${brand}`], digits, bits);
}

/** Cards are printed 4-4-4-4, those of 14 and 15 digits 4-6-n. */
function groupBits(value: string, digits: string): number {
  if (value.length === digits.length) return 0;
  return value.charAt(digits.length < 16 ? 11 : 9) === value.charAt(4) ? 8 : 3;
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED_DIGITS);

/** Those of 16 and more digits are counted by a kernel. */
const validateDigits: ValidateDigits = (text, start, end) => {
  if (isRepeatedRun(text, start, end) || end - start > 15) return -1;
  if (!isCardStart(numberOfRun(text, start, start + 4), end - start)) return 0;
  if (luhnSumOfRun(text, start, end) % 10 !== 0) return 0;
  return PUBLISHED_NUMBERS.has(numberOfRun(text, start, end)) ? -1 : 1;
};

const creditCard = {
  id: 'credit-card',
  name: 'Payment card number',
  entity: 'CREDIT_CARD',
  category: 'pci',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove or tokenise the card numbers; this data is in scope of PCI DSS.',
  source: 'ISO/IEC 7812-1; PCI DSS 4.0',
  triggers: [
    {
      digits: [
        '9999 9999 9999 9999',
        '9999-9999-9999-9999',
        '9999.9999.9999.9999',
        '9999 999999 99999',
        '9999-999999-99999',
        '9999 999999 9999',
        '9999-999999-9999',
        '9999 9999 9999 99',
        '9999 9999 9999 999',
        '9999 9999 9999 9999 999',
        '9999999999999999',
        '999999999999999',
        '99999999999999',
        '9999999999999',
        '999999999999',
        '99999999999999999',
        '999999999999999999',
        '9999999999999999999',
      ],
    },
  ],
  counter: {
    kind: 'card',
    isStart: (prefix, digits) => cardBrand(prefix.padEnd(digits, '0')) !== null,
    left: [...PUBLISHED_DIGITS, ...REPEATED],
  },
  maxLength: 23,
  edges: 'number',
  validate,
  validateDigits,
  bits: -5.3,
  randomPass: 0.041,
  context: {
    strong: [
      'card',
      'card number',
      'credit card',
      'debit card',
      'creditcard',
      'cc',
      'visa',
      'mastercard',
      'amex',
      'american express',
      'maestro',
      'cc number',
      'carte bancaire',
      'carte bleue',
      'tarjeta',
      'kreditkarte',
      'kartennummer',
      'cartão',
      'carta di credito',
      'karta',
      'karty',
      '信用卡',
      'カード番号',
    ],
    weak: [
      'pan',
      'payment',
      'cvv',
      'cvc',
      'expires',
      'expiry',
      'exp date',
      'billing',
      'płatniczej',
      'pago',
      'paiement',
    ],
    against: [
      'isbn',
      'imei',
      'iccid',
      'tracking',
      'snowflake',
      'tweet',
      'upc',
      'ean',
      'gtin',
      'iban',
      'timestamp',
      'serial',
    ],
    columns: [
      'credit_card',
      'credit_card_number',
      'card_number',
      'cardnumber',
      'creditcard',
      'cc_number',
      'ccn',
      'cc_num',
      'ccnum',
      'card_no',
      'card_num',
      'pan',
      'debit_card',
      'debit_card_number',
      'payment_card',
      'kreditkarte',
      'numero_tarjeta',
      'numero_carte',
    ],
    columnsAgainst: [
      'id',
      'imei',
      'timestamp',
      'tweet_id',
      'user_id',
      'order_id',
      'tracking_number',
      'ean',
      'upc',
      'isbn',
      'iccid',
    ],
  },
  examples: [
    (random) => `pay with card ${sampleValue(random, '4999 9999 9999 9999', validate)} please`,
    (random) => `paid by ${sampleValue(random, '5399-9999-' + '9999-9999', validate)} yesterday`,
    (random) => `{"card_number":"${sampleValue(random, '379999999999999', validate)}"}`,
    (random) => `Kreditkarte: ${sampleValue(random, '3799 999999 99999', validate)}`,
  ],
  counterExamples: {
    'Luhn check fails': (random) => `card ${sampleValue(random, '4999 9999 9999 9999', validate, false)}`,
    'no network issues this prefix': (random) => `card 1${random.chars('digit', 15)}`,
    'sixteen digits without a word or groups': (random) => `ref ${sampleValue(random, '4999999999999999', validate)}`,
    'mantissa of a number': (random) => `card value 2.${sampleValue(random, '4999999999999999', validate)}E-3`,
    'test number of payment providers': "'card 4111 1111 1111 1111'",
    'the same digit throughout': "'card 4444 4444 4444 4444'",
  },
} satisfies Detector;

export default [
  creditCard,
  publishedValues({
    of: creditCard,
    id: 'credit-card-test-number',
    name: 'Payment card number for tests',
    source: 'test-mode documentation of the payment providers',
    texts: PUBLISHED.flatMap((text) => [text.replaceAll(' ', ''), text, text.replaceAll(' ', '-')]),
  }),
] satisfies Detector[];
