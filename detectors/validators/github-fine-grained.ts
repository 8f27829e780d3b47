import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Characters of a fine-grained token that are hashed, prefix included. */
export const HASHED_LENGTH = 77;

/** First eight base32 symbols (RFC 4648) of the SHA-256 of the hashed part of a GitHub fine-grained token. */
export function fineGrainedCheck(hashedPart: string): string {
  const digest = createHash('sha256').update(hashedPart).digest();
  let symbols = '';
  let bits = 0;
  let count = 0;
  for (const byte of digest.subarray(0, 5)) {
    bits = bits * 256 + byte;
    count += 8;
    while (count >= 5) {
      count -= 5;
      symbols += BASE32.charAt(Math.floor(bits / 2 ** count));
      bits %= 2 ** count;
    }
  }
  return symbols;
}
