import { openKernel } from '../decode/kernel.ts';

const FILE = new URL('token-runs.wasm', import.meta.url);
const LEAST_BYTES = 12;
/** A longer run is encoded data, no credential. */
export const MAX_RUN_BYTES = 1024;
const BLOCK_BYTES = 64 * 1024;
const STEP = 16;
const BLOCK = 1024;
const OUT = BLOCK + BLOCK_BYTES + STEP;

const IS_CORE = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) if (/[0-9A-Za-z_-]/.test(String.fromCharCode(byte))) IS_CORE[byte] = 1;

let kernel: { bytes: Uint8Array; words: Int32Array; runs: (...given: number[]) => number } | null = null;

function open(): NonNullable<typeof kernel> {
  if (kernel === null) {
    const { memory, call } = openKernel(FILE, OUT + (BLOCK_BYTES / LEAST_BYTES + STEP) * 8);
    kernel = { bytes: new Uint8Array(memory), words: new Int32Array(memory), runs: call.runs as never };
  }
  return kernel;
}

/**
 * Calls `onRun(start, end)` for every run of 12 to 1,024 letters, digits, `_` and `-` with a digit in it that starts in
 * [from, to), ascending. `isStart`: `bytes[0]` is the first byte of its stream. It may end behind `to`, up to the end of
 * the buffer.
 */
export function eachTokenRun(
  bytes: Buffer,
  from: number,
  to: number,
  onRun: (start: number, end: number) => void,
): void {
  const { bytes: memory, words, runs } = open();
  // One that begins before `from` belongs to what was before it.
  let at = from;
  if (from > 0 && IS_CORE[bytes[from - 1] as number] === 1) while (at < to && IS_CORE[bytes[at] as number] === 1) at++;
  const found: number[] = [];
  let run = 0;
  let digits = 0;
  const limit = Math.min(bytes.length, to + MAX_RUN_BYTES);
  while (at < to || (run > 0 && at < limit)) {
    const length = Math.min(BLOCK_BYTES, limit - at);
    memory.set(bytes.subarray(at, at + length), BLOCK);
    const isLast = at + length === limit;
    // Behind the last byte stand zeros, which end a run.
    if (isLast) memory.fill(0, BLOCK + length, BLOCK + length + STEP);
    const end = BLOCK + (isLast ? Math.ceil((length + 1) / STEP) * STEP : length);
    const last = runs(BLOCK, end, run, digits, OUT) >> 2;
    run = words[0] as number;
    digits = words[1] as number;
    for (let k = OUT >> 2; k < last; k += 2) {
      const runEnd = at + (words[k] as number) - BLOCK;
      found.push(runEnd - (words[k + 1] as number), runEnd);
    }
    at += length;
  }
  // Delivered when the kernel is free again: what is called may ask for the runs of another text.
  for (let k = 0; k < found.length; k += 2) {
    const start = found[k] as number;
    const end = found[k + 1] as number;
    if (start < to && end - start <= MAX_RUN_BYTES) onRun(start, end);
  }
}
