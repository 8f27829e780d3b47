import { hashed, hashText } from './count-kernel.ts';

/**
 * SipHash-2-4 (Aumasson and Bernstein 2012) of a text's UTF-8: a keyed hash for distinct counts that costs a fraction of an
 * HMAC. The key keeps stored hashes from being searched.
 */
export class SketchHash {
  readonly key: Buffer;
  /** Result of the last `update`, as unsigned 32-bit halves. */
  high = 0;
  low = 0;
  /** Several detectors count the same value one after the other. */
  private last: string | null = null;

  /** Takes the first 16 bytes of the key. */
  constructor(key: Buffer) {
    this.key = Buffer.from(key.subarray(0, 16));
  }

  update(text: string): void {
    if (text === this.last) return;
    this.last = text;
    hashText(this.key, text);
    this.high = hashed.high >>> 0;
    this.low = hashed.low >>> 0;
  }
}
