import type { Detector, Random, Verdict } from '../detector.ts';
import { publishedValues } from '../published-value.ts';
import { isRepeated } from '../validators/digits.ts';
import { hasIbanStructure, ibanCountriesByLength } from '../validators/iban-country.ts';
import { isIbanChecksumValid, remainder97 } from '../validators/mod97.ts';
import { accept, placeholder } from '../validators/verdict.ts';

/** In the standard, the registry's best known rows and nearly every article. */
const PUBLISHED = [
  'GB82 WEST 1234 5698 7654 32',
  'GB29 NWBK 6016 1331 9268 19',
  'GB33 BUKB 2020 1555 5555 55',
  'DE89 3704 0044 0532 0130 00',
  'FR14 2004 1010 0505 0001 3M02 606',
  'NL91 ABNA 0417 1643 00',
  'ES91 2100 0418 4502 0005 1332',
  'CH93 0076 2011 6238 5295 7',
  'BE68 5390 0754 7034',
] as const;
const PUBLISHED_IBANS: ReadonlySet<string> = new Set(PUBLISHED.map(compact));

function compact(value: string): string {
  return value.replaceAll(' ', '').replaceAll('-', '').toUpperCase();
}

function validate(value: string): Verdict | null {
  const iban = compact(value);
  if (!hasIbanStructure(iban) || !isIbanChecksumValid(iban) || PUBLISHED_IBANS.has(iban)) return null;
  return accept(['iban-structure', 'mod97'], iban);
}

/** A Polish account number is an IBAN without its country. */
function validateNrb(value: string): Verdict | null {
  const nrb = compact(value);
  if (isRepeated(nrb)) return placeholder(nrb);
  return isIbanChecksumValid(`PL${nrb}`) ? accept('mod97', `PL${nrb}`, value.length > 26 ? 6 : 0) : null;
}

/**
 * Exactly as many characters as the country has, so that a word after the number is not swallowed. No parenthesis comes
 * first: the matcher then looks at the edge before it tries the pattern.
 */
function pattern(): string {
  const byLength = [...ibanCountriesByLength()].sort(([a], [b]) => b - a);
  const tails = byLength.map(
    ([length, codes]) => `(?:${codes.map(eitherCase).join('|')})[0-9]{2}(?:[ -]?[0-9A-Za-z]){${length - 4}}`,
  );
  return `[A-Za-z]{0}(?:${tails.join('|')})`;
}

function eitherCase(code: string): string {
  return `${code}|${code.toLowerCase()}`;
}

const common = {
  entity: 'IBAN',
  category: 'pii',
  severity: 'medium',
  level: 'confidential',
  fix: 'Remove the account numbers or replace them with keyed tokens.',
  edges: 'number',
} satisfies Partial<Detector>;

const internationalAccount = {
  ...common,
  id: 'iban',
  name: 'International bank account number (IBAN)',
  source: 'ISO 13616-1; SWIFT IBAN registry',
  // In mailboxes and names of types nothing follows that goes on.
  triggers: ['AA99', 'aa99'].map((sequence) => ({ sequence, after: '0-9A-Za-z \\-' })),
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
    (random) => `my iban is ${iban(random, 'GB', 'QXZW', 14).toLowerCase()}`,
  ],
  counterExamples: {
    'check digits are wrong': (random) => `IBAN ${iban(random, 'DE', '', 18, 1)}`,
    'no country of this code has this length': (random) => `IBAN ${iban(random, 'DE', '', 17)}`,
    'letters where the country has digits': (random) => `IBAN ${iban(random, 'DE', 'QXZW', 14)}`,
    'in nearly every article on the format': "'IBAN GB82 WEST 1234 5698 7654 32'",
  },
} satisfies Detector;

export default [
  internationalAccount,
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
  publishedValues({
    of: internationalAccount,
    id: 'iban-example',
    name: 'IBAN from documentation',
    source: 'SWIFT IBAN registry, example rows',
    texts: PUBLISHED.flatMap((text) => [text.replaceAll(' ', ''), text]),
  }),
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
