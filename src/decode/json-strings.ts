import { openKernel } from './kernel.ts';

const BLOCK_BYTES = 4096;
const SLACK = 16;
/** Shorter strings are looked through here: going to the kernel costs as much. */
const SHORT_BYTES = 48;
const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;

const { memory, call } = openKernel(new URL('json-strings.wasm', import.meta.url), BLOCK_BYTES + SLACK);
const block = Buffer.from(memory);

/**
 * Index of the quote that ends a JSON string whose bytes begin or go on at `from`; with `isLine` that of the line break, if one comes
 * first. `to` when it lies further on, `to + 1` when the byte at `to` is escaped.
 */
export function endOfString(bytes: Buffer, from: number, to: number, isLine: boolean): number {
  let at = from;
  const short = Math.min(to, from + SHORT_BYTES);
  while (at < short) {
    const byte = bytes[at] as number;
    if (byte === QUOTE || (isLine && byte === NEWLINE)) return at;
    if (byte !== BACKSLASH) at++;
    else if (isLine && at + 1 < to && bytes[at + 1] === NEWLINE) return at + 1;
    else at += 2;
  }
  while (at < to) {
    const length = Math.min(BLOCK_BYTES, to - at);
    bytes.copy(block, 0, at, at + length);
    const end = call.ends?.(0, length, isLine ? NEWLINE : QUOTE) ?? 0;
    at += end;
    if (end < length) return at;
  }
  return at;
}
