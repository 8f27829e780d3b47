import { sniffObject } from '../src/decode/decode-object.ts';
import { splittable } from '../src/decode/sniff.ts';
import type { ByteSource } from '../src/model/byte-source.ts';
import type { ByteRange } from './thread-protocol.ts';

/** Stored bytes of one part: large enough that opening it costs nothing, small enough for progress and an even end. */
const PART_BYTES = 64 * 1024 ** 2;
/** Text before a cut that is looked through for a better one. */
const LOOK_BACK = 128 * 1024;
const NEWLINE = 10;

/** The parts a large object can be read in side by side, or null when its format must be read from its beginning. */
export async function planRanges(
  source: ByteSource,
  name: string,
  partBytes = PART_BYTES,
): Promise<ByteRange[] | null> {
  const format = await sniffObject(source, name);
  if (!splittable(format)) return null;
  const ranges = cutRanges(source.byteLength, partBytes);
  if (format !== 'text') return ranges;
  const cuts = [0];
  for (const { end } of ranges.slice(0, -1)) {
    const start = Math.max(cuts.at(-1) ?? 0, end - LOOK_BACK);
    cuts.push(start + cutBetweenBlocks(await source.read(start, end)));
  }
  cuts.push(source.byteLength);
  return cuts.slice(1).map((end, index) => ({ start: cuts[index] ?? 0, end }));
}

/** Ranges of about `partBytes` that cover [0, byteLength). */
export function cutRanges(byteLength: number, partBytes: number): ByteRange[] {
  const count = Math.max(1, Math.round(byteLength / partBytes));
  const bound = (index: number): number => Math.floor((byteLength * index) / count);
  return Array.from({ length: count }, (_, index) => ({ start: bound(index), end: bound(index + 1) }));
}

/**
 * Offset of a newline with which the next part may begin: after an empty line if there is one, and never inside an
 * armoured block, since a key that goes over many lines must be seen whole. A range owns the lines whose preceding
 * newline is inside it.
 */
export function cutBetweenBlocks(text: Buffer): number {
  const paragraph = text.lastIndexOf('\n\n');
  let cut = paragraph >= 0 ? paragraph + 1 : text.lastIndexOf(NEWLINE);
  const begin = text.lastIndexOf('-----BEGIN', cut);
  if (begin >= 0 && text.lastIndexOf('-----END', cut) < begin) cut = text.lastIndexOf(NEWLINE, begin);
  return cut < 0 ? text.length : cut;
}
