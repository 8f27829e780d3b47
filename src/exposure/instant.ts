const DAY_SECONDS = 86_400;

/**
 * Seconds since 1970 of an RFC 3339 time or date, so that times written in different zones compare. Null: it is none.
 * No `Date` here: the same text must always give the same answer.
 */
export function instantOf(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))?)?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match;
  const offset = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  const clock = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0) + Number(fraction ?? 0);
  return daysBefore(Number(year), Number(month), Number(day)) * DAY_SECONDS + clock - offset;
}

/** Days from 1970-01-01 in the Gregorian calendar; the year begins in March, so that a leap day is its last. */
function daysBefore(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leaps + dayOfYear - 719_468;
}
