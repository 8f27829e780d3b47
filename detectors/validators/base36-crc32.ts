import type { Verdict } from '../detector.ts';
import { checksumVerdict } from './checksum-verdict.ts';
import { crc32, toBase } from './crc32.ts';

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const LENGTH = 7;

/** The last seven characters of a GitLab routable token: CRC-32 in base 36 of all that stands before them. */
export function base36Crc32(before: string): string {
  return toBase(crc32(before), BASE36, LENGTH);
}

/** Checks the last seven characters of a token against all before them. */
export function judgeBase36Crc32(value: string, prefixLength: number): Verdict {
  return checksumVerdict(base36Crc32(value.slice(0, -LENGTH)) === value.slice(-LENGTH), value, prefixLength);
}
