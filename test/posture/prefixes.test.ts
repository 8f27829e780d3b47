import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PrefixPosture } from '../../src/model/posture.ts';
import { allow, bucket, deny, policyOf } from '../exposure/evidence.ts';
import { type Entry, emails, LOCAL, OPEN_LAKE, reportOf, SHUT_LAKE, value, type World } from '../report/sample.ts';

/** Everybody may read what is below `public/`. */
const HALF_OPEN = bucket({ policy: policyOf(allow({ Resource: 'arn:aws:s3:::lake/public/*' })) });
const shown = { options: { maskName: (name: string) => name } };

async function lake(world: World) {
  const { report } = await reportOf({ evidence: [HALF_OPEN], ...shown, ...world });
  const [only] = report.buckets;
  assert.ok(only !== undefined);
  return only;
}

function told(prefixes: readonly PrefixPosture[]): string[] {
  return prefixes.map(
    ({ prefix, scope, objects, sensitivity, exposure, risk }) =>
      `${prefix}${scope === undefined ? '' : ` (${scope})`} ${objects}: ${sensitivity.level}, ${exposure.verdict}, ${risk.level}`,
  );
}

const secret = (key: string, fingerprint = `v1:${key}`): Entry => ({ key, values: [value({ fingerprint })] });

test('a public prefix without personal data beside a private one with it is no alarm', async () => {
  const { risk, sensitivity, exposure, prefixes } = await lake({
    entries: [{ key: 'public/readme.md' }, secret('private/chat.jsonl')],
  });
  assert.deepEqual([sensitivity.level, exposure.verdict, risk.level], ['restricted', 'public', 'low']);
  assert.deepEqual(told(prefixes), ['private/ 1: restricted, private, low', 'public/ (public/) 1: none, public, low']);
  assert.deepEqual(risk.because, [
    'Elsewhere: The data is restricted and only its owner can reach it.',
    'In public/: No sensitive data was found and anyone can reach it.',
  ]);
});

test('one secret below a public prefix is critical, whatever lies elsewhere', async () => {
  const { risk, prefixes } = await lake({
    entries: [...Array.from({ length: 50 }, (_unused, at) => ({ key: `private/${at}` })), secret('public/a/b/key.txt')],
  });
  assert.equal(risk.level, 'critical');
  assert.deepEqual(told(prefixes), [
    'public/a/b/ (public/) 1: restricted, public, critical',
    'private/ 50: none, private, none',
  ]);
});

test('where all of a bucket is reached alike, folders are told when they hold different things', async () => {
  const entries = [
    secret('raw/a.txt'),
    { key: 'raw/b.txt' },
    { key: 'clean/c.txt' },
    { key: 'people/d.csv', columns: [emails('mail')] },
  ];
  const open = await lake({ entries, evidence: [OPEN_LAKE] });
  assert.equal(open.risk.level, 'critical');
  assert.deepEqual(told(open.prefixes), [
    'raw/ 2: restricted, public, critical',
    'people/ 1: confidential, public, high',
    'clean/ 1: none, public, low',
  ]);
  const alike = await lake({ entries: [{ key: 'a/1' }, { key: 'b/2' }], evidence: [SHUT_LAKE] });
  assert.deepEqual(alike.prefixes, []);
});

test('a folder that other users of the machine cannot search is a part of its own', async () => {
  const tally = (count: number) => ({ state: 'known' as const, value: { count, examples: [] } });
  const folder = (closed: string[]) => ({
    provider: 'filesystem' as const,
    path: '/lake',
    worldReadable: tally(3),
    worldWritable: tally(0),
    closed,
  });
  const judged = async (closed: string[]) => {
    const keys = [{ key: 'shared/readme.md' }, secret('team/secret/chat.jsonl')];
    const entries = keys.map((entry) => ({ ...entry, bucket: LOCAL }));
    const { report } = await reportOf({ ...shown, entries, evidence: [folder(closed)] });
    return report.buckets.find(({ provider }) => provider === 'filesystem');
  };
  const shut = await judged(['team/secret/']);
  assert.deepEqual([shut?.exposure.verdict, shut?.risk.level], ['organization', 'low']);
  assert.deepEqual(told(shut?.prefixes ?? []), [
    'team/secret/ 1: restricted, private, low',
    'shared/ (everything except team/secret/) 1: none, organization, none',
  ]);
  for (const closed of [[], ['team/s*/']]) {
    assert.equal((await judged(closed))?.risk.level, 'medium', closed.join());
  }
});

