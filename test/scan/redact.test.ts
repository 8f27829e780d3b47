import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fingerprinter, mask, maskSpans, randomRuns } from '../../src/scan/redact.ts';

test('a mask shows at most four characters and at most a quarter of the value', () => {
  assert.equal(mask('abcdefghijklmnopqrstuvwxyz'), 'abcd…');
  assert.equal(mask('abcdefgh'), 'ab…');
  assert.equal(mask('abc'), '…');
  assert.equal(mask('\n\n\n\nabcdefghijklmnop'), '    …');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const shown = [...mask(value)].length - 1;
      assert.ok(shown <= 4 && shown <= [...value].length / 4);
    }),
  );
});

test('fingerprints depend on the key, the owner and the value, and on nothing else', () => {
  const one = new Fingerprinter(Buffer.alloc(32, 1));
  const other = new Fingerprinter(Buffer.alloc(32, 2));
  assert.match(one.fingerprint('aws', 'x'), /^v1:[0-9A-Za-z_-]{43}$/);
  assert.equal(one.fingerprint('aws', 'x'), new Fingerprinter(Buffer.alloc(32, 1)).fingerprint('aws', 'x'));
  assert.notEqual(one.fingerprint('aws', 'x'), other.fingerprint('aws', 'x'));
  assert.notEqual(one.fingerprint('aws', 'x'), one.fingerprint('gcp', 'x'));
  assert.notEqual(one.fingerprint('ab', 'c'), one.fingerprint('a', 'bc'));
  assert.throws(() => new Fingerprinter(Buffer.alloc(16)), /32 bytes/);
});

test('masked spans leave nothing of a value behind, even where they overlap', () => {
  assert.equal(maskSpans('a-SECRETSECRET-b', [{ start: 2, end: 14 }]), 'a-SEC…-b');
  assert.equal(
    maskSpans('SECRETSECRETS', [
      { start: 0, end: 8 },
      { start: 4, end: 13 },
    ]),
    'SE…',
  );
  assert.equal(maskSpans('none', []), 'none');
});

test('names people choose stay readable, key material in a name does not', () => {
  const shown = (name: string) => maskSpans(name, randomRuns(name));
  for (const name of [
    'customer_email',
    'train-00001-of-00064.jsonl.zst',
    'conversationMessagesContent',
    'part-2024-05-01T120000',
    '/messages/*/content',
    'internationalization',
  ]) {
    assert.equal(shown(name), name);
  }
  for (const name of [
    'aB3dE5gH7jK9mN1p',
    '9f86d081884c7d659a2feaa0',
    '4012888888881881',
    'x/zQ8vK2mW7tR4pL9s',
    'gX7kIjVW4-7q5SbT2v',
    'Ab3-Xy9_Qw7-Zt5-Lm2',
  ]) {
    assert.ok(!shown(name).includes(name.slice(-8)), name);
  }
});
