import { countByte } from './text-kernels.ts';

const NEWLINE = 10;
/** Shorter stretches are counted here: going to the kernel costs as much. */
const SHORT_BYTES = 256;

/** Newlines in bytes [from, to). */
export function countNewlines(bytes: Buffer, from: number, to: number): number {
  if (to - from > SHORT_BYTES) return countByte(bytes, from, to, NEWLINE);
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}
