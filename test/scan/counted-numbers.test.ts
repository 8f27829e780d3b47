import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bothWays, card, mailbox, random } from './both-ways.ts';

const digits = (count: number): string => random.chars('digit', count);
const nine = (): string => digits(9);
const date = (): string => `20${10 + random.int(15)}-0${1 + random.int(9)}-${10 + random.int(19)}`;

/** What stands beside plain numbers in columns of them. */
const ODD = [
  () => '',
  () => 'none',
  () => digits(1 + random.int(6)),
  () => digits(7 + random.int(13)),
  () => digits(26),
  () => digits(33),
  () => '123456789',
  () => '078051120',
  () => '111222333',
  () => '4857773456',
  () => '44051401458',
  () => '999941057058',
  () => '255081416802538',
  () => '378282246310005',
  () => '7'.repeat(7 + random.int(9)),
  () => `999${digits(7)}`,
  () => `978${digits(10)}`,
  () => `0${digits(9)}`,
  () => `-${nine()}`,
  () => `-${digits(3)}.${digits(6)}`,
  () => `+${digits(11)}`,
  () => `+49 ${digits(3)} ${digits(7)}`,
  () => `(${nine()})`,
  () => `${digits(3)}-${digits(2)}-${digits(4)}`,
  () => `${digits(3)}-${digits(3)}-${digits(4)}`,
  () => `(415) ${digits(3)}-${digits(4)}`,
  () => `${digits(3)}.${digits(3)}.${digits(4)}`,
  () => `${digits(3)}.${digits(3)}.${digits(3)}-${digits(2)}`,
  () => `${digits(9)}-${digits(2)}`,
  () => `${digits(3)}-${digits(6)}`,
  () => `10.${random.int(256)}.${random.int(256)}.${random.int(256)}`,
  () => `${digits(4)}.${digits(4)}`,
  () => `${digits(9)}.${digits(2)}`,
  () => `${digits(2)}/${digits(2)}/${digits(4)}`,
  () => `${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)}`,
  () => `${nine()} ${nine()}`,
  () => `${nine()};${nine()}`,
  () => `${nine()}.`,
  () => `${nine()}.5e10`,
  () => `x${nine()}`,
  () => `${nine()}x`,
  () => `#${nine()}`,
  () => `ssn ${nine()}`,
  () => `tel ${digits(10)}`,
  () => `order ${nine()}`,
  () => `phone;${nine()}`,
  () => `nhs;${digits(10)}|isbn`,
  () => `${nine()}@${random.chars('lower', 5)}.com`,
  () => `password=${nine()}`,
  () => `api_key:${digits(12)}${random.chars('hex', 20)}`,
  () => `${date()}T10:11:12.345678Z`,
  () => date(),
  () => mailbox(),
  () => card(),
  () => card(15),
];

const rowsOf = (plain: () => string): fc.Arbitrary<string[]> =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 2, arbitrary: fc.nat(ODD.length - 1) }), {
      minLength: 40,
      maxLength: 400,
    })
    .map((choice) => [
      ...Array.from({ length: 1500 }, plain),
      ...choice.map((index) => (index < 0 ? plain() : (ODD[index] as () => string)())),
    ]);

for (const [kind, plain] of [
  ['nine digits', nine],
  ['ten digits', () => digits(10)],
  ['seven to fifteen digits', () => digits(7 + random.int(9))],
  ['decimals and dates', () => random.pick([`${digits(3)}.${digits(4)}`, date(), `-${digits(2)}.${digits(7)}`])],
  ['cards and others', () => random.pick([card(), digits(10), nine()])],
] as const) {
  test(`counting numbers of ${kind} gives what matching each of them gives, whatever stands between`, async () => {
    const names = fc.constantFrom('n', 'ssn', 'phone', 'id', 'tfn', 'npi');
    await fc.assert(
      fc.asyncProperty(rowsOf(plain), names, names, async (rows, column, other) => {
        await bothWays([column, ...rows], 'table.csv');
        await bothWays(rows, 'lines.txt');
        await bothWays(
          [`${other},${column},x`, ...rows.map((row, k) => `${plain()},"${row.replaceAll('"', '')}",${k % 3}`)],
          'a.csv',
        );
        await bothWays(
          [
            `name;${column}`,
            ...rows.map((row) => `${random.chars('lower', 3)} ${random.pick(['tax', 'zz', 'tel'])};${row}`),
          ],
          'words.csv',
        );
        await bothWays(
          rows.map((row, k) =>
            JSON.stringify({ id: k, a: [{ [column]: /^[1-9]\d{0,14}$/.test(row) ? Number(row) : row }] }),
          ),
          'a.jsonl',
        );
      }),
      { numRuns: 8 },
    );
  });
}

test('most numbers of a column that is full of them are counted', async () => {
  const rows = Array.from({ length: 6000 }, () => `${nine()},${digits(10)}`);
  const { matched, columns } = await bothWays(['a,b', ...rows], 'table.csv');
  const ssn = columns.find((found) => found.entity === 'US_SSN' && found.column === 'a');
  assert.ok((ssn?.weak.count ?? 0) > 5000);
  assert.ok(matched < 1500, `${matched} were matched`);
});

test('numbers in a column that its name makes likely are counted too', async () => {
  const rows = Array.from({ length: 6000 }, () => `${nine()},0${digits(9)}`);
  const { matched, columns } = await bothWays(['ssn,phone', ...rows], 'table.csv');
  assert.ok((columns.find((found) => found.entity === 'US_SSN')?.strong.count ?? 0) > 5000);
  assert.ok((columns.find((found) => found.entity === 'PHONE')?.strong.count ?? 0) > 5000);
  assert.ok(matched < 1500, `${matched} were matched`);
});
