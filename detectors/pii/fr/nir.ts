import type { Detector, Random, ValidateDigits, Verdict } from '../../detector.ts';
import { numberOfRun, numbersOf } from '../../validators/digit-run.ts';
import { remainder97 } from '../../validators/mod97.ts';
import { hasNirStructure, isNirKeyValid } from '../../validators/nir.ts';
import { accept, documentationValue } from '../../validators/verdict.ts';

/** On specimen cards of the French health insurance. */
const PUBLISHED = new Set(['255081416802538', '269054958815780']);

function validate(value: string): Verdict | null {
  const nir = value.replaceAll(' ', '');
  if (PUBLISHED.has(nir)) return documentationValue(nir);
  if (!hasNirStructure(nir) || !isNirKeyValid(nir)) return null;
  return accept(['nir-structure', 'nir-key'], nir, value.length > 15 ? 8 : nir.charAt(6) > '9' ? 5 : 0);
}

const PUBLISHED_NUMBERS = numbersOf(PUBLISHED);

/** Few have the key: they are left to `validate`. */
const validateDigits: ValidateDigits = (text, start, end) => {
  if (97 - (numberOfRun(text, start, end - 2) % 97) === numberOfRun(text, end - 2, end)) return -1;
  return PUBLISHED_NUMBERS.has(numberOfRun(text, start, end)) ? -1 : 0;
};

export default {
  id: 'fr-nir',
  name: 'French social security number (NIR)',
  entity: 'FR_NIR',
  category: 'pii',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove the numbers: the NIR may be processed only for purposes listed in decree 2019-341.',
  source: 'INSEE, structure du NIR; decree 2019-341',
  triggers: [
    { digits: ['999999999999999', '9 99 99 99 999 999 99'] },
    { sequence: '999992A99999' },
    { sequence: '999992B99999' },
    { sequence: '9 99 99 2A 9' },
    { sequence: '9 99 99 2B 9' },
  ],
  pattern: '[12][0-9]{4}2[AB][0-9]{8}|[12] [0-9]{2} [0-9]{2} 2[AB] [0-9]{3} [0-9]{3} [0-9]{2}',
  maxLength: 21,
  edges: 'number',
  validate,
  validateDigits,
  bits: -2.4,
  randomPass: 0.005,
  context: {
    strong: [
      'nir',
      'insee',
      'sécurité sociale',
      'securite sociale',
      'numéro de sécu',
      'numero de secu',
      'n° ss',
      'carte vitale',
    ],
    weak: ['assuré', 'assure', 'cpam', 'ameli', 'patient', 'salarié'],
    against: ['isbn', 'imei', 'order', 'commande', 'siret', 'card', 'carte bancaire'],
    columns: [
      'nir',
      'fr_nir',
      'insee',
      'numero_securite_sociale',
      'num_secu',
      'numero_secu',
      'nss',
      'securite_sociale',
    ],
    columnsAgainst: ['id', 'imei', 'timestamp', 'order_id', 'card_number'],
  },
  examples: [
    (random) => `N° de sécurité sociale : ${nir(random, '07', ' ')}`,
    (random) => `{"nir":"${nir(random, '75', '')}"}`,
    (random) => `NIR ${nir(random, '2A', '')}`,
  ],
  counterExamples: {
    'key is wrong': (random) => `NIR ${nir(random, '33', '', 1)}`,
    'department 00 does not exist': (random) => `NIR ${nir(random, '00', '')}`,
    'fifteen digits without a word beside them': (random) => `ref ${nir(random, '69', '')}`,
    'on specimen cards': "'NIR 2 55 08 14 168 025 38'",
  },
} satisfies Detector;

/** A number with its key (plus `error`), grouped as printed with `separator`. */
function nir(random: Random, department: string, separator: string, error = 0): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const three = (): string => String(1 + random.int(899)).padStart(3, '0');
  const parts = [random.pick(['1', '2']), two(random.int(100)), two(1 + random.int(12)), department, three(), three()];
  const number = parts.join('').replace('2A', '19');
  const key = 97 - remainder97(number);
  return [...parts, two(error === 0 ? key : (key + error) % 97)].join(separator);
}
