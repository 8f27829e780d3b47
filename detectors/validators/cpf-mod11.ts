import { weightedSum } from './weighted-sum.ts';

export const CPF_FIRST = [10, 9, 8, 7, 6, 5, 4, 3, 2] as const;
export const CPF_SECOND = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2] as const;

/** Two check digits of a Brazilian CPF: 11 - (Σ mod 11), where 10 and 11 are written 0. */
export function isCpfChecksumValid(digits: string): boolean {
  if (digits.length !== 11) return false;
  const first = ((weightedSum(digits, CPF_FIRST) * 10) % 11) % 10;
  const second = ((weightedSum(digits, CPF_SECOND) * 10) % 11) % 10;
  return digits.charCodeAt(9) - 48 === first && digits.charCodeAt(10) - 48 === second;
}
