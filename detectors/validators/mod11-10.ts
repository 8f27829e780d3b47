/** ISO 7064 modulus 11,10 over a text of digits whose last one is the check digit. */
export function isMod1110Valid(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (digits.charCodeAt(i) - 48 + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return digits.length > 1 && (11 - product) % 10 === digits.charCodeAt(digits.length - 1) - 48;
}

/** The same over the bytes [start, end). */
export function isMod1110Run(text: Uint8Array, start: number, end: number): boolean {
  let product = 10;
  for (let i = start; i < end - 1; i++) {
    const sum = ((text[i] as number) - 48 + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return end - start > 1 && (11 - product) % 10 === (text[end - 1] as number) - 48;
}
