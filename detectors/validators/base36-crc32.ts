import type { Verdict } from '../detector.ts';
import { crc32, toBase } from './crc32.ts';
import { placeholderReason } from './placeholder.ts';

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const LENGTH = 7;

/** The last seven characters of a GitLab routable token: CRC-32 in base 36 of all that stands before them. */
export function base36Crc32(before: string): string {
  return toBase(crc32(before), BASE36, LENGTH);
}

/** A wrong checksum lowers the odds and decides nothing. */
export function judgeBase36Crc32(value: string, prefixLength: number): Verdict {
  const passed = base36Crc32(value.slice(0, -LENGTH)) === value.slice(-LENGTH);
  const checks = [{ name: 'crc32', passed }];
  if (passed) return { checks, bits: 12 };
  const suppressed = placeholderReason(value.slice(prefixLength));
  return suppressed === null ? { checks, bits: -4 } : { checks, bits: -4, suppressed };
}
