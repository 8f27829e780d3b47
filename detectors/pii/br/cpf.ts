import type { Detector, ValidateDigits, Verdict } from '../../detector.ts';
import { CPF_FIRST, CPF_SECOND, isCpfChecksumValid } from '../../validators/cpf-mod11.ts';
import { isRepeatedRun, weightedRunSum } from '../../validators/digit-run.ts';
import { digitsOf, isRepeated } from '../../validators/digits.ts';
import { sampleValue } from '../../validators/sample-value.ts';
import { accept, placeholder } from '../../validators/verdict.ts';

function validate(value: string): Verdict | null {
  const digits = digitsOf(value);
  if (isRepeated(digits)) return placeholder(digits);
  if (!isCpfChecksumValid(digits)) return null;
  return accept('cpf-mod11', digits, value.length === 14 ? 10 : value.length > 11 ? 5 : 0);
}

const validateDigits: ValidateDigits = (text, start, end) => {
  const first = ((weightedRunSum(text, start, CPF_FIRST) * 10) % 11) % 10;
  if (text[start + 9] !== 48 + first) return isRepeatedRun(text, start, end) ? -1 : 0;
  const second = ((weightedRunSum(text, start, CPF_SECOND) * 10) % 11) % 10;
  if (isRepeatedRun(text, start, end)) return -1;
  return text[start + 10] === 48 + second ? 1 : 0;
};

export default {
  id: 'br-cpf',
  name: 'Brazilian taxpayer number (CPF)',
  entity: 'BR_CPF',
  category: 'pii',
  severity: 'high',
  level: 'restricted',
  fix: 'Remove the numbers or replace them with keyed tokens.',
  source: 'Receita Federal, cadastro de pessoas físicas',
  triggers: [{ digits: ['999.999.999-99', '999999999-99', '99999999999'] }],
  maxLength: 14,
  edges: 'number',
  validate,
  validateDigits,
  bits: -3.4,
  randomPass: 0.0102,
  context: {
    strong: ['cpf', 'cpf/mf', 'cadastro de pessoa', 'cadastro de pessoas'],
    weak: ['contribuinte', 'titular', 'cliente', 'receita federal'],
    against: ['telefone', 'celular', 'tel', 'phone', 'pis', 'pedido', 'order', 'isbn'],
    columns: ['cpf', 'br_cpf', 'cpf_number', 'nr_cpf', 'num_cpf', 'numero_cpf', 'cpf_cliente'],
    columnsAgainst: ['id', 'phone', 'telefone', 'celular', 'timestamp', 'order_id', 'pis'],
  },
  examples: [
    (random) => `inscrito no CPF sob o nº ${sampleValue(random, '999.999.999-99', validate)}`,
    (random) => `titular: ${sampleValue(random, '999.999.999-99', validate)}`,
    (random) => `{"cpf":"${sampleValue(random, '99999999999', validate)}"}`,
  ],
  counterExamples: {
    'check digits are wrong': (random) => `CPF ${sampleValue(random, '999.999.999-99', validate, false)}`,
    'the same digit throughout passes both check digits': "'CPF 111.111.111-11'",
    'eleven digits without a word beside them': (random) => `id ${sampleValue(random, '99999999999', validate)}`,
  },
} satisfies Detector;
