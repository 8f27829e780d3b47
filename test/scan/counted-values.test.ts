import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCatalog } from '../../detectors/catalog.ts';
import { createRandom } from '../../detectors/sample.ts';
import { isLuhnValid } from '../../detectors/validators/luhn.ts';
import { decodeObject } from '../../src/decode/decode-object.ts';
import { memorySource } from '../../src/model/byte-source.ts';
import type { ColumnEvidence } from '../../src/model/finding.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { Segment } from '../../src/model/segment.ts';
import { compileSet } from '../../src/scan/compile.ts';
import type { Counting } from '../../src/scan/counted-values.ts';
import { EvidenceCollector } from '../../src/scan/evidence.ts';
import { type MatchSink, StreamMatcher } from '../../src/scan/match.ts';
import { Fingerprinter } from '../../src/scan/redact.ts';

const set = compileSet(await loadCatalog());
const random = createRandom('columns');
const KEY = Buffer.alloc(32, 5);

/** The evidence of a table, and how many of its values were counted without being matched. */
async function scan(
  bytes: Buffer,
  name: string,
  counts: boolean,
): Promise<{ evidence: ReturnType<EvidenceCollector['finish']>; suppressed: object; counted: number }> {
  const collector = new EvidenceCollector(new Fingerprinter(KEY), (text) => text, 2);
  let counted = 0;
  const counting: Counting = {
    ...collector.counting,
    count: (...given) => {
      const isCounted = collector.counting.count(...given);
      if (isCounted) counted++;
      return isCounted;
    },
  };
  const sink: MatchSink = {
    match: (match) => collector.match(match),
    trial: (...given) => collector.trial(...given),
    ...(counts ? { counting } : {}),
  };
  const matcher = new StreamMatcher(set, sink);
  const consume = (segment: Segment): void => matcher.scan(segment);
  const source = memorySource(bytes);
  const window = { window: 12_288, left: 2048, right: 2048 };
  const decoded = await decodeObject({ source, name, limits: DEFAULT_LIMITS, consume, window });
  assert.equal(decoded.outcome, 'complete');
  return { evidence: collector.finish(), suppressed: collector.suppressed, counted };
}

async function bothWays(rows: string[], name: string): Promise<{ counted: number; columns: ColumnEvidence[] }> {
  const bytes = Buffer.from(`${rows.join('\n')}\n`);
  const whole = await scan(bytes, name, false);
  const { evidence, suppressed, counted } = await scan(bytes, name, true);
  assert.deepEqual({ evidence, suppressed }, { evidence: whole.evidence, suppressed: whole.suppressed });
  return { counted, columns: evidence.columns };
}

function mailbox(): string {
  const user = `${random.chars('lower', 2 + random.int(6))}${random.pick(['', '.', '_', '-', '+'])}${random.chars('base62', 3)}`;
  return `${user}@${random.chars('lower', 3 + random.int(6))}.${random.pick(['com', 'de', 'co.uk', 'ORG', 'museum', 'xyz'])}`;
}

function card(digits = 16): string {
  const body = `${random.pick(['4', '51', '2221', '6011', '62'])}${random.chars('digit', digits)}`.slice(0, digits - 1);
  return [...'0123456789'].map((last) => body + last).find(isLuhnValid) as string;
}

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
