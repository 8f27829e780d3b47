/** A look that tells a value of the entity from other content; no check digits, which detectors know better. */
const LOOKS: Readonly<Record<string, (value: string) => boolean>> = {
  EMAIL: (value) => value.indexOf('@') > 0 && value.lastIndexOf('.') > value.indexOf('@'),
  PHONE: (value) => isBetween(digitCount(value), 7, 15),
  CREDIT_CARD: (value) => isBetween(digitCount(value), 12, 19),
  IBAN: (value) => isBetween(compactLength(value), 14, 34) && digitCount(value.slice(2, 4)) === 2,
  IP_ADDRESS: (value) => value.split('.').length === 4 || value.split(':').length > 2,
  MAC_ADDRESS: (value) => isBetween(compactLength(value), 12, 23),
  US_SSN: (value) => isBetween(digitCount(value), 4, 9),
  VIN: (value) => value.length === 17,
  DATE_OF_BIRTH: (value) => isBetween(digitCount(value), 2, 17),
  AGE: (value) => isBetween(digitCount(value), 1, 5),
};

/** Share of the values that look like the entity; null when there are no values or the entity has no look. */
export function shareOfEntity(entity: string, values: readonly string[]): number | null {
  const looks = LOOKS[entity];
  if (looks === undefined) return null;
  let filled = 0;
  let fitting = 0;
  for (const value of values) {
    if (value.trim() === '') continue;
    filled++;
    if (looks(value.trim())) fitting++;
  }
  return filled === 0 ? null : fitting / filled;
}

function digitCount(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) count++;
  }
  return count;
}

function compactLength(text: string): number {
  return text.replaceAll(' ', '').length;
}

function isBetween(count: number, min: number, max: number): boolean {
  return count >= min && count <= max;
}
