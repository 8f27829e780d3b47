import { openKernel } from './kernel.ts';

const NEWLINE = 10;
/** Shorter stretches are counted here: going to the kernel costs as much. */
const SHORT_BYTES = 256;
const STEP = 64;
const BLOCK_BYTES = 64 * 1024;

const { memory, call } = openKernel(new URL('newlines.wasm', import.meta.url), BLOCK_BYTES);
const block = Buffer.from(memory);

/** Newlines in bytes [from, to). */
export function countNewlines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (to - at > SHORT_BYTES) {
    const length = Math.min(BLOCK_BYTES, to - at) & -STEP;
    bytes.copy(block, 0, at, at + length);
    count += call.count?.(0, length) ?? 0;
    at += length;
  }
  for (; at < to; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}
