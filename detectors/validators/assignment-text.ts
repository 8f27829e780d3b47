const TAB = 9;
const SPACE = 32;
const CLOSING = 41;
const GREATER = 62;
/** Longer than any match. */
const MAX_BYTES = 1024;

/** The text that is looked at, copied: what is read behind its end is 0, which stands in no assignment. */
export const text = Buffer.alloc(MAX_BYTES + 4);

/** Has `text` begin with bytes [start, limit). */
export function copyText(bytes: Buffer, start: number, limit: number): void {
  const size = bytes.copy(text, 0, start, Math.min(limit, start + MAX_BYTES));
  text.fill(0, size, size + 4);
}

export interface Word {
  text: string;
  bytes: Uint8Array;
}

/** Bytes of the letter of U+00C0 to U+04FF or U+3040 to U+9FFF at `at`; 0 for none. */
export function wideLetter(at: number): number {
  const lead = text[at] as number;
  if (lead >= 0xc3 && lead <= 0xd3) return isTail(at + 1) ? 2 : 0;
  if (lead < 0xe3 || lead > 0xe9 || !isTail(at + 1) || !isTail(at + 2)) return 0;
  return lead === 0xe3 && text[at + 1] === 0x80 ? 0 : 3;
}

function isTail(at: number): boolean {
  return ((text[at] as number) & 0xc0) === 0x80;
}

/** Bytes of a character beyond ASCII, as wide as RE2 takes it, or of a bracket and what stands behind it; 0 for none. */
export function wideUnit(at: number, behind: Uint8Array): number {
  const lead = text[at] as number;
  if (lead === CLOSING || lead === GREATER) return behind[text[at + 1] as number] === 1 ? 2 : 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let k = 1; k < size; k++) if (!isTail(at + k)) return 0;
  return size;
}

/** How often `byte` stands at `at`, at most `most` times; and so below. */
export function run(at: number, byte: number, most: number): number {
  let count = 0;
  while (count < most && text[at + count] === byte) count++;
  return count;
}

export function spaces(at: number, most: number): number {
  return run(at, SPACE, most);
}

/** Where they end. */
export function skip(at: number, most: number): number {
  return at + run(at, SPACE, most);
}

/** Where spaces and tabs end. */
export function blanks(at: number, most: number): number {
  let end = at;
  while (end < at + most && (text[end] === SPACE || text[end] === TAB)) end++;
  return end;
}

/** The first of the words that stands at `at`. */
export function wordAt(words: readonly Word[], at: number): Word | null {
  for (const word of words) {
    let k = 0;
    while (k < word.bytes.length && text[at + k] === word.bytes[k]) k++;
    if (k === word.bytes.length) return word;
  }
  return null;
}

export function textsOf(...texts: string[]): Word[] {
  return texts.map((text) => ({ text, bytes: Buffer.from(text) }));
}
