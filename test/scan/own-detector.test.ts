import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import { base62Crc32 } from '../../detectors/validators/base62-crc32.ts';
import { type OwnFields, settleOwnDetector } from '../../src/scan/own-detector.ts';
import { exampleProblems, type OwnExamples } from '../../src/scan/own-examples.ts';

const KEY: OwnFields = {
  id: 'acme-api-key',
  issuer: 'acme',
  category: 'secret',
  severity: 'high',
  pattern: 'acme_[0-9A-Za-z]{24}',
};
const BADGE: OwnFields = {
  id: 'acme-badge',
  entity: 'ACME_BADGE',
  category: 'pii',
  severity: 'medium',
  triggers: [{ digits: ['999-999-9999'] }],
  checks: ['luhn'],
};

function settled(fields: OwnFields) {
  const { own, problems } = settleOwnDetector(fields);
  assert.deepEqual(problems, []);
  assert.ok(own !== null);
  return own;
}

function problemsOf(fields: OwnFields): string[] {
  return settleOwnDetector(fields).problems.map(({ path, reason }) => `${path.join('.')}: ${reason}`);
}

async function judged(fields: OwnFields, examples: Partial<OwnExamples>): Promise<string[]> {
  const found = await exampleProblems(settled(fields), { examples: [], counterExamples: {}, ...examples });
  return found.map(({ path, reason }) => `${path.join('.')}: ${reason}`);
}

test('triggers, length, level and the rest come from the pattern and the category', () => {
  const own = settled(KEY);
  assert.deepEqual(own.triggers, [{ literal: 'acme_' }]);
  assert.equal(own.maxLength, 29);
  assert.equal(own.level, 'restricted');
  assert.equal(own.name, 'acme-api-key');
  assert.equal(settled({ ...KEY, pattern: 'acme_\\d{4}' }).pattern, 'acme_[0-9]{4}');
  assert.equal(settled({ ...BADGE, category: 'contact' }).level, 'internal');
  assert.equal(settled(BADGE).randomPass, 0.1);
});

test('a detector is data: it survives JSON', () => {
  const own = settled({ ...KEY, alphabet: 'base62', minEntropy: 3, context: { strong: ['acme'] } });
  assert.deepEqual(JSON.parse(JSON.stringify(own)), own);
});

test('a pattern that would not fit is rejected by name before it is compiled', () => {
  assert.match(
    problemsOf({ ...KEY, pattern: '((a{1000}){1000})' })[0] ?? '',
    /^pattern: "\(\(a\{1000\}\)\{1000\}\)" is too large/,
  );
  assert.match(problemsOf({ ...KEY, pattern: 'acme_\\p{L}{900}' })[0] ?? '', /too large/);
  assert.match(problemsOf({ ...KEY, pattern: 'acme_((a{100}){20})' })[0] ?? '', /invalid repetition size/);
});

test('every problem of a detector is told at once', () => {
  const found = problemsOf({
    ...KEY,
    pattern: 'acme_[a-z]+',
    triggers: [{ literal: 'the' }, { literal: 'aaaa' }],
    checks: ['crc32-base62'],
  });
  assert.equal(found.length, 4);
  assert.match(found[0] ?? '', /^maxLength: is missing: the pattern has no longest match/);
  assert.match(found[1] ?? '', /^triggers\.0\.literal: "the" stands in nearly every text/);
  assert.match(found[2] ?? '', /^triggers\.1\.literal: "aaaa" is one byte over and over/);
  assert.match(found[3] ?? '', /^checks\.0: needs \(\?P<body>…\) and \(\?P<checksum>…\)/);
});

