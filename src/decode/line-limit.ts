import type { Segment } from '../model/segment.ts';
import { DecodeStop } from './decoder.ts';

const NEWLINE = 10;

/** Ends an object whose decoded text has a line of more bytes than a limit; what was read until then has been scanned. */
export class LineLimit {
  private readonly maxBytes: number;
  /** Bytes of the line that is open at the end of what was seen. */
  private open = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Looks at the fresh bytes of a window, in order. Throws `DecodeStop`. */
  check({ bytes, base, from, to }: Segment): void {
    if (base + from === 0) this.open = 0;
    let start = from - this.open;
    for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) {
      this.stopBeyond(at - start);
      start = at + 1;
    }
    this.open = to - start;
    this.stopBeyond(this.open);
  }

  private stopBeyond(length: number): void {
    if (length > this.maxBytes) throw new DecodeStop('line-limit');
  }
}
