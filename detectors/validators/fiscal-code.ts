/** Values of the characters in odd places: 0 to 9 and A to J, then K to Z (decree of 23 December 1976, table 4). */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23] as const;

/** The last letter of an Italian fiscal code is the sum of the fifteen before it, modulo 26. */
export function isFiscalCodeValid(code: string): boolean {
  if (code.length !== 16) return false;
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const letter = code.charCodeAt(i);
    const value = letter <= 57 ? letter - 48 : letter - 65;
    sum += i % 2 === 0 ? (ODD[value] as number) : value;
  }
  return code.charCodeAt(15) - 65 === sum % 26;
}