test('a length that no match has, an empty match and a far trigger are told', () => {
  assert.match(problemsOf({ ...KEY, maxLength: 10 })[0] ?? '', /^maxLength: is below the 29 bytes/);
  assert.match(problemsOf({ ...KEY, pattern: '(?:acme_)?' })[0] ?? '', /empty text/);
  assert.match(problemsOf({ ...KEY, pattern: '[a-z]{1,900}@acme' })[0] ?? '', /at most 512 bytes/);
  assert.match(
    problemsOf({ ...KEY, triggers: [{ literal: 'acme_', before: 'z-a' }] })[0] ?? '',
    /^triggers: do not compile/,
  );
});

test('a match may be so long only as its trigger is rare, even in a text of nothing but triggers', () => {
  const cost = (pattern: string, extra: OwnFields = {}): string => problemsOf({ ...KEY, pattern, ...extra }).join();
  assert.match(cost('key_[a-z]{600}'), /^maxLength: of 604 bytes .* at most 512, or a longer trigger/);
  assert.equal(cost('acme-key_[a-z]{600}'), '');
  assert.match(cost('abab[a-z]{300}'), /at most 256/);
  assert.match(cost('[a-z]{200}@acme'), /at most 120/);
  assert.equal(cost('[a-z]{100}@acme'), '');
});

test('examples are found and counter-examples are not', async () => {
  const value = expand("'acme_' base62:24", 'own');
  assert.deepEqual(
    await judged(KEY, {
      examples: [`key=${value};`, { shape: "'acme_' base62:24" }],
      counterExamples: { short: { shape: "'acme_' base62:23" }, template: `acme_${'x'.repeat(24)}` },
    }),
    [],
  );
});

test('why an example is not found is told, its text is not', async () => {
  const value = expand("'acme_' base62:24", 'own');
  const found = await judged(KEY, {
    examples: ['nothing', `x${value}`, `acme_${'x'.repeat(24)}`, { shape: 'nonsense:3' }],
    counterExamples: { 'a key': value },
  });
  assert.match(found[0] ?? '', /^examples\.0: is not found: the pattern does not match/);
  assert.match(found[1] ?? '', /^examples\.1: is not found: the value stands inside a longer word/);
  assert.match(found[2] ?? '', /^examples\.2: is not reported: its value counts as placeholder/);
  assert.match(found[3] ?? '', /^examples\.3\.shape: is no shape/);
  assert.equal(found[4], 'counterExamples.a key: is found');
  assert.ok(!found.join().includes(value.slice(5)));
  assert.match(
    (await judged({ ...KEY, probability: 0.2 }, { examples: [value] }))[0] ?? '',
    /only possible \(probability 0\.20/,
  );
});

test('a value that fails a check of its detector is none', async () => {
  const isLuhn = (last: number): string => `799-273-987${last}`;
  assert.deepEqual(await judged(BADGE, { examples: [isLuhn(5)], counterExamples: { check: isLuhn(6) } }), []);
  const body = expand('base62:20', 'own');
  const crc: OwnFields = {
    ...KEY,
    pattern: 'acme_(?P<body>[0-9A-Za-z]{20})(?P<checksum>[0-9A-Za-z]{6})',
    checks: ['crc32-base62'],
  };
  const good = `acme_${body}${base62Crc32(body)}`;
  assert.deepEqual(
    await judged(crc, {
      examples: [good],
      counterExamples: { check: `acme_A${body}${base62Crc32(body)}`.slice(0, 31) },
    }),
    [],
  );
});

test('a body outside of the alphabet is none, one of low entropy is counted as such', async () => {
  const hex: OwnFields = { ...KEY, pattern: 'acme_(?P<body>[0-9a-z]{16})', alphabet: 'hex' };
  assert.deepEqual(
    await judged(hex, { examples: ['acme_4f09c1d7a83be265'], counterExamples: { 'not hex': 'acme_4f09c1d7a83be26z' } }),
    [],
  );
  const poor = await judged(
    { ...KEY, pattern: 'acme_(?P<body>[0-9a-z]{8})', minEntropy: 2.9, placeholders: 'report' },
    {
      examples: ['acme_a9a9a9b8'],
    },
  );
  assert.match(poor[0] ?? '', /counts as low-entropy/);
});
