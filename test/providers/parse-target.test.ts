import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { objectUri } from '../../src/model/object.ts';
import { keyMatcher, literalGlob } from '../../src/providers/key-matcher.ts';
import { openProvider } from '../../src/providers/open-provider.ts';
import { isStandardInput, parseTarget } from '../../src/providers/parse-target.ts';
import { coded, keysOf } from './contract.ts';

const cwd = await mkdtemp(join(tmpdir(), 'assay-target-'));
after(() => rm(cwd, { recursive: true, force: true }));
await mkdir(join(cwd, 'data'));
for (const name of ['a.jsonl', 'b.jsonl', 'c[1]*.jsonl', 'c1x.jsonl', 'a.jsonl.bak'])
  await writeFile(join(cwd, 'data', name), name);
await symlink('data/a.jsonl', join(cwd, 'link'));

async function keysIn(text: string): Promise<string[]> {
  const target = parseTarget(text, cwd);
  const keys: string[] = [];
  for await (const page of (await openProvider('filesystem')).listObjects(target, null))
    keys.push(...keysOf(page.objects));
  return keys;
}

test('a folder is one bucket with all of its files', async () => {
  const bucket = { provider: 'filesystem', uri: `file://${cwd}/data`, name: `${cwd}/data` };
  for (const text of ['data', './data/', join(cwd, 'data'), `file://${cwd}/data`, `file://${cwd}/%64ata`]) {
    assert.deepEqual(parseTarget(text, cwd), { text, bucket, prefix: '' });
  }
  assert.equal((await keysIn('data')).length, 5);
});

test('a single file is that file in the bucket of its folder, whatever stands in its name', async () => {
  assert.equal(parseTarget('data/a.jsonl', cwd).bucket.uri, `file://${cwd}/data`);
  assert.deepEqual(await keysIn('data/a.jsonl'), ['a.jsonl']);
  assert.deepEqual(await keysIn('data/c[1]*.jsonl'), ['c[1]*.jsonl']);
});

test('a link to a file is a single file under its own name', async () => {
  assert.equal(parseTarget('link', cwd).bucket.uri, `file://${cwd}`);
  assert.deepEqual(await keysIn('link'), ['link']);
});

test('- is standard input, a file of this name is ./-', async () => {
  const target = parseTarget('-', cwd);
  assert.ok(isStandardInput(target));
  assert.equal(objectUri(target.bucket, target.prefix), 'file:///dev/stdin');
  await writeFile(join(cwd, '-'), '');
  assert.ok(!isStandardInput(parseTarget('./-', cwd)));
  assert.deepEqual(await keysIn('./-'), ['-']);
  await rm(join(cwd, '-'));
});

test('a glob is the bucket before its first wildcard and a pattern over the keys', async () => {
  assert.deepEqual(parseTarget('data/*.jsonl', cwd).bucket.name, `${cwd}/data`);
  assert.deepEqual(await keysIn('data/[ab].jsonl'), ['a.jsonl', 'b.jsonl']);
  assert.deepEqual(await keysIn('**/{a,b}.jsonl'), ['data/a.jsonl', 'data/b.jsonl']);
  assert.deepEqual(await keysIn(`${cwd}/d*/b.*`), ['data/b.jsonl']);
});

const sign = fc.constantFrom(...'\\ *?[]{}()!+@|^$.~"\'-,;:&#/\n\t%=<>`');
const anyKey = fc
  .array(fc.oneof(sign, fc.string({ unit: 'grapheme', maxLength: 4 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''))
  .filter((key) => key !== '');

test('the literal glob of a key matches this key and no other', () => {
  fc.assert(
    fc.property(anyKey, fc.string({ unit: 'grapheme' }), (key, other) => {
      const matches = keyMatcher(literalGlob(key));
      return matches(key) && (other === key || !matches(other)) && !matches(`${key}x`);
    }),
    { numRuns: 2000 },
  );
});

test('an S3 target keeps its prefix as it is written', () => {
  const bucket = { provider: 'aws-s3', uri: 's3://my.bucket-1', name: 'my.bucket-1' };
  assert.deepEqual(parseTarget('s3://my.bucket-1', cwd), { text: 's3://my.bucket-1', bucket, prefix: '' });
  assert.deepEqual(parseTarget('s3://my.bucket-1/', cwd), { text: 's3://my.bucket-1/', bucket, prefix: '' });
  const text = 's3://my.bucket-1/a//../b%20*\n/';
  assert.deepEqual(parseTarget(text, cwd), { text, bucket, prefix: 'a//../b%20*\n/' });
});

test('targets that cannot be are usage errors', () => {
  const texts = ['', 's3://', 's3:///key', 's3://bad bucket/x', 'az://a/b', 'gs://b', 'file://host/x', '/dev/null'];
  for (const text of texts) assert.throws(() => parseTarget(text, cwd), coded('usage'), text);
});

test('a path that is not there breaks its listing, so that other targets are scanned', async () => {
  for (const text of ['missing', 'data/missing.jsonl', 'missing/*.jsonl', 'file:///missing/assay']) {
    await assert.rejects(keysIn(text), (error: Error) => {
      assert.ok(coded('not-found')(error));
      assert.match(error.message, /missing.*: there is no such file or folder \(ENOENT\)$/);
      return true;
    });
  }
});

test('a bucket of Google is its name, and a key is taken as it is', () => {
  const bucket = { provider: 'gcs', uri: 'gs://my_lake.example.com', name: 'my_lake.example.com' };
  for (const [text, prefix] of [
    ['gs://my_lake.example.com', ''],
    ['gs://my_lake.example.com/', ''],
    ['gs://my_lake.example.com/a b/../c%20*', 'a b/../c%20*'],
    ['GS://my_lake.example.com//x', '/x'],
  ] as const) {
    assert.deepEqual(parseTarget(text, cwd), { text, bucket, prefix });
  }
  for (const text of ['gs://', 'gs:///a', 'gs://ab', 'gs://Lake', 'gs://-lake', 'gs://la ke'])
    assert.throws(() => parseTarget(text, cwd), coded('usage'), text);
});

test('a container of Azure is a bucket with its account in front', () => {
  const bucket = { provider: 'azure-blob', uri: 'az://account1/my-lake', name: 'account1/my-lake' };
  for (const [text, prefix] of [
    ['az://account1/my-lake', ''],
    ['az://account1/my-lake/', ''],
    ['az://account1/my-lake/a b/../c', 'a b/../c'],
    ['az://account1/my-lake//x', '/x'],
  ] as const) {
    assert.deepEqual(parseTarget(text, cwd), { text, bucket, prefix });
  }
  assert.equal(parseTarget('az://account1/$web/index', cwd).bucket.name, 'account1/$web');
  for (const text of [
    'az://',
    'az://a/lake',
    'az://Account/lake',
    'az://account1/My',
    'az://account1/a--b',
    'az://account1/ab',
  ])
    assert.throws(() => parseTarget(text, cwd), coded('usage'), text);
});
