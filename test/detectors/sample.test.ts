import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALPHABETS, createRandom, expand, expandExample } from '../../detectors/sample.ts';

test('the same shape and seed expand to the same text, another seed to another text', () => {
  const shape = "'tok_' base62:36";
  assert.equal(expand(shape, 1), expand(shape, 1));
  assert.notEqual(expand(shape, 1), expand(shape, 2));
  assert.equal(expand(shape, 'a name'), expand(shape, 'a name'));
});

test('a run has the asked length and only characters of its alphabet', () => {
  const names = Object.keys(ALPHABETS) as (keyof typeof ALPHABETS)[];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(80), fc.nat(20), fc.nat(), (name, min, more, seed) => {
      const text = expand(`${name}:${min}-${min + more}`, seed);
      assert.ok(text.length >= min && text.length <= min + more);
      assert.ok([...text].every((letter) => ALPHABETS[name].includes(letter)));
    }),
  );
});

test('literals keep their spaces and undo their escapes', () => {
  assert.equal(expand(String.raw`'a b' '\n\t\r\'\\' 'c'`, 0), "a b\n\t\r'\\c");
  assert.equal(expand("'a' 'b'", 0), 'ab');
});

test('an alphabet of its own and a uuid can stand in a shape', () => {
  assert.match(expand("[xy-]:12 '/' uuid", 7), /^[xy-]{12}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('a shape that cannot be read is an error that names the unread part', () => {
  assert.throws(() => expand("'open", 0), { name: 'SyntaxError', message: /'open/ });
  assert.throws(() => expand('nosuch:3', 0), { name: 'SyntaxError', message: /nosuch/ });
  assert.throws(() => expand("'a''b'", 0), SyntaxError);
  assert.throws(() => expand('hex', 0), SyntaxError);
});

test('every letter of an alphabet comes up', () => {
  const text = expand('hex:2000', 3);
  assert.equal(new Set(text).size, 16);
});

test('the generator stays in range and refuses an empty choice', () => {
  const random = createRandom(5);
  for (let i = 0; i < 1000; i++) {
    const n = random.int(7);
    assert.ok(Number.isInteger(n) && n >= 0 && n < 7);
  }
  assert.throws(() => random.pick([]), RangeError);
  assert.throws(() => random.chars('', 1), RangeError);
});

test('an example may be a function of the generator', () => {
  assert.equal(
    expandExample((random) => `${random.chars('ab', 4)}!`, 1),
    expandExample((random) => `${random.chars('ab', 4)}!`, 1),
  );
});
