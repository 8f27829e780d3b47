interface Range {
  brand: string;
  /** First and last prefix, both of the same number of digits. */
  from: string;
  to: string;
  lengths: readonly number[];
}

/** No range is told by more. */
const PREFIX_DIGITS = 4;
const SIXTEEN = [16];
const TO_NINETEEN = [16, 17, 18, 19];

/** Issuer identification number ranges in use (ISO/IEC 7812-1; the networks' own BIN tables). First match counts. */
const RANGES: readonly Range[] = [
  { brand: 'visa', from: '4', to: '4', lengths: [13, 16, 19] },
  { brand: 'mastercard', from: '51', to: '55', lengths: SIXTEEN },
  { brand: 'mastercard', from: '2221', to: '2720', lengths: SIXTEEN },
  { brand: 'amex', from: '34', to: '34', lengths: [15] },
  { brand: 'amex', from: '37', to: '37', lengths: [15] },
  { brand: 'discover', from: '6011', to: '6011', lengths: TO_NINETEEN },
  { brand: 'discover', from: '644', to: '659', lengths: TO_NINETEEN },
  { brand: 'jcb', from: '3528', to: '3589', lengths: TO_NINETEEN },
  { brand: 'jcb', from: '1800', to: '1800', lengths: [15] },
  { brand: 'jcb', from: '2131', to: '2131', lengths: [15] },
  { brand: 'diners', from: '300', to: '305', lengths: [14, 16, 19] },
  { brand: 'diners', from: '3095', to: '3095', lengths: [14, 16, 19] },
  { brand: 'diners', from: '36', to: '36', lengths: [14, 16, 19] },
  { brand: 'diners', from: '38', to: '39', lengths: [14, 16, 19] },
  { brand: 'unionpay', from: '62', to: '62', lengths: TO_NINETEEN },
  { brand: 'unionpay', from: '81', to: '81', lengths: TO_NINETEEN },
  { brand: 'mir', from: '2200', to: '2204', lengths: TO_NINETEEN },
  { brand: 'rupay', from: '60', to: '60', lengths: SIXTEEN },
  { brand: 'rupay', from: '82', to: '82', lengths: SIXTEEN },
  { brand: 'maestro', from: '50', to: '50', lengths: [12, 13, 16, 18, 19] },
  { brand: 'maestro', from: '56', to: '69', lengths: [12, 13, 16, 18, 19] },
];

/** The ranges by number of digits: most numbers of most lengths are told apart by their first four. */
const BY_LENGTH: readonly (readonly { brand: string; from: number; to: number }[])[] = Array.from(
  { length: 20 },
  (_, length) =>
    RANGES.filter(({ lengths }) => lengths.includes(length)).map(({ brand, from, to }) => ({
      brand,
      from: Number(from.padEnd(PREFIX_DIGITS, '0')),
      to: Number(to.padEnd(PREFIX_DIGITS, '9')),
    })),
);

/** Whether a network issues cards with so many digits that begin with these four. */
export function isCardStart(prefix: number, digits: number): boolean {
  for (const { from, to } of BY_LENGTH[digits] ?? []) if (prefix >= from && prefix <= to) return true;
  return false;
}

/** The network that issues cards with this prefix and length, or null. */
export function cardBrand(digits: string): string | null {
  const ranges = BY_LENGTH[digits.length];
  if (ranges === undefined || ranges.length === 0) return null;
  let prefix = 0;
  for (let i = 0; i < PREFIX_DIGITS; i++) prefix = prefix * 10 + digits.charCodeAt(i) - 48;
  for (const { brand, from, to } of ranges) if (prefix >= from && prefix <= to) return brand;
  return null;
}
