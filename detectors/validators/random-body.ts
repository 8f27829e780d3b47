import type { Verdict } from '../detector.ts';
import { looksTyped, placeholderReason } from './placeholder.ts';

/**
 * Judges what follows the fixed prefix of a token: it must look drawn at random, or the token is not reported. One that
 * looks typed stays likely at most.
 */
export function randomBody(value: string, prefixLength: number): Verdict {
  const body = value.slice(prefixLength);
  const suppressed = placeholderReason(body);
  if (suppressed !== null) return { checks: [], suppressed };
  return looksTyped(body) ? { checks: [], bits: -4 } : { checks: [] };
}
