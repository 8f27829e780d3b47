/** Remainder by 97 of a number of any length; letters count as A = 10 … Z = 35 (ISO/IEC 7064). NaN for anything else. */
export function remainder97(text: string): number {
  let remainder = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) remainder = (remainder * 10 + code - 48) % 97;
    else if (code >= 65 && code <= 90) remainder = (remainder * 100 + code - 55) % 97;
    else return Number.NaN;
  }
  return remainder;
}

/** ISO 13616: the first four characters moved to the end leave remainder 1. */
export function isIbanChecksumValid(iban: string): boolean {
  return iban.length > 4 && remainder97(iban.slice(4) + iban.slice(0, 4)) === 1;
}
