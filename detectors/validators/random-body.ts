import type { Verdict } from '../detector.ts';
import { placeholderReason } from './placeholder.ts';

/** Judges what follows the fixed prefix of a token: it must look drawn at random, or the token is not reported. */
export function randomBody(value: string, prefixLength: number): Verdict {
  const suppressed = placeholderReason(value.slice(prefixLength));
  return suppressed === null ? { checks: [] } : { checks: [], suppressed };
}
