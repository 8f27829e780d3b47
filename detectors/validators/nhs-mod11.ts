import { weightedSum } from './weighted-sum.ts';

export const NHS_WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1] as const;

/**
 * Modulus 11 of the NHS number (NHS Data Dictionary, "NHS NUMBER"): with the check digit as weight 1 the sum is a
 * multiple of 11; a check value of 10 is never issued and cannot be written.
 */
export function isNhsChecksumValid(digits: string): boolean {
  return digits.length === 10 && weightedSum(digits, NHS_WEIGHTS) % 11 === 0;
}
