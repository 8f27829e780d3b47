/** When and where it was measured: `docs/speed.md`, the lowest of the runs on one core. */
export const SPEEDS_AS_OF = '2026-11-21';

/** Decoded bytes a second and core. */
const SPEEDS: Readonly<Record<string, number>> = {
  jsonl: 86e6,
  json: 86e6,
  csv: 130e6,
  text: 140e6,
  parquet: 142e6,
};
const SLOWEST = 86e6;
/** Decoded for one stored byte: a usual ratio of text in gzip or zstd, and of columns in Parquet. */
const COMPRESSED_RATIO = 4;
const PARQUET_RATIO = 3;
/** 5,000 tiny files take 3.5 s. */
const SECONDS_PER_OBJECT = 0.0007;

/** Seconds that one core needs for so many objects of a format; what is not read, such as media, costs nothing but the look. */
export function scanSeconds(format: string, objects: number, bytes: number): number {
  const overhead = objects * SECONDS_PER_OBJECT;
  if (format === 'media') return overhead;
  const [kind = '', codec] = format.split('+');
  const ratio = codec !== undefined ? COMPRESSED_RATIO : kind === 'parquet' ? PARQUET_RATIO : 1;
  return overhead + (bytes * ratio) / (SPEEDS[kind] ?? SLOWEST);
}
