import type { Detector, Random } from '../detector.ts';

const MAX_DRAWS = 100_000;

/**
 * A value of a shape that the validator accepts or, with `isValid` false, rejects: `9` is a digit, `A` an upper-case
 * letter, `h` a hex digit, any other character itself. For examples, so that no committed text looks like a person's data.
 */
export function sampleValue(
  random: Random,
  shape: string,
  validate: NonNullable<Detector['validate']>,
  isValid = true,
): string {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    let value = '';
    for (const place of shape) {
      if (place === '9') value += random.chars('digit', 1);
      else if (place === 'A') value += random.chars('upper', 1);
      else if (place === 'h') value += random.chars('hex', 1);
      else value += place;
    }
    const verdict = validate(value, {});
    if (isValid ? verdict !== null && verdict.suppressed === undefined : verdict === null) return value;
  }
  throw new RangeError(`no ${isValid ? 'valid' : 'invalid'} value of the shape ${shape} in ${MAX_DRAWS} draws`);
}
