import type { ByteSource } from '../model/byte-source.ts';
import type { Limits } from '../model/limits.ts';
import type { Outcome, PartialReason } from '../model/outcome.ts';
import type { Segment } from '../model/segment.ts';

/** Takes windows of decoded text, synchronously; `segment.bytes` is reused after it returns. */
export type SegmentConsumer = (segment: Segment) => void;

export interface DecodeRequest {
  source: ByteSource;
  /** Object key or file name: breaks ties of `sniff`, nothing else. */
  name: string;
  limits: Limits;
  consume: SegmentConsumer;
  signal?: AbortSignal;
  /** Decode only stored bytes [start, end) of a splittable format (see `splittable`); absent: the whole object. */
  range?: { start: number; end: number };
  /** Sizes of the text window; tests make them small. */
  window?: WindowSizes;
}

export interface WindowSizes {
  window?: number;
  left?: number;
  right?: number;
}

export interface DecodeResult {
  outcome: Outcome;
  /** `jsonl`, `jsonl+zstd`, `parquet` … */
  format: string;
  records: number;
  /** Decoded text bytes given to the consumer, overlaps counted once. */
  bytesScanned: number;
  notes: Record<string, number>;
}

/** Thrown inside decoders to end with `partial:<reason>`; what was decoded so far has been scanned. Never leaves `decode/`. */
export class DecodeStop extends Error {
  readonly reason: PartialReason;
  constructor(reason: PartialReason) {
    super(reason);
    this.reason = reason;
  }
}
