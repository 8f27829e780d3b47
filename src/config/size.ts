const UNITS: Record<string, number> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
};

/** Bytes of `64MiB`, `1.5 GB` or `4096`; null when it is no size. */
export function parseSize(given: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(given.trim());
  const unit = UNITS[(parts?.[2] ?? '?').toUpperCase()];
  return parts === null || unit === undefined ? null : Math.round(Number(parts[1]) * unit);
}
