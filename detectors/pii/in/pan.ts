import type { Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isRepeated } from '../../validators/digits.ts';
import { accept, documentationValue, placeholder } from '../../validators/verdict.ts';

const PUBLISHED = new Set(['ABCDE1234F', 'AAAPL1234C', 'ABCPE1234F', 'AFZPK7190K']);

/** The fourth letter tells the kind of holder; there is no published check. */
function validate(value: string): Verdict | null {
  if (PUBLISHED.has(value)) return documentationValue(value);
  if (isRepeated(value.slice(0, 5)) && isRepeated(value.slice(5, 9))) return placeholder(value);
  return 'ABCFGHJLPT'.includes(value.charAt(3)) ? accept('holder-kind', value, value.charAt(3) === 'P' ? 1 : 0) : null;
}

export default nationalId({
  id: 'in-pan',
  name: 'Indian permanent account number',
  entity: 'IN_PAN',
  source: 'Income Tax Department, structure of the PAN',
  shapes: ['AAAAA9999A'],
  validate,
  randomPass: 0.42,
  bits: -4,
  context: {
    strong: ['pan', 'pan card', 'pan number', 'permanent account number', 'income tax'],
    weak: ['kyc', 'itr', 'tds', 'aadhaar'],
    against: ['part number', 'serial', 'model', 'sku'],
    columns: ['pan', 'in_pan', 'pan_number', 'pan_no', 'pan_card', 'permanent_account_number'],
    columnsAgainst: ['sku', 'part_number', 'serial', 'model'],
  },
});
