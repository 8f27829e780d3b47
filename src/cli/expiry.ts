import { AssayError } from '../errors.ts';

const HOUR_MS = 3_600_000;
const UNITS_MS: Record<string, number> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS, y: 365 * 24 * HOUR_MS };
export const DEFAULT_EXPIRY = '90d';

/**
 * The moment (RFC 3339, UTC) that `--expires` names: a duration from now (`36h`, `90d`, `12w`, `1y`), a day (`2027-01-31`,
 * to its end in UTC) or a time. Throws `AssayError` `usage` when it is none of these or not in the future.
 */
export function parseExpiry(given: string, now: Date): string {
  const at = durationEnd(given, now) ?? dayEnd(given) ?? timeOf(given);
  if (at === null || Number.isNaN(at) || at > Date.UTC(9999, 0)) {
    throw new AssayError(
      'usage',
      `--expires ${given}: give a duration (36h, 90d, 12w, 1y), a day (2027-01-31) or a time`,
    );
  }
  if (at <= now.getTime()) throw new AssayError('usage', `--expires ${given}: is not in the future`);
  return new Date(at).toISOString();
}

function durationEnd(given: string, now: Date): number | null {
  const [, count, unit = ''] = /^(\d{1,6})([hdwy])$/.exec(given) ?? [];
  return count === undefined ? null : now.getTime() + Number(count) * (UNITS_MS[unit] ?? 0);
}

function dayEnd(given: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(given)) return null;
  const start = new Date(`${given}T00:00:00Z`);
  // The 31st of February would be read as a day in March.
  const isReal = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(given);
  return isReal ? start.getTime() + (UNITS_MS.d ?? 0) : null;
}

function timeOf(given: string): number | null {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : null;
}
