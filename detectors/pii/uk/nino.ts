import type { Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isRepeated } from '../../validators/digits.ts';
import { accept, placeholder } from '../../validators/verdict.ts';

const UNUSED_PREFIXES = new Set(['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ']);

/** No check digit: prefixes and suffixes that are given out (HMRC NIM39110). */
function validate(value: string): Verdict | null {
  const nino = value.replaceAll(' ', '');
  const [first, second] = [nino.charAt(0), nino.charAt(1)];
  if ('DFIQUV'.includes(first) || 'DFIOQUV'.includes(second) || UNUSED_PREFIXES.has(first + second)) return null;
  if (isRepeated(nino.slice(2, 8))) return placeholder(nino);
  return 'ABCD'.includes(nino.charAt(8)) ? accept('nino-prefix', nino, value.length > 9 ? 3 : 0) : null;
}

export default nationalId({
  id: 'uk-national-insurance-number',
  name: 'UK National Insurance number',
  entity: 'UK_NINO',
  source: 'HMRC National Insurance Manual NIM39110',
  shapes: ['AA999999A', 'AA 99 99 99 A', 'AA 999999 A', 'AA 999999A'],
  validate,
  randomPass: 0.085,
  bits: -2,
  context: {
    strong: ['nino', 'national insurance', 'national insurance number', 'ni number', 'ni no'],
    weak: ['hmrc', 'paye', 'employee', 'payroll'],
    against: ['part number', 'serial', 'order', 'passport'],
    columns: ['nino', 'uk_nino', 'ni_number', 'ni_no', 'national_insurance_number', 'national_insurance'],
    columnsAgainst: ['sku', 'part_number', 'serial'],
  },
});
