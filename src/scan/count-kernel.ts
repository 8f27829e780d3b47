import type { Counter } from '../../detectors/detector.ts';
import { openKernel } from '../decode/kernel.ts';

const KEY = 0;
const HASH = 16;
const CLASSES = 256;
const LEFT_USERS = 512;
const LEFT_LABELS = 1024;
const DOMAINS = 2048;
const CARD_STARTS = 34_816;
const LEFT_NUMBERS = 74_816;
const LEFT_NUMBERS_COUNT = 75_328;
const LIST = 75_392;
/** Places that one call takes. */
const MAX_PLACES = 16 * 1024;
const OUT = LIST + MAX_PLACES * 4;
/** Words of one judged place. */
export const FIELDS = 5;
const SLACK = 64;
/** Bytes before the first place and behind the last that a value may take: what is longer is left to the validator. */
const MARGIN = 512;
const TEXT = OUT + MAX_PLACES * FIELDS * 4 + SLACK;
const TEXT_BYTES = 256 * 1024;
const FOLDED = TEXT_BYTES + 2 * SLACK;

const SHORT_SLOTS = 6;
const DOMAIN_SLOTS = 12;
const MULTIPLIER = 0x9e3779b97f4a7c15n;
const LEAST_CARD_DIGITS = 16;
const CARD_LENGTHS = 4;
const CARD_PREFIXES = 10_000;

const { memory, call } = openKernel(new URL('count-values.wasm', import.meta.url), TEXT + 2 * FOLDED);
const bytes = Buffer.from(memory);
const words = new Int32Array(memory);
const longs = new BigUint64Array(memory);
fillClasses();

/** What the kernel says of the value at a place; 2 says that it was tried and is none. */
export const PART_OF_LAST = 0;
export const LEFT_OPEN = 1;
export const VALUE = 3;
/** Added when the value is all of its line. */
export const ALONE = 4;

const loaded = new Map<Counter['kind'], Counter>();

/** Fills the tables that a counter needs; each kind has one detector. */
export function loadCounter(counter: Counter): void {
  if (loaded.get(counter.kind) === counter) return;
  loaded.set(counter.kind, counter);
  if (counter.kind === 'mailbox') {
    longs.fill(0n, LEFT_USERS >> 3, CARD_STARTS >> 3);
    fillTable(LEFT_USERS, SHORT_SLOTS, counter.leftUsers);
    fillTable(LEFT_LABELS, SHORT_SLOTS, counter.leftLabels);
    fillTable(
      DOMAINS,
      DOMAIN_SLOTS,
      [...counter.domains].filter((domain) => domain.length <= 8),
    );
    return;
  }
  const { isStart, left } = counter;
  for (let k = 0; k < CARD_LENGTHS; k++) {
    for (let prefix = 0; prefix < CARD_PREFIXES; prefix++) {
      const digits = String(prefix).padStart(4, '0');
      bytes[CARD_STARTS + k * CARD_PREFIXES + prefix] = isStart(digits, LEAST_CARD_DIGITS + k) ? 1 : 0;
    }
  }
  const listed = left.filter((digits) => digits.length >= LEAST_CARD_DIGITS);
  for (const [k, digits] of listed.entries()) {
    longs[(LEFT_NUMBERS >> 3) + k] = BigInt(digits);
    const at = CARD_STARTS + (digits.length - LEAST_CARD_DIGITS) * CARD_PREFIXES + Number(digits.slice(0, 4));
    bytes[at] = (bytes[at] as number) | 2;
  }
  words[LEFT_NUMBERS_COUNT >> 2] = listed.length;
}

/**
 * Judges `count` places of a buffer, ascending. Calls `take` once a block with a row of `FIELDS` words from `words[at]` on for
 * each of its places: start, end (both less `shift` are offsets in the buffer), verdict, and the value's hash as `hashText`
 * has it, high and low half. They are gone after it returns.
 */
