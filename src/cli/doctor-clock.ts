import type { ClockSkew } from '../providers/endpoint-clock.ts';
import type { DoctorCheck } from './doctor-finding.ts';

/** S3 and Azure refuse requests that are a quarter of an hour off. */
const BROKEN_SKEW_MS = 15 * 60_000;
const MAX_SKEW_MS = 60_000;

export function clockCheck(clock: ClockSkew): DoctorCheck {
  const check = { group: 'identity', name: 'clock' };
  if ('reason' in clock) {
    return {
      ...check,
      status: 'missing',
      detail: `${clock.endpoint}: ${clock.reason}`,
      fix: 'Look at network, proxy and endpoint.',
    };
  }
  const { endpoint, skewMs } = clock;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const detail = `${seconds} s ${seconds === 0 ? 'off' : skewMs > 0 ? 'ahead of' : 'behind'} ${endpoint}`;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return { ...check, status: 'ok', detail };
  const fix = 'Set the clock, for instance with NTP; stores refuse requests that are 15 minutes off.';
  return { ...check, status: Math.abs(skewMs) >= BROKEN_SKEW_MS ? 'broken' : 'missing', detail, fix };
}
