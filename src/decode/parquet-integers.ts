import type { Locator } from '../model/segment.ts';
import { readDelta } from './parquet-delta.ts';
import type { ValueStarts } from './parquet-locator.ts';
import { ENCODING } from './parquet-page.ts';
import type { EncodedValues, ValuesProblem } from './parquet-values.ts';
import type { TextWindow } from './text-window.ts';

const NEWLINE = 10;
/** Shorter integers are no card, phone or id number. */
const MIN_INTEGER = 100_000_000;

/** Integers of nine digits and more, one a line: numbers of cards, people and accounts stand in such columns too. */
export function scanIntegers(
  { column, encoding, bytes, from, to, limit }: EncodedValues,
  window: TextWindow,
  starts: ValueStarts,
  locator: Locator,
): ValuesProblem {
  if (encoding !== ENCODING.plain && encoding !== ENCODING.deltaBinary) return 'unsupported-codec';
  const width = column.type === 'int32' ? 4 : 8;
  const unit = 10 ** column.scale;
  const delta = encoding === ENCODING.deltaBinary ? readDelta(bytes, from, to, limit) : null;
  const count = delta?.count ?? Math.min(limit, Math.floor((to - from) / width));
  window.open(locator);
  for (let i = 0; i < count; i++) {
    let low: number;
    let high: number;
    if (delta === null) {
      low = int32(bytes, from + i * width);
      high = width === 8 ? int32(bytes, from + i * width + 4) : low >> 31;
    } else {
      low = delta.low[i] as number;
      high = width === 8 ? (delta.high[i] as number) : low >> 31;
    }
    if (column.isUnsigned) high = width === 8 ? high >>> 0 : 0;
    const value = high * 0x100000000 + (low >>> 0);
    if (Math.abs(value) < MIN_INTEGER * unit || (unit > 1 && value % unit !== 0)) continue;
    starts.addIndexed(window.position, i);
    window.reserve(Math.min(window.capacity, MAX_LINE));
    if (Number.isSafeInteger(value)) writeDecimal(window, value / unit);
    else {
      const exact = (BigInt(high) << 32n) | BigInt(low >>> 0);
      window.write(Buffer.from(`${exact / BigInt(unit)}\n`));
    }
  }
  window.close();
  return delta !== null || count * width === to - from || count === limit ? null : 'corrupt';
}

/** Sign, 20 digits, newline. */
const MAX_LINE = 22;

function writeDecimal(window: TextWindow, value: number): void {
  const { buffer } = window;
  const digits = decimalDigits(Math.abs(value));
  let at = window.end;
  if (value < 0) buffer[at++] = 45;
  let rest = Math.abs(value);
  for (let i = at + digits - 1; i >= at; i--) {
    const next = Math.floor(rest / 10);
    buffer[i] = 48 + (rest - next * 10);
    rest = next;
  }
  buffer[at + digits] = NEWLINE;
  window.commit(at + digits + 1 - window.end);
}

function decimalDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; limit <= value; limit *= 10) digits++;
  return digits;
}

function int32(bytes: Buffer, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
