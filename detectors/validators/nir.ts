import { remainder97 } from './mod97.ts';

/** Key of a French NIR: 97 - (the first 13 places mod 97); Corsica's 2A counts as 19, 2B as 18 (INSEE). */
export function isNirKeyValid(nir: string): boolean {
  if (nir.length !== 15) return false;
  const number = nir.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainder97(number) === Number(nir.slice(13));
}

/**
 * Sex 1 to 4, 7 or 8; month 1 to 12, or 20 to 42 and 50 to 99 where the civil registration was incomplete; department
 * 01 to 95, 2A, 2B, 97, 98 (overseas) or 99 (abroad); commune and order number not 000.
 */
export function hasNirStructure(nir: string): boolean {
  if (!'123478'.includes(nir.charAt(0))) return false;
  const month = Number(nir.slice(3, 5));
  if (month === 0 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  const department = nir.slice(5, 7);
  if (department !== '2A' && department !== '2B') {
    const number = Number(department);
    if (!(number >= 1 && number <= 99) || number === 96) return false;
  }
  return nir.slice(7, 10) !== '000' && nir.slice(10, 13) !== '000';
}
