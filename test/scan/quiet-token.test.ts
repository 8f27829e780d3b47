import { test } from 'node:test';
import fc from 'fast-check';
import { bothWays, card, random } from './both-ways.ts';

const digits = (count: number): string => random.chars('digit', count);

/** Numbers that some detector believes, and words that make it believe others. */
const VALUES = [
  () => `${digits(3)}-${digits(2)}-${digits(4)}`,
  () => `212-7${digits(2)}-${digits(4)}`,
  () => `(415) 2${digits(2)}-${digits(4)}`,
  () => `+33 6 ${digits(2)} 34 5${digits(1)} 78`,
  () => `10.${random.int(256)}.${random.int(256)}.${random.int(256)}`,
  () => card().replace(/(.{4})(?=.)/g, '$1 '),
  () => card().replace(/(.{4})(?=.)/g, '$1-'),
  () => `943 476 5919`,
  () => `${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)}`,
  () => `tel ${digits(3)} ${digits(4)}`,
  () => `phone: ${digits(2)}/${digits(6)}`,
  () => '078-05-1120',
  // Longer than what is looked at at once.
  () => Array.from({ length: 5 }, () => digits(8 + random.int(8))).join(random.pick(['-', '.', '/', ' '])),
  () => Array.from({ length: 25 }, () => digits(1 + random.int(3))).join(random.pick([' ', '-', '.'])),
];
/** What stands beside them in prose and code. */
const parts = fc.oneof(
  { weight: 3, arbitrary: fc.nat(VALUES.length - 1).map((index) => (VALUES[index] as () => string)()) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }).map(digits) },
  { weight: 1, arbitrary: fc.integer({ min: 6, max: 20 }).map(digits) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(' ', '-', '.', '/', '(', ')', '+', ', ', ' - ', ') ', ' (', ')-', '..', '-('),
  },
  { weight: 2, arbitrary: fc.constantFrom('v', ' at ', ' of ', '=', '"', '\n', ':', ' x') },
);
const lines = fc.array(fc.array(parts, { minLength: 2, maxLength: 30 }), { minLength: 20, maxLength: 60 });

for (const name of ['notes.txt', 'rows.jsonl', 'rows.csv']) {
  test(`numbers that are passed over in ${name} would have given nothing`, async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (all) => {
        const rows = all.map((line) => line.join(''));
        const isJson = name.endsWith('l');
        await bothWays(isJson ? rows.map((text) => JSON.stringify({ text })) : rows, name);
      }),
      { numRuns: 500 },
    );
  });
}
