import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCatalog } from '../../detectors/catalog.ts';
import type { Detector, Verdict } from '../../detectors/detector.ts';

const detectors = (await loadCatalog()).filter(({ validateDigits }) => validateDigits !== undefined);

/** Lengths of lone runs of digits that the triggers ask for. */
function lengthsOf({ triggers }: Detector): number[] {
  return triggers.flatMap((trigger) => {
    if ('number' in trigger) {
      const { min, max } = trigger.number;
      return Array.from({ length: max - min + 1 }, (_, k) => min + k);
    }
    return 'digits' in trigger ? trigger.digits.filter((shape) => /^9+$/.test(shape)).map((shape) => shape.length) : [];
  });
}

/** Numbers that articles and test data show, as a detector's source has them. */
const WELL_KNOWN = [
  ...['078051120', '219099999', '457555462', '123456789', '987654321', '111222333', '123456782'],
  ...['4857773456', '9434765919', '9434765870', '44051401458', '44051401359', '02070803628'],
  ...['999941057058', '999971658847', '999933119405', '255081416802538', '269054958815780'],
  ...['378282246310005', '371449635398431', '30569309025904', '38520000023237'],
];

const digit = fc.constantFrom(...'0123456789');
const number = (length: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.string({ unit: digit, minLength: length, maxLength: length }) },
    digit.map((same) => same.repeat(length)),
    fc
      .tuple(
        fc.constantFrom('9', '999', '666', '000', '978', '4', '34', '56'),
        fc.string({ unit: digit, minLength: length, maxLength: length }),
      )
      .map(([start, rest]) => `${start}${rest}`.slice(0, length)),
    fc.constantFrom(...WELL_KNOWN.filter((known) => known.length === length), '0'.repeat(length)),
  );

for (const detector of detectors) {
  test(`${detector.id} says of the bytes of digits what it says of their text`, () => {
    const { validate, validateDigits } = detector;
    assert.ok(validate !== undefined && validateDigits !== undefined);
    for (const length of new Set(lengthsOf(detector))) {
      const bits = new Map<number, number>();
      fc.assert(
        fc.property(number(length), fc.nat(3), (value, before) => {
          // The check digits that make most of them valid.
          for (const ending of ['', ...'0123456789', '00', '37', '91']) {
            const digits = value.slice(0, length - ending.length) + ending;
            const bytes = Buffer.from(`${'7'.repeat(before)}${digits}1`);
            const answer = validateDigits(bytes, before, before + length);
            if (answer < 0) continue;
            const verdict: Verdict | null = validate(digits, {});
            assert.equal(verdict !== null, answer > 0, digits);
            if (verdict === null) continue;
            assert.equal(verdict.suppressed, undefined, digits);
            assert.equal(verdict.normalized ?? digits, digits);
            const known: number = bits.get(answer) ?? verdict.bits ?? 0;
            assert.equal(verdict.bits ?? 0, known, digits);
            bits.set(answer, known);
          }
        }),
        { numRuns: 400 },
      );
    }
  });
}

test('a column full of numbers has few that are left to a text', () => {
  for (const { id, validateDigits, ...rest } of detectors) {
    for (const length of lengthsOf({ id, ...rest }).filter((size) => size <= 15)) {
      const bytes = Buffer.from('7310482965173029485'.slice(0, length));
      assert.ok((validateDigits?.(bytes, 0, length) ?? -1) >= 0, `${id} ${length}`);
    }
  }
});
