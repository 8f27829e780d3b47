import { type Kernel, openKernel } from '../decode/kernel.ts';
import type { ByteSet } from './automaton.ts';
import { DIGIT, LOWER, UPPER } from './byte-class.ts';
import { IS_CORE, IS_FAR, IS_LEAD, IS_WORD } from './run-bytes.ts';

const FILE = new URL('token-runs.wasm', import.meta.url);
/** A longer run is encoded data, no credential. */
export const MAX_RUN_BYTES = 1024;
const BLOCK_BYTES = 64 * 1024;
/** Known of the text before a block: a run, what its value may begin with, and what is read for words. */
const BEFORE = 1280;
/** Known behind it. */
const BEHIND = 128;
/** Scanned before a block, for what is open where it begins. */
const WARM = MAX_RUN_BYTES + 64;
/** As in token-runs.wat. */
const CLASSES = 256;
const PARTS = 512;
const SAYS = 768;
const ORDERS = 1024;
const FIRST_THREE = 4096;
const FIRST_BYTES = 20_480;
const FIRST_LETTERS = 36_864;
const LAST_LETTERS = 53_248;
const WORDS = 69_632;
const BLOCK = 102_400 + BEFORE;
const OUT = BLOCK + BLOCK_BYTES + BEHIND;
const LEAST_BYTES = 12;
const OUT_WORDS = 3;
/** Behind the first letters of a word, where the last ones of others have nothing. */
const MARK = '\x01';
/** What may stand behind a whole word: nothing, or a letter or digit of what follows. */
const AFTER_WORD = ['', ...'abcdefghijklmnopqrstuvwxyz0123456789'];

/** What the table of issuers may know of a run. */
export const HINT = { beginning: 1, word: 2 } as const;
export type OnRun = (start: number, end: number, hint: number) => void;

/** What tells that a run is worth a look. */
export interface RunFilter {
  /** 1 for the bytes behind which digits alone are nothing. */
  parts: Uint8Array;
  /** Of three bytes or more. */
  beginnings: Iterable<string>;
  /** Of three letters or digits or more. */
  words: Iterable<string>;
  /** What alone may stand between one of `words` and a value unless one of `says` does. */
  between: Iterable<string>;
  /** Of three letters or more. */
  says: Iterable<string>;
}

/** Runs of the texts being walked: what is called may ask for the runs of another text. */
const spare: Int32Array[] = [];

/** Finds the runs of letters, digits, `_` and `-` that the table of issuers may know something of. */
export class TokenRuns {
  private readonly memory: Buffer;
  private readonly words: Int32Array;
  private readonly call: Kernel['call'];

  constructor({ parts, beginnings, words, between, says }: RunFilter) {
    const { memory, call } = openKernel(FILE, OUT + (BLOCK_BYTES / LEAST_BYTES + 1) * OUT_WORDS * 4);
    this.memory = Buffer.from(memory);
    this.words = new Int32Array(memory);
    this.call = call;
    for (let byte = 0; byte < 256; byte++) {
      this.memory[CLASSES + byte] = classOf(byte);
      const letters = [0, 1, 2, 3, 4, 5, 6, 7].filter((place) => (byte >> place) & 1);
      for (let place = 0; place < 8; place++) this.memory[ORDERS + 8 * byte + place] = letters[place] ?? 255;
    }
    this.memory.set(parts, PARTS);
    for (const beginning of beginnings) {
      this.add(FIRST_THREE, beginning.slice(0, 3));
      this.add(FIRST_BYTES, beginning.slice(0, 8));
    }
    for (const word of between) this.add(LAST_LETTERS, `${word.slice(0, 3).padEnd(4, '\0')}${MARK}`);
    for (const word of [...between, ...words]) this.add(LAST_LETTERS, word.slice(-4));
    this.memory.write([...says].map((word) => word.slice(0, 3)).join(''), SAYS);
    for (const word of words) {
      for (const next of word.length === 3 ? AFTER_WORD : ['']) this.add(FIRST_LETTERS, (word + next).slice(0, 4));
      let hash = 0;
      for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
      const bits = Math.imul(hash, 0x9e3779b1);
      const at = (WORDS >> 2) + (bits >>> 19);
      this.words[at] = (this.words[at] as number) | (1 << (bits >>> 14)) | (1 << (bits >>> 9));
    }
  }

  /**
   * Calls `onRun` for the runs of 12 to 1,024 letters, digits, `_` and `-` with a digit in it that start in [from, to),
   * ascending, but for those that the table says nothing of, and plain numbers: digits alone behind a byte of `parts`.
   * A run may end behind `to`, up to the end of the buffer.
   */
  each(bytes: Buffer, from: number, to: number, onRun: OnRun): void {
    const { memory, words } = this;
    let found = spare.pop() ?? new Int32Array(1024);
    let size = 0;
    const limit = Math.min(bytes.length, to + MAX_RUN_BYTES);
    for (let at = from; at < limit; at += BLOCK_BYTES) {
      const shift = BLOCK - at;
      const first = Math.max(0, at - BEFORE);
      const end = Math.min(limit, at + BLOCK_BYTES);
      const behind = Math.min(bytes.length, end + BEHIND);
      bytes.copy(memory, first + shift, first, behind);
      // What is no part of the text ends whatever it touches.
      memory[first + shift - 1] = 0;
      if (behind < end + BEHIND) memory.fill(0, behind + shift, end + BEHIND + shift);
      const begin = Math.max(first, at - WARM) + shift;
      const last = (this.call.runs?.(begin, BLOCK, end + shift, from + shift, to + shift, OUT) as number) >> 2;
      if (size + last - (OUT >> 2) > found.length) found = grown(found, size + last - (OUT >> 2));
      for (let k = OUT >> 2; k < last; k += OUT_WORDS) {
        found[size++] = (words[k] as number) - shift;
        found[size++] = (words[k + 1] as number) - shift;
        found[size++] = words[k + 2] as number;
      }
    }
    for (let k = 0; k < size; k += OUT_WORDS) onRun(found[k] as number, found[k + 1] as number, found[k + 2] as number);
    if (spare.length < 4) spare.push(found);
  }

  private add(bits: number, text: string): void {
    const hash = (Math.imul(numberOf(text), 0x9e3779b1) + Math.imul(numberOf(text.slice(4)), 0x85ebca77)) >>> 15;
    const at = bits + (hash >> 3);
    this.memory[at] = (this.memory[at] as number) | (1 << (hash & 7));
  }
}

function grown(old: Int32Array, least: number): Int32Array {
  const larger = new Int32Array(Math.max(least, old.length * 2));
  larger.set(old);
  return larger;
}

function classOf(byte: number): number {
  const kind = DIGIT[byte] === 1 ? 1 : UPPER[byte] === 1 ? 2 : LOWER[byte] === 1 ? 3 : 4;
  const is = (set: ByteSet): number => set[byte] as number;
  return is(IS_WORD) + 2 * is(IS_CORE) + 4 * is(IS_LEAD) + 8 * is(IS_FAR) + 16 * kind;
}

/** The first four bytes as the processor loads them. */
function numberOf(text: string): number {
  let number = 0;
  for (let at = Math.min(4, text.length) - 1; at >= 0; at--) number = (number << 8) | text.charCodeAt(at);
  return number;
}
