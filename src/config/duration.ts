const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `1.5h` or `90` (seconds); null when it is no time. */
export function parseDuration(given: string): number | null {
  const [, amount, word = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(given.trim()) ?? [];
  const unit = UNITS[word === '' ? 's' : word];
  return amount === undefined || unit === undefined ? null : Math.round(Number(amount) * unit);
}
