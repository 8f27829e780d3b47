import type { Detector, ValidateDigits, Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { luhnSumOfRun } from '../../validators/digit-run.ts';
import { isLuhnValid } from '../../validators/luhn.ts';
import { accept } from '../../validators/verdict.ts';

/** Luhn over the number behind the prefix of health cards; the first digit tells persons from organisations. */
function validate(value: string): Verdict | null {
  if (value.charAt(0) !== '1' && value.charAt(0) !== '2') return null;
  return isLuhnValid(`80840${value}`) ? accept('npi-luhn', value) : null;
}

/** What the digits of the prefix 80840 add to the sum over those behind it. */
const PREFIX_SUM = 24;

const validateDigits: ValidateDigits = (text, start, end) => {
  if (text[start] !== 49 && text[start] !== 50) return 0;
  return (luhnSumOfRun(text, start, end) + PREFIX_SUM) % 10 === 0 ? 1 : 0;
};

export default nationalId({
  id: 'us-npi',
  name: 'US National Provider Identifier',
  entity: 'US_NPI',
  severity: 'low',
  level: 'internal',
  source: '45 CFR 162.406; CMS NPI check digit',
  shapes: ['9999999999'],
  validate,
  validateDigits,
  randomPass: 0.02,
  context: {
    strong: ['npi', 'npi number', 'national provider identifier'],
    weak: ['provider', 'physician', 'prescriber', 'nppes'],
    against: ['timestamp', 'order'],
    columns: ['npi', 'us_npi', 'npi_number', 'provider_npi', 'national_provider_identifier'],
    columnsAgainst: ['id', 'phone', 'timestamp'],
  },
}) satisfies Detector;