test('a prefix that strangers may write to is at high risk also when nothing is in it', async () => {
  const drop = bucket({
    policy: policyOf(allow({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::lake/incoming/*' })),
  });
  const { risk, prefixes } = await lake({ entries: [{ key: 'train/a.txt' }], evidence: [drop] });
  assert.equal(risk.level, 'high');
  assert.deepEqual(told(prefixes), ['incoming/ (incoming/) 0: none, private, high', 'train/ 1: none, private, none']);
});

test('what a Deny takes out of a public bucket is judged by itself', async () => {
  const holed = bucket({
    policy: policyOf(allow(), deny({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/secret/*' })),
  });
  const quiet = await lake({ entries: [{ key: 'open/a' }, secret('secret/b')], evidence: [holed] });
  assert.equal(quiet.risk.level, 'low');
  const loud = await lake({ entries: [secret('open/a'), { key: 'secret/b' }], evidence: [holed] });
  assert.equal(loud.risk.level, 'critical');
});

test('scopes that are no prefix are told as they are', async () => {
  const byName = bucket({ policy: policyOf(allow({ Resource: 'arn:aws:s3:::lake/*.csv' })) });
  const { risk, prefixes } = await lake({ entries: [{ key: 'a/x.csv' }, secret('a/y.txt')], evidence: [byName] });
  assert.equal(risk.level, 'low');
  assert.deepEqual(told(prefixes), ['a/ 1: restricted, private, low', 'a/ (*.csv) 1: none, public, low']);
});

test('an unread object below a public prefix is not taken for a clean one', async () => {
  const { risk } = await lake({
    entries: [{ key: 'public/a.gz', outcome: 'failed:access-denied' }, secret('private/b')],
  });
  assert.equal(risk.level, 'high');
});

test('when a fact is missing every part stays unknown', async () => {
  const halfKnown = {
    ...HALF_OPEN,
    publicAccessBlock: {
      state: 'refused' as const,
      call: 's3:GetPublicAccessBlock',
      reason: 'AccessDenied',
      permission: 's3:GetBucketPublicAccessBlock',
    },
  };
  const { prefixes } = await lake({ entries: [{ key: 'public/a' }, secret('private/b')], evidence: [halfKnown] });
  assert.deepEqual(told(prefixes), [
    'private/ 1: restricted, unknown, high',
    'public/ (public/) 1: none, unknown, none',
  ]);
});

test('names of prefixes are masked, and not shown where nothing can mask them', async () => {
  const entries = [secret('public/x'), { key: 'jo@mail.test/y' }];
  const masked = await lake({ entries, options: { maskName: (name) => name.replace('jo@', 'j…@') } });
  assert.deepEqual(
    masked.prefixes.map(({ prefix }) => prefix),
    ['public/', 'j…@mail.test/'],
  );
  const hidden = await lake({ entries, options: {} });
  assert.deepEqual(
    hidden.prefixes.map(({ prefix }) => prefix),
    ['(name not shown)', '(name not shown)'],
  );
});

test('the order of objects changes neither risk nor prefixes', async () => {
  const key = fc
    .tuple(
      fc.constantFrom('public/', 'private/', 'public/deep/', ''),
      fc.constantFrom('a/', 'b/', 'c/', ''),
      fc.nat(40),
    )
    .map(([top, folder, at]) => `${top}${folder}${at}.txt`);
  const entry = fc.tuple(key, fc.constantFrom('clean', 'secret', 'mail', 'failed')).map(([name, kind]): Entry => {
    if (kind === 'secret') return secret(name);
    if (kind === 'mail') return { key: name, columns: [emails('mail')] };
    return kind === 'failed' ? { key: name, outcome: 'failed:network' } : { key: name };
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(entry, { selector: ({ key }) => key, maxLength: 30 }),
      fc.nat(),
      async (entries, turn) => {
        const turned = [
          ...entries.slice(turn % (entries.length || 1)),
          ...entries.slice(0, turn % (entries.length || 1)),
        ];
        const [one, other] = [await lake({ entries }), await lake({ entries: turned.reverse() })];
        assert.deepEqual(other.prefixes, one.prefixes);
        assert.deepEqual(other.risk, one.risk);
      },
    ),
    { numRuns: 60 },
  );
});
