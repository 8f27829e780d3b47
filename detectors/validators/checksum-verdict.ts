import type { Verdict } from '../detector.ts';
import { randomBody } from './random-body.ts';

/** A checksum that holds proves a token; one that does not only lowers the odds, and the body is looked at instead. */
export function checksumVerdict(passed: boolean, value: string, prefixLength: number): Verdict {
  const checks = [{ name: 'crc32', passed }];
  if (passed) return { checks, bits: 12 };
  return { ...randomBody(value, prefixLength), checks, bits: -4 };
}
