import { isDate } from './calendar.ts';
import { weightedSum } from './weighted-sum.ts';

export const PESEL_WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1] as const;
/** Century by the tens of the month field, in steps of 20. */
const CENTURIES = [1900, 2000, 2100, 2200, 1800] as const;

export function isPeselChecksumValid(digits: string): boolean {
  return digits.length === 11 && weightedSum(digits, PESEL_WEIGHTS) % 10 === 0;
}

/** The first six digits are a birth date; the month carries the century (+20 for 2000, +80 for 1800). */
export function hasPeselDate(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  const century = CENTURIES[Math.floor(month / 20)] as number;
  return isDate(century + Number(digits.slice(0, 2)), month % 20, Number(digits.slice(4, 6)));
}
