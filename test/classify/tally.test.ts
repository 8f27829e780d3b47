import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ColumnEvidence } from '../../src/model/finding.ts';
import type { StoredResult } from '../../src/model/ledger.ts';
import { BUCKET, column, fresh, hashes, matches, none, READ, result, secret } from './tally-sample.ts';

test('one secret in many objects is one finding with exact counts', () => {
  const tally = fresh(2);
  assert.deepEqual(tally.add(result('b', { values: [secret('v1:a', { count: 3 })] })), {
    findings: 1,
    level: 'restricted',
  });
  tally.add(result('a', { values: [secret('v1:a'), secret('v1:c')] }));
  const [first, second] = tally.findings();
  assert.equal(first?.fingerprint, 'v1:a');
  assert.equal(first?.count, 4);
  assert.equal(first?.objects, 2);
  assert.deepEqual(first?.locations, [
    { object: `${BUCKET}/a`, row: 1 },
    { object: `${BUCKET}/b`, row: 1 },
  ]);
  assert.equal(second?.count, 1);
});

test('a secret that is only possible is no finding', () => {
  const tally = fresh();
  assert.deepEqual(tally.add(result('a', { values: [secret('v1:a', { probability: 0.5 })] })), {
    findings: 0,
    level: 'none',
  });
  assert.deepEqual(tally.findings(), []);
});

test('personal data is one finding for entity, object and column, whichever detectors saw it', () => {
  const tally = fresh();
  const columns = [
    column('phone-a', 'tel', matches(hashes(1, 4), 0.8)),
    column('phone-b', 'tel', matches(hashes(3, 4), 0.99)),
    column('email', 'mail', matches(hashes(50, 3))),
  ];
  assert.equal(tally.add(result('a', { columns })).findings, 2);
  const phone = tally.findings().find((finding) => finding.entity === 'PHONE');
  assert.equal(phone?.count, 8);
  assert.equal(phone?.distinct, 6);
  assert.equal(phone?.probability, 0.99);
  assert.equal(phone?.kind, 'column');
});

describe('weak matches', () => {
  const passes = hashes(1, 30);
  test('count when the distinct values pass more often than chance', () => {
    const tally = fresh();
    tally.add(result('a', { columns: [column('uk-nhs', 'no', none(), matches(passes, 0.1), passes)] }));
    const [finding] = tally.findings();
    assert.equal(finding?.entity, 'UK_NHS');
    assert.equal(finding?.distinct, 30);
    assert.ok((finding?.probability ?? 0) >= 0.95);
  });
  test('do not count at the chance rate', () => {
    const tally = fresh();
    const trials = hashes(1, 250);
    const chance = matches(trials.slice(0, 23), 0.1);
    assert.equal(tally.add(result('a', { columns: [column('uk-nhs', 'no', none(), chance, trials)] })).findings, 0);
  });
  test('of the same values go to the likelier entity, the other is an alternative', () => {
    const tally = fresh();
    const columns = [
      column('other-mod11', 'no', none(), matches(passes, 0.1), passes),
      column('uk-nhs', 'no', none(), matches(passes, 0.1), passes),
    ];
    tally.add(result('a', { columns }));
    assert.deepEqual(
      tally.findings().map((finding) => [finding.entity, finding.alternatives]),
      [['UK_NHS', ['OTHER_ID']]],
    );
  });
});

test('published test numbers are told apart from real ones in the same column', () => {
  const tally = fresh();
  const columns = [
    column('card-test', 'pan', matches(hashes(1, 2), 0.99)),
    column('card', 'pan', matches(hashes(9, 1), 0.9)),
  ];
  tally.add(result('a', { columns }));
  assert.deepEqual(
    tally
      .findings()
      .map((finding) => finding.level)
      .sort(),
    ['none', 'restricted'],
  );
  assert.equal(new Set(tally.findings().map((finding) => finding.fingerprint)).size, 2);
});

describe('levels', () => {
  const levelWith = (columns: ColumnEvidence[]): string => {
    const tally = fresh();
    tally.add(result('a', { columns }));
    return tally.sensitivity(BUCKET, READ).level;
  };
  test('contact data of many people is one level higher', () => {
    assert.equal(levelWith([column('email', 'm', matches(hashes(1, 5)))]), 'internal');
    assert.equal(levelWith([column('email', 'm', matches(hashes(1, 120)))]), 'confidential');
    assert.equal(levelWith([column('iban', 'i', matches(hashes(1, 5)))]), 'confidential');
    assert.equal(levelWith([column('iban', 'i', matches(hashes(1, 120)))]), 'restricted');
  });
  test('an address in twenty objects is published and one level lower, with the reason', () => {
    const tally = fresh();
    for (let i = 0; i < 20; i++)
      tally.add(result(`o${i}`, { columns: [column('email', null, matches(hashes(7, 1)))] }));
    const { level, because } = tally.sensitivity(BUCKET, READ);
    assert.equal(level, 'none');
    assert.match(because.join('\n'), /published/);
    assert.ok(tally.findings().every((finding) => finding.level === 'none'));
    tally.add(result('own', { columns: [column('email', null, matches(hashes(90, 1)))] }));
    assert.equal(tally.sensitivity(BUCKET, READ).level, 'internal');
  });
});

