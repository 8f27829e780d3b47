import type { Verdict } from '../detector.ts';
import { countLetters } from './entropy.ts';
import { looksTyped, placeholderReason } from './placeholder.ts';

/**
 * Judges what follows the fixed prefix of a token: it must look drawn at random, or the token is not reported. One that
 * looks typed stays likely at most.
 */
export function randomBody(value: string, prefixLength: number): Verdict {
  const body = value.slice(prefixLength);
  const suppressed = placeholderReason(body);
  // Names in programs: letters of one case and joints. A drawn body of that length has digits or both cases.
  const { lower, upper, digit } = countLetters(body);
  if (body.length >= 16 && digit === 0 && (lower === 0 || upper === 0))
    return { checks: [], suppressed: 'low-entropy' };
  // A path: words in lower case with a capital or a digit here and there.
  if (body.length >= 16 && body.includes('/') && upper * 8 < body.length && digit * 8 < body.length)
    return { checks: [], suppressed: 'low-entropy' };
  if (suppressed !== null) return { checks: [], suppressed };
  return looksTyped(body) ? { checks: [], bits: -4 } : { checks: [] };
}
