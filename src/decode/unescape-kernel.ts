import { HEX, isShapeByte, SIMPLE } from './json-layers.ts';
import { openKernel } from './kernel.ts';

const SIMPLE_TABLE = 256;
const HEX_TABLE = 512;
const SHAPE_TABLE = 768;
const PLAIN_TABLE = 1024;
const LOW_TABLE = 2048;
const HIGH_TABLE = 4096;
const LOOK_BACK = 80;
const SLACK = 160;
const INPUT = 6144 + LOOK_BACK;
const INPUT_BYTES = 64 * 1024;
const OUTPUT = INPUT + INPUT_BYTES + SLACK;
const OUTPUT_BYTES = 64 * 1024;
const BUFFER = OUTPUT + OUTPUT_BYTES + SLACK;
/** Of the buffer of a text window. */
const BUFFER_BYTES = 1088 * 1024;
/** The longest escape that one output byte may need. */
const ESCAPE_BYTES = 12;
/** Input that is loaded already and this long is used up before more is loaded. */
const ENOUGH_BYTES = 64;

const { memory, call } = openKernel(new URL('unescape.wasm', import.meta.url), BUFFER + BUFFER_BYTES + SLACK);
const bytes = new Uint8Array(memory);
const stopped = new Int32Array(memory, 0, 2);
bytes.set(SIMPLE, SIMPLE_TABLE);
bytes.set(new Uint8Array(HEX.buffer), HEX_TABLE);
for (let byte = 0; byte < 256; byte++) {
  if (isShapeByte(byte)) bytes[SHAPE_TABLE + byte] = 1;
  else if (byte !== 34) bytes[PLAIN_TABLE + byte] = 1;
  for (let bit = 0, kept = byte * 8; bit < 8; bit++) {
    if (((byte >> bit) & 1) === 1) continue;
    bytes[LOW_TABLE + kept] = bit;
    bytes[HIGH_TABLE + kept++] = bit + 8;
  }
}

/** For one user: what is unescaped to this buffer is written there at once, to any other it is copied. */
export const kernelBuffer: Buffer = Buffer.from(memory, BUFFER, BUFFER_BYTES);

/** The input in memory: bytes [from, to) of `of`, with those before them. */
let loaded: { of: Buffer; from: number; to: number } | null = null;

/** Where `unescapeRun` stopped. */
export const run = { inputEnd: 0, outputEnd: 0 };

/**
 * Undoes the JSON escapes of input[from, …) to `out` from `outFrom` on; the answer is in `run`. It stops at `outLimit`, and
 * before an escape that takes more than a look at it: one near the end, a broken one, a lone surrogate, a quote that may
 * be the first one of JSON inside the string. `byteBefore` gives what stands before the input, at negative indexes.
 */
export function unescapeRun(
  input: Buffer,
  from: number,
  out: Buffer,
  outFrom: number,
  outLimit: number,
  byteBefore: (index: number) => number,
): void {
  const isHere = out.buffer === memory;
  let at = from;
  let to = outFrom;
  for (;;) {
    const room = Math.min(outLimit - to, OUTPUT_BYTES);
    const block = load(input, at, at + (room + 1) * ESCAPE_BYTES, byteBefore);
    const target = isHere ? out.byteOffset + to : OUTPUT;
    call.unescape?.(INPUT + at - block.from, INPUT + block.to - block.from, target, target + room);
    at = block.from + (stopped[0] as number) - INPUT;
    const written = (stopped[1] as number) - target;
    if (!isHere) out.set(bytes.subarray(OUTPUT, OUTPUT + written), to);
    to += written;
    const isFull = written >= room;
    const isShort = block.to < input.length && block.to - at < ESCAPE_BYTES;
    if (to >= outLimit || !(isFull || isShort)) break;
  }
  run.inputEnd = at;
  run.outputEnd = to;
}

/** To be called when the bytes of an input may have changed. */
export function forgetInput(): void {
  loaded = null;
}

function load(
  input: Buffer,
  from: number,
  to: number,
  byteBefore: (index: number) => number,
): { from: number; to: number } {
  const end = Math.min(input.length, to, from + INPUT_BYTES);
  if (
    loaded?.of === input &&
    loaded.from >= LOOK_BACK &&
    loaded.from <= from &&
    loaded.to >= Math.min(end, from + ENOUGH_BYTES)
  )
    return loaded;
  bytes.set(input.subarray(from, end), INPUT);
  for (let back = 1; back <= LOOK_BACK; back++) {
    const index = from - back;
    bytes[INPUT - back] = index >= 0 ? (input[index] as number) : byteBefore(index);
  }
  loaded = { of: input, from, to: end };
  return loaded;
}