export function judgePlaces(
  kind: Counter['kind'],
  key: Buffer,
  text: Buffer,
  places: Int32Array,
  count: number,
  take: (words: Int32Array, at: number, count: number, shift: number) => void,
): void {
  setKey(key);
  let from = 0;
  while (from < count) {
    const lo = Math.max(0, (places[from] as number) - MARGIN);
    const hi = Math.min(text.length, lo + TEXT_BYTES);
    const limit = hi === text.length ? hi : hi - MARGIN;
    text.copy(bytes, TEXT, lo, hi);
    bytes.fill(0, TEXT + hi - lo, TEXT + hi - lo + SLACK);
    let to = from;
    const shift = TEXT - lo;
    for (; to < count && to - from < MAX_PLACES && (places[to] as number) < limit; to++) {
      words[(LIST >> 2) + to - from] = (places[to] as number) + shift;
    }
    const list = LIST + (to - from) * 4;
    if (kind === 'mailbox') call.mailboxes?.(LIST, list, OUT, TEXT, TEXT + hi - lo, FOLDED);
    else call.cards?.(LIST, list, OUT, TEXT, TEXT + hi - lo);
    take(words, OUT >> 2, to - from, shift);
    from = to;
  }
}

/**
 * Hashes the runs whose starts and ends in a buffer are the first `size` of `runs`, ascending. Calls `take` once a block: from `words[0]`
 * on are the high and low halves for those from `runs[from]` up to `runs[to]`.
 */
export function hashRuns(
  key: Buffer,
  text: Buffer,
  runs: Int32Array,
  size: number,
  take: (words: Int32Array, from: number, to: number) => void,
): void {
  let from = 0;
  while (from < size) {
    setKey(key);
    const lo = runs[from] as number;
    const hi = Math.min(text.length, lo + TEXT_BYTES);
    text.copy(bytes, TEXT, lo, hi);
    const shift = TEXT - lo;
    let to = from;
    for (; to < size && to - from < MAX_PLACES && (runs[to + 1] as number) <= hi; to += 2) {
      words[(LIST >> 2) + to - from] = (runs[to] as number) + shift;
      words[(LIST >> 2) + to - from + 1] = (runs[to + 1] as number) + shift;
    }
    call.hashes?.(LIST, LIST + (to - from) * 4, OUT);
    take(words.subarray(OUT >> 2, (OUT >> 2) + to - from), from, to);
    from = to;
  }
}

/** SipHash-2-4 of a text's UTF-8 under a key of 16 bytes; the answer is in `hashed`, two signed halves. */
export function hashText(key: Buffer, text: string): void {
  setKey(key);
  call.hash?.(TEXT, TEXT + writeText(text));
  hashed.high = words[HASH >> 2] as number;
  hashed.low = words[(HASH >> 2) + 1] as number;
}

export const hashed = { high: 0, low: 0 };

function setKey(key: Buffer): void {
  if (lastKey === key) return;
  key.copy(bytes, KEY, 0, 16);
  lastKey = key;
}
let lastKey: Buffer | null = null;

function writeText(text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || i >= TEXT_BYTES) return bytes.write(text, TEXT, TEXT_BYTES, 'utf8');
    bytes[TEXT + i] = code;
  }
  return length;
}

function fillClasses(): void {
  for (let byte = 0; byte < 128; byte++) {
    const character = String.fromCharCode(byte);
    const isWord = /[0-9A-Za-z_]/.test(character);
    const inLocal = /[A-Za-z0-9_.+%&'#~-]/.test(character);
    const startsLocal = /[A-Za-z0-9_.+]/.test(character);
    const inLabel = /[A-Za-z0-9-]/.test(character);
    bytes[CLASSES + byte] = (inLocal ? 1 : 0) | (inLabel ? 2 : 0) | (startsLocal ? 4 : 0) | (isWord ? 8 : 0);
  }
}

function fillTable(table: number, bits: number, entries: Iterable<string>): void {
  const mask = (1n << BigInt(bits)) - 1n;
  for (const entry of entries) {
    const key = Buffer.alloc(8);
    key.write(entry.slice(-8), 'latin1');
    const value = key.readBigUInt64LE();
    let slot = BigInt.asUintN(64, value * MULTIPLIER) >> BigInt(64 - bits);
    while ((longs[(table >> 3) + Number(slot)] ?? 0n) !== 0n) slot = (slot + 1n) & mask;
    longs[(table >> 3) + Number(slot)] = value;
  }
}
