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

let kernel: { bytes: Buffer; words: Int32Array; runs: (...given: number[]) => number } | null = null;

function open(): NonNullable<typeof kernel> {
  if (kernel === null) {
    const { memory, call } = openKernel(FILE, OUT + (BLOCK_BYTES / LEAST_BYTES + STEP) * 8);
    kernel = { bytes: Buffer.from(memory), words: new Int32Array(memory), runs: call.runs as never };
  }
  return kernel;
}

/** Runs of the texts being walked: what is called may ask for the runs of another text. */
const spare: Int32Array[] = [];

/**
 * Calls `onRun(start, end)` for every run of 12 to 1,024 letters, digits, `_` and `-` with a digit in it that starts in
 * [from, to), ascending, but for plain numbers: digits alone behind a byte of `parts`. It may end behind `to`, up to the
 * end of the buffer.
 */
export function eachTokenRun(
  bytes: Buffer,
  from: number,
  to: number,
  parts: Uint8Array,
  onRun: (start: number, end: number) => void,
): void {
  const { bytes: memory, words, runs } = open();
  // One that begins before `from` belongs to what was before it.
  let at = from;
  if (from > 0 && IS_CORE[bytes[from - 1] as number] === 1) while (at < to && IS_CORE[bytes[at] as number] === 1) at++;
  let found = spare.pop() ?? new Int32Array(1024);
  let size = 0;
  let run = 0;
  let digits = 0;
  const limit = Math.min(bytes.length, to + MAX_RUN_BYTES);
  while (at < to || (run > 0 && at < limit)) {
    const length = Math.min(BLOCK_BYTES, limit - at);
    bytes.copy(memory, BLOCK, at, at + length);
    const isLast = at + length === limit;
    // Behind the last byte stand zeros, which end a run.
    if (isLast) memory.fill(0, BLOCK + length, BLOCK + length + STEP);
    const end = BLOCK + (isLast ? Math.ceil((length + 1) / STEP) * STEP : length);
    const last = runs(BLOCK, end, run, digits, OUT) >> 2;
    run = words[0] as number;
    digits = words[1] as number;
    if (size + last - (OUT >> 2) > found.length) found = grown(found, size + last - (OUT >> 2));
    for (let k = OUT >> 2; k < last; k += 2) {
      const runEnd = at + (words[k] as number) - BLOCK;
      const signed = words[k + 1] as number;
      const start = runEnd - Math.abs(signed);
      if (start >= to || runEnd - start > MAX_RUN_BYTES) continue;
      if (signed < 0 && start > 0 && parts[bytes[start - 1] as number] === 1) continue;
      found[size++] = start;
      found[size++] = runEnd;
    }
    at += length;
  }
  for (let k = 0; k < size; k += 2) onRun(found[k] as number, found[k + 1] as number);
  if (spare.length < 4) spare.push(found);
}

function grown(old: Int32Array, least: number): Int32Array {
  const larger = new Int32Array(Math.max(least, old.length * 2));
  larger.set(old);
  return larger;
}
