/** Check digits of the identifiers that the corpus plants, written apart from the validators they are held against. */

/** Digits with the last one made to fit (ISO/IEC 7812-1 annex B). */
export function withLuhn(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * 2;
    return total + (place % 2 === 0 ? (doubled > 9 ? doubled - 9 : doubled) : Number(digit));
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

/** Two check digits and the account number behind a country code (ISO 13616-1). */
export function withIban(country: string, account: string): string {
  const number = `${account}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

function weighted(digits: string, weights: number[]): number {
  return weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0);
}

/** Nine digits and their check digit; null when there is none for them. */
export function withNhs(digits: string): string | null {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check === 10 ? null : digits + (check % 11);
}

/** Date, serial number and sex with their check digit. */
export function withPesel(digits: string): string {
  return digits + ((10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
}

/** Nine digits with both check digits. */
export function withCpf(digits: string): string {
  const next = (given: string): string => {
    const rest =
      weighted(
        given,
        Array.from(given, (_, place) => given.length + 1 - place),
      ) % 11;
    return given + (rest < 2 ? 0 : 11 - rest);
  };
  return next(next(digits));
}

/** Thirteen digits with their key. */
export function withNir(digits: string): string {
  return digits + String(97n - (BigInt(digits) % 97n)).padStart(2, '0');
}

/** Eleven digits with the check digit of Verhoeff's dihedral scheme. */
export function withVerhoeff(digits: string): string {
  const multiply = (a: number, b: number): number =>
    a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5) : b < 5 ? ((a - b) % 5) + 5 : (a - b + 5) % 5;
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const permute = (digit: number, times: number): number =>
    times === 0 ? digit : permute(step[digit] ?? 0, times - 1);
  const product = [...digits]
    .reverse()
    .reduce((total, digit, place) => multiply(total, permute(Number(digit), (place + 1) % 8)), 0);
  return digits + (product < 5 ? (5 - product) % 5 : product);
}
