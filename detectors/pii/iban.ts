import type { Detector, Random, Verdict } from '../detector.ts';
import { isRepeated } from '../validators/digits.ts';
import { hasIbanStructure, ibanCountriesByLength } from '../validators/iban-country.ts';
import { isIbanChecksumValid, remainder97 } from '../validators/mod97.ts';
import { accept, documentationValue, placeholder } from '../validators/verdict.ts';

/** In the standard, the registry's best known rows and nearly every article. */
const PUBLISHED = new Set([
  'GB82WEST12345698765432',
  'GB29NWBK60161331926819',
  'GB33BUKB20201555555555',
  'DE89370400440532013000',
  'FR1420041010050500013M02606',
  'NL91ABNA0417164300',
  'ES9121000418450200051332',
  'CH9300762011623852957',
  'BE68539007547034',
]);

function compact(value: string): string {
  return value.replaceAll(' ', '').replaceAll('-', '');
}

function validate(value: string): Verdict | null {
  const iban = compact(value);
  if (!hasIbanStructure(iban) || !isIbanChecksumValid(iban)) return null;
  return PUBLISHED.has(iban) ? documentationValue(iban) : accept(['iban-structure', 'mod97'], iban);
}

/** A Polish account number is an IBAN without its country. */
function validateNrb(value: string): Verdict | null {
  const nrb = compact(value);
  if (isRepeated(nrb)) return placeholder(nrb);
  return isIbanChecksumValid(`PL${nrb}`) ? accept('mod97', `PL${nrb}`, value.length > 26 ? 6 : 0) : null;
}

/** Exactly as many characters as the country has, so that a word after the number is not swallowed. */
function pattern(): string {
  const byLength = [...ibanCountriesByLength()].sort(([a], [b]) => b - a);
  return byLength.map(([length, codes]) => `(?:${codes.join('|')})[0-9]{2}(?:[ -]?[0-9A-Z]){${length - 4}}`).join('|');
}

const common = {
  entity: 'IBAN',
  category: 'pii',
  severity: 'medium',
  level: 'confidential',
  fix: 'Remove the account numbers or replace them with keyed tokens.',
  edges: 'number',
} satisfies Partial<Detector>;

export default [
  {
    ...common,
    id: 'iban',
    name: 'International bank account number (IBAN)',
    source: 'ISO 13616-1; SWIFT IBAN registry',
    triggers: [{ sequence: 'AA99' }],
    pattern: pattern(),
    maxLength: 66,
    validate,
    bits: 8,
    randomPass: 0.0104,
    context: {
      strong: ['iban', 'bank account', 'kontonummer', 'konto', 'compte', 'conto', 'cuenta', 'rachunku', 'rekening'],
      columns: ['iban', 'iban_number', 'bank_account', 'account_iban', 'kontonummer', 'konto'],
    },
    examples: [
      (random) => `Bitte an ${iban(random, 'DE', '', 18)} überweisen`,
      (random) => `IBAN ${grouped(iban(random, 'GB', 'QXZW', 14))}.`,
      (random) => `{"iban":"${iban(random, 'NL', 'QXZW', 10)}"}`,
    ],
    counterExamples: {
      'check digits are wrong': (random) => `IBAN ${iban(random, 'DE', '', 18, 1)}`,
      'no country of this code has this length': (random) => `IBAN ${iban(random, 'DE', '', 17)}`,
      'letters where the country has digits': (random) => `IBAN ${iban(random, 'DE', 'QXZW', 14)}`,
      'in nearly every article on the format': "'IBAN GB82 WEST 1234 5698 7654 32'",
    },
  },
  {
    ...common,
    id: 'pl-bank-account',
    name: 'Polish bank account number (NRB)',
    source: 'NBP regulation on bank account numbering',
    triggers: [
      {
        digits: ['99999999999999999999999999', '99 9999 9999 9999 9999 9999 9999', '99-9999-9999-9999-9999-9999-9999'],
      },
    ],
    maxLength: 32,
    validate: validateNrb,
    bits: -3.4,
    randomPass: 0.0104,
    context: {
      strong: ['rachunku', 'rachunek', 'konto', 'konta', 'nrb', 'iban', 'numer rachunku'],
      weak: ['bank', 'banku', 'przelew', 'wpłata'],
      columns: ['nrb', 'iban', 'konto', 'rachunek', 'nr_rachunku', 'numer_rachunku', 'nr_konta'],
    },
    examples: [
      (random) => `Nr rachunku: ${nrb(random)}`,
      (random) => `przelew na ${grouped(nrb(random), 2)} do piątku`,
    ],
    counterExamples: {
      'check digits are wrong': (random) => `Nr rachunku: ${nrb(random, 1)}`,
      'the same digit throughout': `'Nr rachunku: ${'0'.repeat(26)}'`,
      'twenty-six digits without a word beside them': (random) => `pi = ${nrb(random)}`,
    },
  },
] satisfies Detector[];

/** An IBAN with its check digits (plus `error`): bank letters, then random digits. */
function iban(random: Random, country: string, bank: string, digits: number, error = 0): string {
  const account = bank + random.chars('digit', digits);
  const check = 98 - remainder97(`${account}${country}00`) - error;
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

function nrb(random: Random, error = 0): string {
  return iban(random, 'PL', '', 24, error).slice(2);
}

function grouped(text: string, first = 4): string {
  const groups = [text.slice(0, first)];
  for (let at = first; at < text.length; at += 4) groups.push(text.slice(at, at + 4));
  return groups.join(' ');
}
