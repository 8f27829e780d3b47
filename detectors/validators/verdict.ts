import type { Verdict } from '../detector.ts';

/** The value passed the named checks; `bits` is added to those of the detector. */
export function accept(checks: string | readonly string[], normalized: string, bits = 0): Verdict {
  const names = typeof checks === 'string' ? [checks] : checks;
  return { checks: names.map((name) => ({ name, passed: true })), bits, normalized };
}

/** A value published for use in documentation or tests: nobody's, counted under its reason. */
export function documentationValue(normalized: string): Verdict {
  return { checks: [], normalized, suppressed: 'documentation-value' };
}

/** A filler such as 000-00-0000 or 111.111.111-11. */
export function placeholder(normalized: string): Verdict {
  return { checks: [], normalized, suppressed: 'placeholder' };
}
