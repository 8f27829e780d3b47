import { freeMemory } from '../model/byte-source.ts';
import type { Recycle } from './chunks.ts';

/**
 * Memory in which chunks of a stream stand one behind the other. A piece is freed when all of its bytes were lent and came
 * back: until then its maker may still write to it.
 */
export class LentMemory {
  private readonly pieces = new WeakMap<ArrayBufferLike, { lent: number; returned: number }>();

  lend({ buffer, length }: Buffer): void {
    const piece = this.pieces.get(buffer) ?? { lent: 0, returned: 0 };
    this.pieces.set(buffer, piece);
    piece.lent += length;
  }

  readonly recycle: Recycle = (chunk) => {
    const piece = this.pieces.get(chunk.buffer);
    if (piece === undefined) return;
    piece.returned += chunk.length;
    if (piece.lent === chunk.buffer.byteLength && piece.returned === piece.lent) freeMemory(chunk);
  };
}
