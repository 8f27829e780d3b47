import type { Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isFiscalCodeValid } from '../../validators/fiscal-code.ts';
import { accept, documentationValue } from '../../validators/verdict.ts';

const MONTHS = 'ABCDEHLMPRST';
const PUBLISHED = new Set(['RSSMRA85T10A562S', 'RSSMRA80A01H501U', 'MRTMTT25D09F205Z', 'MRTMTT91D08F205J']);

function validate(value: string): Verdict | null {
  if (PUBLISHED.has(value)) return documentationValue(value);
  const day = Number(value.slice(9, 11)) % 40;
  if (!MONTHS.includes(value.charAt(8)) || day < 1 || day > 31) return null;
  return isFiscalCodeValid(value) ? accept(['birth-date', 'mod26'], value) : null;
}

export default nationalId({
  id: 'it-fiscal-code',
  name: 'Italian fiscal code (codice fiscale)',
  entity: 'IT_FISCAL_CODE',
  source: 'Decree of the Ministry of Finance of 23 December 1976',
  shapes: ['AAAAAA99A99A999A'],
  validate,
  randomPass: 0.0137,
  bits: 5,
  context: {
    strong: ['codice fiscale', 'cod fiscale', 'cod fisc', 'c f'],
    weak: ['fiscale', 'nato', 'nata', 'residente'],
    columns: ['codice_fiscale', 'it_fiscal_code', 'cf', 'codicefiscale', 'fiscal_code'],
  },
});
