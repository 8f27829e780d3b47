import { freeMemory } from '../model/byte-source.ts';
import type { Locator } from '../model/segment.ts';
import { readDelta } from './parquet-delta.ts';
import type { ColumnPlan } from './parquet-footer.ts';
import { scanIntegers } from './parquet-integers.ts';
import type { ValueStarts } from './parquet-locator.ts';
import { ENCODING } from './parquet-page.ts';
import type { TextWindow } from './text-window.ts';

const NEWLINE = 10;
const FOUR_NEWLINES = 0x0a0a0a0a;
/** Encoded values of one page or dictionary. */
export interface EncodedValues {
  column: ColumnPlan;
  encoding: number;
  bytes: Buffer;
  from: number;
  to: number;
  /** At most this many. */
  limit: number;
}

/** `corrupt` when the values ended before the page said so; `unsupported-codec` when nobody can read the encoding. */
export type ValuesProblem = 'corrupt' | 'unsupported-codec' | null;

/** Where text goes. */
export interface ValueTarget {
  window: TextWindow;
  /** Judges a sample of a column that is not declared as text; when it says no, nothing is handed over. */
  isText(sample: Buffer): boolean;
  /** Pays for text that was not in the page, but made from it. */
  spend(bytes: number): void;
}

/** Hands the text of values to the window, each set off by a newline. Throws `CorruptPage`. */
export function scanValues(
  values: EncodedValues,
  target: ValueTarget,
  starts: ValueStarts,
  locator: Locator,
): ValuesProblem {
  const { column, encoding } = values;
  starts.clear();
  if (column.type === 'int32' || column.type === 'int64') return scanIntegers(values, target.window, starts, locator);
  if (encoding === ENCODING.deltaBytes) return rebuildPrefixes(values, target, starts, locator);
  const separated = separate(values, starts);
  if (separated === null) return 'unsupported-codec';
  if (target.isText(separated.bytes)) target.window.pass(separated.bytes, locator);
  if (separated.bytes.buffer !== values.bytes.buffer) freeMemory(separated.bytes);
  return separated.isWhole ? null : 'corrupt';
}

function separate(values: EncodedValues, starts: ValueStarts): Separated | null {
  const { column, encoding, bytes, from, to, limit } = values;
  if (encoding === ENCODING.plain) {
    return column.type === 'fixed' ? separateFixed(values, starts) : separatePrefixed(values, starts);
  }
  if (encoding !== ENCODING.deltaLength || column.type !== 'bytes') return null;
  const lengths = readDelta(bytes, from, to, limit);
  return separateLengths(bytes, lengths.end, to, lengths.low, lengths.high, starts);
}

interface Separated {
  bytes: Buffer;
  isWhole: boolean;
}

/** PLAIN byte arrays: the length before each value is overwritten, so the text stays where it is. */
function separatePrefixed({ bytes, from, to, limit }: EncodedValues, starts: ValueStarts): Separated {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = from;
  while (at + 4 <= to && starts.count < limit) {
    const length = view.getInt32(at, true);
    if (length < 0 || length > to - at - 4) break;
    view.setInt32(at, FOUR_NEWLINES);
    starts.add(at - from);
    at += 4 + length;
  }
  return { bytes: bytes.subarray(from, to), isWhole: at === to };
}

function separateFixed({ column, bytes, from, to, limit }: EncodedValues, starts: ValueStarts): Separated {
  const { width } = column;
  const count = Math.min(limit, Math.floor((to - from) / width));
  const out = Buffer.allocUnsafe(count * (width + 1));
  let end = 0;
  for (let i = 0; i < count; i++) {
    starts.add(end);
    bytes.copy(out, end, from + i * width, from + (i + 1) * width);
    end += width;
    out[end++] = NEWLINE;
  }
  return { bytes: out, isWhole: count * width === to - from };
}

function separateLengths(
  bytes: Buffer,
  from: number,
  to: number,
  lengths: Int32Array,
  high: Int32Array,
  starts: ValueStarts,
): Separated {
  const out = Buffer.allocUnsafe(to - from + lengths.length);
  let at = from;
  let end = 0;
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    if (high[i] !== 0 || length < 0 || length > to - at) return { bytes: out.subarray(0, end), isWhole: false };
    starts.add(end);
    if (length > 24) bytes.copy(out, end, at, at + length);
    else for (let n = 0; n < length; n++) out[end + n] = bytes[at + n] as number;
    at += length;
    end += length;
    out[end++] = NEWLINE;
  }
  return { bytes: out.subarray(0, end), isWhole: at === to };
}

/** DELTA_BYTE_ARRAY: a value is a prefix of the one before and a suffix. It may grow far beyond its page, so it is streamed. */
function rebuildPrefixes(
  { column, bytes, from, to, limit }: EncodedValues,
  { window, isText, spend }: ValueTarget,
  starts: ValueStarts,
  locator: Locator,
): ValuesProblem {
  const prefixes = readDelta(bytes, from, to, limit);
  const suffixes = readDelta(bytes, prefixes.end, to, limit);
  if (!isText(bytes.subarray(suffixes.end, to))) return null;
  let at = suffixes.end;
  let last: Buffer = Buffer.alloc(0);
  let length = 0;
  let unpaid = 0;
  window.open(locator);
  for (let i = 0; i < prefixes.count; i++) {
    const prefix = prefixes.low[i] as number;
    const suffix = suffixes.low[i] ?? -1;
    const isFixed = column.type !== 'fixed' || prefix + suffix === column.width;
    if (prefix < 0 || prefix > length || suffix < 0 || suffix > to - at || !isFixed) break;
    length = prefix + suffix;
    if (length > last.length) {
      const larger = Buffer.allocUnsafe(length * 2);
      last.copy(larger, 0, 0, prefix);
      last = larger;
    }
    bytes.copy(last, prefix, at, at + suffix);
    at += suffix;
    unpaid += prefix;
    if (unpaid > SPEND_BYTES) {
      spend(unpaid);
      unpaid = 0;
    }
    starts.add(window.position);
    window.write(last.subarray(0, length));
    window.write(SEPARATOR);
  }
  window.close();
  spend(unpaid);
  return starts.count === prefixes.count && at === to ? null : 'corrupt';
}

const SEPARATOR = Buffer.from('\n');
/** Repeated prefixes are paid for in steps of this size. */
const SPEND_BYTES = 1024 * 1024;
