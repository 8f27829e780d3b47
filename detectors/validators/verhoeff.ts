/** Multiplication in the dihedral group D5 (Verhoeff, "Error Detecting Decimal Codes", 1969). */
function multiply(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? ((a - b) % 5) + 5 : (a - b + 5) % 5;
}

/** The permutation applied once for each place, read from the right. */
const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Verhoeff check over a text of digits whose last one is the check digit. */
export function isVerhoeffValid(digits: string): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    let digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    if (digit < 0 || digit > 9) return false;
    for (let k = place % 8; k > 0; k--) digit = PERMUTATION[digit] as number;
    check = multiply(check, digit);
  }
  return digits.length > 1 && check === 0;
}

/** By place mod 8 and digit: the permutation applied so often. */
const PERMUTED = Array.from({ length: 80 }, (_, at) => {
  let digit = at % 10;
  for (let k = Math.floor(at / 10); k > 0; k--) digit = PERMUTATION[digit] as number;
  return digit;
});
const PRODUCTS = Array.from({ length: 100 }, (_, at) => multiply(Math.floor(at / 10), at % 10));

/** The same over ASCII digits [start, end). */
export function isVerhoeffRun(text: Uint8Array, start: number, end: number): boolean {
  let check = 0;
  for (let i = end - 1; i >= start; i--) {
    const digit = PERMUTED[((end - 1 - i) % 8) * 10 + (text[i] as number) - 48] as number;
    check = PRODUCTS[check * 10 + digit] as number;
  }
  return check === 0;
}
