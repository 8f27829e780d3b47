import { byteSet } from './automaton.ts';
import { byteClass } from './byte-class.ts';

export const IS_WORD = byteClass('0-9A-Za-z');
/** What runs are made of. */
export const IS_CORE = byteClass('0-9A-Za-z_-');
/** What the value that a run belongs to may hold before it. */
export const IS_LEAD = byteClass('0-9A-Za-z_+/.~-');
/** Everything visible but quotes, brackets and commas. */
export const IS_FAR = byteSet(
  (byte) => byte > 32 && byte < 128 && !'"\'`,;()<>[]{}'.includes(String.fromCharCode(byte)),
);

/** What a byte is in a name; 0 for what ends it. */
export const JOINER = 1;
export const DIGIT = 2;
export const LOWER = 3;
export const UPPER = 4;
export const NAME_KIND = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const letter = String.fromCharCode(byte);
  if (/[a-z]/.test(letter)) NAME_KIND[byte] = LOWER;
  else if (/[A-Z]/.test(letter)) NAME_KIND[byte] = UPPER;
  else if (/[0-9]/.test(letter)) NAME_KIND[byte] = DIGIT;
  else if (/[_.\x20-]/.test(letter)) NAME_KIND[byte] = JOINER;
}
