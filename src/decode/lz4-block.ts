/**
 * Decodes one LZ4 block (LZ4 block format, lz4.org) into exactly `size` bytes. Throws on anything that would read or
 * write outside.
 */
export function lz4Block(input: Buffer, size: number): Buffer {
  const out = Buffer.allocUnsafeSlow(size);
  let i = 0;
  let o = 0;
  while (i < input.length) {
    const token = input[i++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        more = at(input, i++);
        literals += more;
      }
    }
    if (literals > input.length - i || literals > size - o) throw new Error('lz4: literals out of bounds');
    if (literals > 32) input.copy(out, o, i, i + literals);
    else for (let n = 0; n < literals; n++) out[o + n] = input[i + n] as number;
    i += literals;
    o += literals;
    if (i >= input.length) break;
    const distance = at(input, i) | (at(input, i + 1) << 8);
    i += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      let more = 255;
      while (more === 255) {
        more = at(input, i++);
        length += more;
      }
    }
    if (distance === 0 || distance > o || length > size - o) throw new Error('lz4: match out of bounds');
    if (distance >= length && length > 32) out.copyWithin(o, o - distance, o - distance + length);
    else for (let n = 0; n < length; n++) out[o + n] = out[o + n - distance] as number;
    o += length;
  }
  if (o !== size) throw new Error('lz4: wrong size');
  return out;
}

function at(input: Buffer, index: number): number {
  const byte = input[index];
  if (byte === undefined) throw new Error('lz4: ends early');
  return byte;
}
