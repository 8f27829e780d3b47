import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bothWays, card, mailbox, random } from './both-ways.ts';

/** What stands beside plain values in columns of them. */
const ODD = [
  () => '',
  () => 'none',
  () => mailbox().toUpperCase(),
  () =>
    `${random.chars('lower', 16 + random.int(3))}.${random.chars('lower', 9)}@${random.chars('lower', 20)}.${random.chars('lower', 10)}.co.uk`,
  () => `a.b.c@x--y.z.${random.chars('lower', 3)}-1.com`,
  () => `${random.chars('lower', 15)}..${random.chars('lower', 14)}@b.com`,
  () => `${random.chars('lower', 4)}@.${random.chars('lower', 4)}.com`,
  () => `${random.chars('lower', 4)}@-${random.chars('lower', 4)}.com`,
  () => `${random.chars('lower', 4)}@${random.chars('lower', 4)}..com`,
  () => `${random.chars('lower', 4)}@${random.chars('lower', 4)}-.com`,
  () => `${random.chars('lower', 4)}@${random.chars('lower', 4)}`,
  () => `${random.chars('lower', 4)}@`,
  () => `noreply@${random.chars('lower', 6)}.com`,
  () => 'jane@example.com',
  () => 'git@github.com:org/repo.git',
  () => `"${random.chars('lower', 4)} ${random.chars('lower', 3)}"@${random.chars('lower', 6)}.org`,
  () => `.${mailbox()}`,
  () => `${random.chars('lower', 4)}..${mailbox()}`,
  () => `-${mailbox()}`,
  () => mailbox().replace('@', '.@'),
  () => `${mailbox()}.`,
  () => `${mailbox()}.Then`,
  () => `${mailbox()}_x`,
  () => `${mailbox()}-`,
  () => `${mailbox()}@${random.chars('lower', 5)}.com`,
  () => `mailto:${mailbox()}`,
  () => `https://user:${random.chars('base62', 12)}@${random.chars('lower', 5)}.com/`,
  () => `${random.chars('lower', 70)}@${random.chars('lower', 6)}.com`,
  () => `a@${random.chars('lower', 64)}.com`,
  () => `a@b-.com`,
  () => `a@${random.chars('lower', 6)}.nosuchdomain`,
  () => `a@${'b.'.repeat(9)}com`,
  () => `${mailbox()};${mailbox()}`,
  () => `contact ${mailbox()} today`,
  () => `${card()}@${random.chars('lower', 6)}.com`,
  () => '4242424242424242',
  () => '1'.repeat(16),
  () => random.chars('digit', 16),
  () => random.chars('digit', 15),
  () => random.chars('digit', 20),
  () => card(19),
  () => card().replace(/(.{4})(?=.)/g, '$1-'),
  () => card().replace(/(.{4})(?=.)/g, '$1 '),
  () => `x${card()}`,
  () => `${card()}x`,
  () => `${card()}-1`,
  () => `+${card()}`,
  () => `(${card()})`,
  () => `isbn ${card()}`,
  () => `visa ${card()} ${mailbox()}`,
  () => `${card()},${card()}`,
];

const rowsOf = (plain: () => string): fc.Arbitrary<string[]> =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 2, arbitrary: fc.nat(ODD.length - 1) }), {
      minLength: 40,
      maxLength: 400,
    })
    .map((choice) => [
      ...Array.from({ length: 1200 }, plain),
      ...choice.map((index) => (index < 0 ? plain() : (ODD[index] as () => string)())),
    ]);

for (const [kind, plain] of [
  ['mailboxes', mailbox],
  ['cards', card],
  ['either', () => (random.int(2) === 0 ? mailbox() : card())],
] as const) {
  test(`counting a column of ${kind} gives what matching each of them gives, whatever stands between`, async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(plain), fc.constantFrom('email', 'card', 'isbn', 'x'), async (rows, column) => {
        await bothWays([column, ...rows], 'table.csv');
        await bothWays(rows, 'lines.txt');
        await bothWays(
          [`id,${column},note`, ...rows.map((row, k) => `${k},"${row.replaceAll('"', '')}",card`)],
          'a.csv',
        );
        await bothWays(
          rows.map((row, k) => JSON.stringify({ id: k, people: [{ [column]: row, note: 'card' }] })),
          'a.jsonl',
        );
      }),
      { numRuns: 12 },
    );
  });
}

test('most values of a column that is full of them are counted', async () => {
  for (const [column, plain, entity] of [
    ['email', mailbox, 'EMAIL'],
    ['credit_card', card, 'CREDIT_CARD'],
  ] as const) {
    const { counted, columns } = await bothWays([column, ...Array.from({ length: 4000 }, () => plain())], 'table.csv');
    assert.ok(counted > 3000, `${counted} of ${column}`);
    assert.equal(columns.find((found) => found.entity === entity)?.strong.count, 4000);
  }
});

test('a value at the end of a window that a match of the next one takes is not counted', async () => {
  const cards = Array.from({ length: 700 }, () => card());
  const taken = Array.from({ length: 700 }, () => `${card()}@${random.chars('lower', 6)}.com`);
  const { columns } = await bothWays(['card', ...cards, ...taken], 'table.csv');
  assert.equal(columns.find((found) => found.entity === 'EMAIL')?.strong.count, 700);
});

test('a number before a match of text is matched, whichever of them is handled first', async () => {
  const cards = Array.from({ length: 400 }, () => card());
  const numbers = Array.from({ length: 50 }, () => [
    `212-7${random.chars('digit', 2)}-4321`,
    `(415) 2${random.chars('digit', 2)}-1234`,
  ]);
  const { columns } = await bothWays(['phone', ...cards, ...numbers.flat(), ...cards], 'table.csv');
  assert.equal(columns.find((found) => found.detector === 'phone-north-america')?.strong.count, 100);
});