describe('sensitivity', () => {
  test('the score follows the published formula', () => {
    const tally = fresh();
    tally.add(result('a', { columns: [column('us-ssn', 'ssn', matches(hashes(1, 9), 0.9))] }));
    const people = Math.log10(10) / 3;
    assert.equal(tally.sensitivity(BUCKET, READ).score, Math.round(1000 * 0.95 * 0.9 * people) / 10);
  });
  test('one secret weighs as much as many', () => {
    const tally = fresh();
    tally.add(result('a', { values: [secret('v1:a')] }));
    const { score, because } = tally.sensitivity(BUCKET, READ);
    assert.equal(score, Math.round(1000 * 0.95 * 0.99) / 10);
    assert.match(because[0] as string, /AWS secret access key in 1 object/);
  });
  test('clean objects never lower it', () => {
    const tally = fresh();
    tally.add(result('a', { values: [secret('v1:a')] }));
    const before = tally.sensitivity(BUCKET, READ);
    for (let i = 0; i < 50; i++) tally.add(result(`clean${i}`, {}));
    assert.deepEqual(tally.sensitivity(BUCKET, READ), before);
  });
  test('what was not read is unknown, not clean', () => {
    const tally = fresh();
    tally.add(result('a', { outcome: 'failed:network' }));
    const blind = tally.sensitivity(BUCKET, { listed: 1, scannable: 1, complete: 0, partial: 0, isListed: true });
    assert.equal(blind.level, 'unknown');
    assert.equal(blind.scoreAtMost, 100);
    const half = tally.sensitivity(BUCKET, { listed: 2, scannable: 2, complete: 1, partial: 0, isListed: true });
    assert.equal(half.level, 'none');
    assert.equal(half.score, 0);
    assert.equal(half.scoreAtMost, 95);
  });
  test('a bucket that could not be listed is unknown, and one whose listing broke may hold more', () => {
    const lost = { listed: 0, scannable: 0, complete: 0, partial: 0, isListed: false };
    const { because, ...unknown } = fresh().sensitivity(BUCKET, lost);
    assert.deepEqual(unknown, { level: 'unknown', score: 0, scoreAtMost: 100 });
    assert.deepEqual(because, ['the bucket could not be listed']);
    const broken = fresh().sensitivity(BUCKET, { ...READ, isListed: false });
    assert.deepEqual([broken.level, broken.scoreAtMost], ['none', 95]);
    assert.deepEqual(broken.because, ['the listing broke: there may be more objects']);
  });
  test('an empty bucket has nothing in it', () => {
    assert.equal(
      fresh().sensitivity(BUCKET, { listed: 0, scannable: 0, complete: 0, partial: 0, isListed: true }).level,
      'none',
    );
  });
  test('buckets do not mix', () => {
    const tally = fresh();
    tally.add(result('a', { values: [secret('v1:a')] }, 's3://one'));
    assert.equal(tally.sensitivity('s3://two', READ).level, 'none');
  });
});

test('an object that failed is unknown, one that was read and clean is none', () => {
  const tally = fresh();
  const failed = { ...result('a', {}), outcome: 'failed:network' as const, scan: null };
  assert.deepEqual(tally.add(failed), { findings: 0, level: 'unknown' });
  assert.deepEqual(tally.add({ ...failed, outcome: 'complete' }), { findings: 0, level: 'none' });
});

test('the order of objects does not show in any answer', () => {
  const objects = Array.from({ length: 24 }, (_, i) =>
    result(`o${i}`, {
      values: [
        secret(`v1:${i % 3}`, {
          count: 1 + (i % 2),
          masked: `M${i % 4}`,
          probability: 0.9 + (i % 2) / 20,
          locations: [{ row: i }],
        }),
      ],
      columns: [
        column('email', i % 4 === 0 ? null : 'mail', matches(hashes(i % 2 === 0 ? 7 : 100 * i, 1 + (i % 30)))),
        column('us-ssn', `c${i}`, matches(hashes(i, 2), 0.7 + (i % 3) / 10)),
      ],
    }),
  );
  const answer = (list: readonly StoredResult[]): unknown => {
    const tally = fresh(5);
    for (const each of list) tally.add(each);
    return [tally.findings(), tally.sensitivity(BUCKET, READ)];
  };
  const expected = answer(objects);
  fc.assert(
    fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (list) => {
      assert.deepEqual(answer(list), expected);
    }),
    { numRuns: 30 },
  );
});
