/** Bounds of one task. Each has its own reason in `outcome.ts`; all are configuration. */
export interface Limits {
  /** Decoded bytes of one object. */
  maxDecodedBytes: number;
  /** Decoded bytes ÷ stored bytes, looked at after the first 100 MB of output. */
  maxRatio: number;
  /** Nesting of containers and codecs. */
  maxDepth: number;
  /** Members of one container. */
  maxEntries: number;
  /** A longer line of decoded text ends the object; 0 means no limit: lines of any length are read in windows. */
  maxLineBytes: number;
  /** One decompressed Parquet page. */
  maxPageBytes: number;
  /**
   * Held in memory at once, beside pages and windows of text: what needs random access inside a compressed stream
   * (Parquet, zip), and the windows of decompressors.
   */
  maxHeldBytes: number;
  /** Wall clock of one object; 0 means no limit. */
  maxObjectMs: number;
  /** A thread that takes no turn for so long is ended, and its object fails; 0 means never. Waiting for a store is taking turns. */
  maxStallMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxDecodedBytes: 1024 ** 4,
  maxRatio: 1000,
  maxDepth: 5,
  maxEntries: 1_000_000,
  maxLineBytes: 0,
  maxPageBytes: 64 * 1024 * 1024,
  maxHeldBytes: 128 * 1024 * 1024,
  maxObjectMs: 0,
  maxStallMs: 60_000,
};
