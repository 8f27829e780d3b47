import type { Verdict } from '../detector.ts';
import { checksumVerdict } from './checksum-verdict.ts';
import { crc32, toBase } from './crc32.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 6;

/** The six characters GitHub, npm and Vercel put at the end of a token: CRC-32 of the random part in base 62. */
export function base62Crc32(randomPart: string): string {
  return toBase(crc32(randomPart), BASE62, LENGTH);
}

/** Checks the last six characters of a token against what stands between them and the prefix. */
export function judgeBase62Crc32(value: string, prefixLength: number): Verdict {
  const body = value.slice(prefixLength);
  return checksumVerdict(base62Crc32(body.slice(0, -LENGTH)) === body.slice(-LENGTH), value, prefixLength);
}
