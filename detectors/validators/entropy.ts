/** Shannon entropy of the characters of a text, in bits a character. 0 for the empty text. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How many characters of each kind a text has. */
export interface Letters {
  lower: number;
  upper: number;
  digit: number;
  other: number;
}

export function countLetters(text: string): Letters {
  const letters: Letters = { lower: 0, upper: 0, digit: 0, other: 0 };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 97 && code <= 122) letters.lower++;
    else if (code >= 65 && code <= 90) letters.upper++;
    else if (code >= 48 && code <= 57) letters.digit++;
    else letters.other++;
  }
  return letters;
}

/** True when every character of a text is one of `alphabet`. */
export function isMadeOf(text: string, alphabet: string): boolean {
  for (let i = 0; i < text.length; i++) if (!alphabet.includes(text.charAt(i))) return false;
  return true;
}
