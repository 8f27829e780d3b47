import { HEAD_BYTES, sniff, splittable } from '../src/decode/sniff.ts';
import type { ByteSource } from '../src/model/byte-source.ts';
import type { ByteRange } from './thread-protocol.ts';

/** Stored bytes of one part: large enough that opening it costs nothing, small enough for progress and an even end. */
const PART_BYTES = 64 * 1024 ** 2;

/** The parts a large object can be read in side by side, or null when its format must be read from its beginning. */
export async function planRanges(source: ByteSource, name: string): Promise<ByteRange[] | null> {
  const headBytes = Math.min(HEAD_BYTES, source.byteLength);
  const sniffed = sniff(await source.read(0, headBytes), headBytes === source.byteLength, name);
  const format = sniffed.kind === 'text' ? sniffed.format : sniffed.kind;
  if (!splittable(format)) return null;
  // A cut in the middle of a 16-bit unit would shift every character after it.
  if (sniffed.kind === 'text' && sniffed.encoding.startsWith('utf-16')) return null;
  return cutRanges(source.byteLength, PART_BYTES);
}

/** Ranges of about `partBytes` that cover [0, byteLength), none of them less than half as long as another. */
export function cutRanges(byteLength: number, partBytes: number): ByteRange[] {
  const count = Math.max(1, Math.round(byteLength / partBytes));
  const bound = (index: number): number => Math.floor((byteLength * index) / count);
  return Array.from({ length: count }, (_, index) => ({ start: bound(index), end: bound(index + 1) }));
}
