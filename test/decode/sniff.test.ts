import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from './support.ts';

async function formatOf(content: string | Buffer, name = ''): Promise<string> {
  const { result } = await decode(Buffer.from(content), { name });
  return result.outcome === 'complete' ? result.format : `${result.format} ${result.outcome}`;
}

const BINARY = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3)) % 256));

test('media and unreadable containers are named by their magic bytes, whatever the name says', async () => {
  const cases: [string, string][] = [
    ['89504e470d0a1a0a0000', 'png skipped:media'],
    ['ffd8ffe000104a464946', 'jpeg skipped:media'],
    ['52494646aabbccdd57454250', 'webp skipped:media'],
    ['0000001866747970 6d703432'.replace(' ', ''), 'iso-media skipped:media'],
    ['774f4632000100', 'woff2 skipped:media'],
    ['504b03041400', 'zip partial:truncated'],
    ['377abcaf271c', '7z skipped:unsupported'],
    ['255044462d312e37', 'pdf skipped:unsupported'],
    ['53514c69746520666f726d6174203300', 'sqlite skipped:unsupported'],
    ['4f626a0104', 'avro skipped:unsupported'],
    ['425a683931415926535900', 'bzip2 skipped:unsupported'],
    ['80049500000000', 'pickle skipped:unsupported'],
    ['50415245aabbcc', 'parquet skipped:encrypted'],
  ];
  for (const [hex, expected] of cases) assert.equal(await formatOf(Buffer.from(hex, 'hex'), 'a.txt'), expected);
  const tar = Buffer.alloc(1024);
  tar.write('file.txt', 0);
  tar.write('ustar', 257);
  assert.equal(await formatOf(tar), 'tar partial:corrupt');
});

test('unknown bytes full of NULs and controls are not read as text', async () => {
  assert.equal(await formatOf(BINARY, 'a.txt'), 'binary skipped:unsupported');
  assert.equal(await formatOf(Buffer.alloc(4096)), 'binary skipped:unsupported');
});

test('an empty object is complete', async () => {
  assert.equal(await formatOf(''), 'empty');
});

test('JSON shapes are told apart by their content', async () => {
  assert.equal(await formatOf('{"a":1}\n{"a":2}\n'), 'jsonl');
  assert.equal(await formatOf('\n{"a":1}\r\n{"a":2}'), 'jsonl');
  assert.equal(await formatOf('{\n  "a": 1\n}\n'), 'json');
  assert.equal(await formatOf('[{"a":1},\n{"a":2}]'), 'json');
  assert.equal(await formatOf('[1,2]\n[3,4]\n'), 'jsonl');
  assert.equal(await formatOf('"one"\n"two"\n', 'a.jsonl'), 'jsonl');
});

test('the name decides where the content fits both', async () => {
  assert.equal(await formatOf('{"a":1}', 'a.json'), 'json');
  assert.equal(await formatOf('{"a":1}', 'a.jsonl'), 'jsonl');
  assert.equal(await formatOf(`{"a":"${'x'.repeat(100_000)}"}\n{"a":1}`, 'a.ndjson'), 'jsonl');
  assert.equal(await formatOf('word\nother\n', 'a.csv'), 'csv');
  assert.equal(await formatOf('word\nother\n', 'a.txt'), 'text');
});

test('bad JSON is text or JSON, never an error', async () => {
  assert.equal(await formatOf('{"a": broken\nnext line\n'), 'json');
  assert.equal(await formatOf('{ int x; }\n'), 'text');
  assert.equal(await formatOf('{"a":1\n{"a":2}\n', 'a.jsonl'), 'jsonl');
});

test('tables are recognised without a name, prose and code are not', async () => {
  assert.equal(await formatOf('id,name\n1,a\n2,b\n3,c\n4,d\n'), 'csv');
  assert.equal(await formatOf('id\tname\n1\ta\n2\tb\n3\tc\n4\td\n'), 'tsv');
  assert.equal(await formatOf('Dear all, hello.\nThis, that, and more.\nBye.\nYours\n'), 'text');
  assert.equal(await formatOf('f(a, b)\ng(a, b)\nh(a, b)\ni(a, b)\nj(a, b)\n', 'x.py'), 'text');
});

test('Latin-1 and UTF-16 become UTF-8', async () => {
  const latin = await decode(Buffer.from('caf\xe9 \x80 na\xefve', 'latin1'));
  assert.equal(latin.text, 'café € naïve');
  const wide = await decode(Buffer.from('café 😀 naïve\n', 'utf16le'));
  assert.equal(wide.text, 'café 😀 naïve\n');
  const lone = await decode(Buffer.concat([Buffer.from('ok \ud83d and more text \ude00.', 'utf16le')]));
  assert.equal(lone.text, 'ok \ufffd and more text \ufffd.');
});
