/** Sums and looks over runs of ASCII digits where they stand: what `validateDigits` of detectors is made of. */

/** The same digit throughout. */
export function isRepeatedRun(text: Uint8Array, start: number, end: number): boolean {
  const first = text[start];
  for (let i = start + 1; i < end; i++) if (text[i] !== first) return false;
  return true;
}

/** Σ weight × digit from `start`, as far as there are weights. */
export function weightedRunSum(text: Uint8Array, start: number, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += ((text[start + i] as number) - 48) * (weights[i] as number);
  return sum;
}

/** The number that is written there: exact up to 15 digits. */
export function numberOfRun(text: Uint8Array, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i++) number = number * 10 + (text[i] as number) - 48;
  return number;
}

const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9] as const;

/** The sum of ISO/IEC 7812-1 annex B: a multiple of 10 where the last digit is the check digit. */
export function luhnSumOfRun(text: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = end - 1; i >= start; i -= 2) {
    sum += (text[i] as number) - 48;
    if (i > start) sum += DOUBLED[(text[i - 1] as number) - 48] as number;
  }
  return sum;
}

/** As numbers, for comparison with `numberOfRun`. */
export function numbersOf(published: Iterable<string>): ReadonlySet<number> {
  return new Set(Array.from(published, Number));
}
