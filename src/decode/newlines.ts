const NEWLINE = 10;
/** Shorter lines are counted four bytes at a time: a native search for each costs more than it skips. */
const SHORT_LINE = 160;
const PROBES = 32;
const BLOCK = 32 * 1024;

/** Newlines in bytes [from, to). Several GB/s whether lines are long or short. */
export function countNewlines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to) {
    const probed = at;
    for (let i = 0; i < PROBES; i++) {
      const found = bytes.indexOf(NEWLINE, at);
      if (found < 0 || found >= to) return count;
      count++;
      at = found + 1;
    }
    if (at - probed < PROBES * SHORT_LINE) {
      const end = Math.min(to, at + BLOCK);
      count += countByWord(bytes, at, end);
      at = end;
    }
  }
  return count;
}

function countByWord(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to && ((bytes.byteOffset + at) & 3) !== 0) if (bytes[at++] === NEWLINE) count++;
  // The end may come before an aligned place does.
  if (at === to) return count;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (to - at) >> 2);
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] ?? 0) ^ 0x0a0a0a0a;
    // Non-zero only when one of the four bytes is zero, that is a newline.
    if (((word - 0x01010101) & ~word & 0x80808080) !== 0) {
      if ((word & 0xff) === 0) count++;
      if ((word & 0xff00) === 0) count++;
      if ((word & 0xff0000) === 0) count++;
      if ((word & 0xff000000) === 0) count++;
    }
  }
  for (at += words.length * 4; at < to; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}
