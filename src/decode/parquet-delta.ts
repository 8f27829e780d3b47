import { bitsAt } from './parquet-levels.ts';
import { CorruptPage } from './parquet-page.ts';

/** 64-bit integers as two halves, because most are handled without BigInt. */
export interface Integers {
  low: Int32Array;
  high: Int32Array;
  count: number;
  /** Index behind the last byte read. */
  end: number;
}

/**
 * DELTA_BINARY_PACKED (parquet-format, Encodings.md): at most `limit` integers. Throws `CorruptPage` when the bytes do not hold what
 * they announce.
 */
export function readDelta(bytes: Buffer, from: number, to: number, limit: number): Integers {
  const reader = { bytes, at: from, to };
  const blockSize = varint(reader).low;
  const miniblocks = varint(reader).low;
  const total = varint(reader).low;
  const first = zigzag(varint(reader));
  const perMiniblock = blockSize / miniblocks;
  if (total < 0 || total > limit) throw new CorruptPage('delta: more values than the page has');
  if (blockSize <= 0 || miniblocks <= 0 || miniblocks > blockSize || perMiniblock % 8 !== 0)
    throw new CorruptPage('delta: block size');
  const low = new Int32Array(total);
  const high = new Int32Array(total);
  let { low: lastLow, high: lastHigh } = first;
  if (total > 0) {
    low[0] = lastLow;
    high[0] = lastHigh;
  }
  let done = 1;
  while (done < total) {
    const min = zigzag(varint(reader));
    const widths = reader.at;
    reader.at += miniblocks;
    for (let m = 0; m < miniblocks && done < total; m++) {
      const width = bytes[widths + m] as number;
      const size = (perMiniblock * width) / 8;
      if (width > 64 || widths + m >= to) throw new CorruptPage('delta: bit width');
      const values = Math.min(perMiniblock, total - done);
      // Writers may leave out the padding of the last miniblock.
      if (reader.at + Math.ceil((values * width) / 8) > to) throw new CorruptPage('delta: ends early');
      for (let i = 0; i < values; i++) {
        const bit = i * width;
        const deltaLow = width === 0 ? 0 : bitsAt(bytes, reader.at, bit, Math.min(32, width));
        const deltaHigh = width <= 32 ? 0 : bitsAt(bytes, reader.at, bit + 32, width - 32);
        const sum = (lastLow >>> 0) + (min.low >>> 0) + deltaLow;
        lastLow = sum | 0;
        lastHigh = (lastHigh + min.high + deltaHigh + Math.floor(sum / 0x100000000)) | 0;
        low[done] = lastLow;
        high[done++] = lastHigh;
      }
      reader.at += size;
    }
  }
  return { low, high, count: total, end: Math.min(reader.at, to) };
}

interface Half {
  low: number;
  high: number;
}

function varint(reader: { bytes: Buffer; at: number; to: number }): Half {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    if (reader.at >= reader.to) throw new CorruptPage('delta: ends early');
    const byte = reader.bytes[reader.at++] as number;
    const bits = byte & 0x7f;
    if (i < 4) low |= bits << (7 * i);
    else if (i === 4) {
      low |= bits << 28;
      high = bits >> 4;
    } else high |= bits << (7 * i - 32);
    if (byte < 0x80) return { low, high };
  }
  throw new CorruptPage('delta: integer too long');
}

function zigzag({ low, high }: Half): Half {
  const sign = -(low & 1);
  return { low: ((low >>> 1) | (high << 31)) ^ sign, high: (high >>> 1) ^ sign };
}
