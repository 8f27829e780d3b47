/**
 * Runs of the RLE / bit-packed hybrid (parquet-format, Encodings.md) in bytes [from, to), into `out` until `count`
 * values are there. Answers how many were, fewer when the bytes end.
 */
export function readHybrid(
  bytes: Buffer,
  from: number,
  to: number,
  bitWidth: number,
  count: number,
  out: Uint32Array,
): number {
  if (bitWidth === 0) {
    out.fill(0, 0, count);
    return count;
  }
  const width = (bitWidth + 7) >> 3;
  const mask = bitWidth === 32 ? 0xffffffff : 2 ** bitWidth - 1;
  let at = from;
  let done = 0;
  while (done < count && at < to) {
    let head = 0;
    let shift = 0;
    for (;;) {
      if (at >= to || shift > 28) return done;
      const byte = bytes[at++] as number;
      head += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      if (length === 0) continue;
      let value = 0;
      for (let i = 0; i < width && at < to; i++) value += (bytes[at++] as number) * 2 ** (8 * i);
      const end = Math.min(count, done + length);
      out.fill(value, done, end);
      done = end;
      continue;
    }
    const packed = Math.min(length * bitWidth, to - at);
    const values = Math.min(count - done, length * 8, Math.floor((packed * 8) / bitWidth));
    if (bitWidth <= 24) unpackShort(bytes, at, bitWidth, mask, values, out, done);
    else for (let i = 0; i < values; i++) out[done + i] = bitsAt(bytes, at, i * bitWidth, bitWidth);
    done += values;
    at += packed;
  }
  return done;
}

function unpackShort(
  bytes: Buffer,
  from: number,
  bitWidth: number,
  mask: number,
  values: number,
  out: Uint32Array,
  start: number,
): void {
  let at = from;
  let bits = 0;
  let have = 0;
  for (let i = 0; i < values; i++) {
    while (have < bitWidth) {
      bits |= (bytes[at++] as number) << have;
      have += 8;
    }
    out[start + i] = bits & mask;
    bits >>>= bitWidth;
    have -= bitWidth;
  }
}

/** Up to 32 bits at a bit position, least significant bit first. */
export function bitsAt(bytes: Buffer, from: number, bit: number, bitWidth: number): number {
  let value = 0;
  let have = -(bit & 7);
  for (let at = from + Math.floor(bit / 8); have < bitWidth; at++, have += 8) {
    value += have < 0 ? (bytes[at] ?? 0) >> -have : (bytes[at] ?? 0) * 2 ** have;
  }
  return bitWidth === 32 ? value % 0x100000000 : value % 2 ** bitWidth;
}

export function bitWidthOf(max: number): number {
  return max === 0 ? 0 : 32 - Math.clz32(max);
}
