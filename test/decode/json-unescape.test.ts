import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonUnescaper, UNESCAPE_SLACK } from '../../src/decode/json-unescape.ts';
import { kernelBuffer } from '../../src/decode/unescape-kernel.ts';
import { decode } from './support.ts';

/** Unescapes input given in pieces, with at most `step` bytes of output a call. */
function unescaped(pieces: Buffer[], step = 1000, out: Buffer = Buffer.alloc(step + UNESCAPE_SLACK)): string {
  const unescaper = new JsonUnescaper();
  const text: Buffer[] = [];
  for (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      unescaper.decode(piece, at, out, 0, step);
      text.push(Buffer.from(out.subarray(0, unescaper.outputEnd)));
      at = unescaper.inputEnd;
    }
    unescaper.endInput(piece);
  }
  unescaper.finish(out, 0);
  text.push(Buffer.from(out.subarray(0, unescaper.outputEnd)));
  return Buffer.concat(text).toString('utf8');
}

function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** Writes a string as JSON with some characters as \u escapes, also where nobody needs them. */
function escapeSome(text: string, every: number): string {
  const units = [...Array(text.length).keys()].map((i) => {
    const hex = text.charCodeAt(i).toString(16).padStart(4, '0');
    if (i % every === 0) return `\\u${i % 2 === 0 ? hex : hex.toUpperCase()}`;
    return JSON.stringify(text[i]).slice(1, -1);
  });
  return `"${units.join('')}"`;
}

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('unescaping a JSON string gives what JSON.parse gives, however the input is cut', () => {
  fc.assert(
    fc.property(
      anyText,
      fc.integer({ min: 1, max: 4 }),
      sizes,
      fc.integer({ min: 1, max: 50 }),
      (text, every, cuts, step) => {
        // The x keeps it from looking like JSON in a string.
        const json = escapeSome(`x${text}`, every);
        const expected = Buffer.from(`"${JSON.parse(json)}"`).toString('utf8');
        assert.equal(unescaped(cut(Buffer.from(json), cuts), step), expected);
      },
    ),
    { numRuns: 400 },
  );
});

test('bytes that are not JSON come out the same however the input is cut', () => {
  const piece = fc.constantFrom(
    '\\',
    '"',
    'u',
    'd83d',
    'de00',
    '{',
    '[',
    '\\"',
    '\n',
    'n',
    '00e9',
    ' ',
    'x',
    '\\u',
    '1,',
    'é',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), sizes, fc.integer({ min: 1, max: 50 }), (pieces, cuts, step) => {
      const bytes = Buffer.from(pieces.join(''));
      assert.equal(unescaped(cut(bytes, cuts), step), unescaped([bytes]));
    }),
    { numRuns: 2000 },
  );
});

test('long text with any escapes, whole or broken, at any place of a block comes out as byte by byte', () => {
  const simple = fc.constantFrom('\\n', '\\t', '\\r', '\\b', '\\f', '\\/', '\\"', '\\\\', '\\');
  const unicode = fc.constantFrom('\\u0041', '\\u00e9', '\\u6f22', '\\ud83d\\ude00', '\\ud83d', '\\u12g4', '\\x', 'n');
  const quote = fc.constantFrom('"', '{"', '[1, \\"', '"{\\n \\"a\\": \\"b\\\\n\\"}"', '\n');
  const plain = fc.integer({ min: 1, max: 90 }).map((length) => 'abcnrt, {é'.repeat(10).slice(0, length));
  const kinds = [
    [plain, simple],
    [plain, simple, unicode],
    [plain, simple, unicode, quote],
  ].map((parts) => fc.array(fc.oneof(...parts), { minLength: 10, maxLength: 80 }));
  const out = kernelBuffer.subarray(0, 100_000 + UNESCAPE_SLACK);
  fc.assert(
    fc.property(fc.oneof(...kinds), fc.integer({ min: 1, max: 2000 }), (pieces, step) => {
      const bytes = Buffer.from(`"${pieces.join('')}`);
      const expected = unescaped(cut(bytes, [1]));
      assert.equal(unescaped([bytes], step), expected);
      assert.equal(unescaped([bytes], 100_000, out), expected);
    }),
    { numRuns: 1000 },
  );
});

test('what looks back or takes several bytes is undone the same wherever blocks of the text end', () => {
  const nested = '","k":"{\\"a\\":\\"b\\\\n\\"}"';
  const far = [58, 61, 62, 63, 64].map((length) => `"[${' '.repeat(length)}\\"b\\\\n\\"]"`);
  const snippets = [
    nested,
    ...far,
    '\\\\n',
    '\\\\\\n',
    '\\\\\\"',
    '\\u00e9',
    '\\ud83d\\ude00',
    '\\ud83dx',
    '\\x',
    '\\"',
  ];
  for (const snippet of snippets) {
    for (const filler of ['abc', 'ab\\n']) {
      for (let offset = 0; offset < 140; offset++) {
        const bytes = Buffer.from(`"${filler.repeat(35).slice(0, offset)}${snippet}${filler.repeat(60)}`);
        assert.equal(unescaped([bytes]), unescaped(cut(bytes, [1])), `${snippet} at ${offset}`);
      }
    }
  }
});

test('text without a backslash is copied', () => {
  const text = 'no escapes at all, é 😀 '.repeat(100);
  assert.equal(unescaped([Buffer.from(text)]), text);
});

test('a broken escape stays as it is', () => {
  assert.equal(unescaped([Buffer.from('a\\x b\\u12 c\\u12g4 d\\uZZZZ e\\')]), 'a\\x b\\u12 c\\u12g4 d\\uZZZZ e\\');
});

test('a lone surrogate becomes the replacement character', () => {
  assert.equal(unescaped([Buffer.from('"x\\ud83dy\\ude00z\\ud83d\\u0041"')]), '"x\ufffdy\ufffdz\ufffdA"');
});

test('JSON in a string in JSON is undone to three layers and no further', () => {
  const layers = ['a\nb'];
  for (let i = 0; i < 4; i++) layers.push(JSON.stringify({ k: layers[i] }));
  const [, , two = '', three = '', four = ''] = layers;
  assert.equal(unescaped([Buffer.from(two)]), '{"k":"{"k":"a\nb"}"}');
  assert.equal(unescaped([Buffer.from(three)]), '{"k":"{"k":"{"k":"a\nb"}"}"}');
  assert.equal(unescaped([Buffer.from(four)]), '{"k":"{"k":"{"k":"{"k":"a\\nb"}"}"}"}');
});

test('nested JSON is recognised behind white space and brackets', () => {
  for (const inner of ['{"q":"a\nb"}', '[{"q":"a\nb"}]', '[1, 2, {"q":"a\nb"}]', '{\n  "q": "a\nb"\n}', '["a\nb"]']) {
    const nested = JSON.stringify({ v: JSON.stringify(JSON.parse(inner.replaceAll('a\nb', 'a\\nb')), null, 2) });
    assert.match(unescaped([Buffer.from(nested)]), /"a\nb"/);
  }
});

test('a string that only begins with a bracket is no JSON: its second backslashes stay', () => {
  for (const text of ['[user] said "C:\\new"', '{curly} "C:\\new"', 'plain "C:\\new"', '[1] "C:\\new"']) {
    assert.equal(unescaped([Buffer.from(JSON.stringify([text]))]), `["${text}"]`);
  }
});

test('nesting ends with its string: the next one is plain again', () => {
  const line = JSON.stringify({ a: JSON.stringify({ b: 'x\ty' }), c: 'tab is \\t, "quoted\\n"' });
  assert.equal(unescaped([Buffer.from(line)]), '{"a":"{"b":"x\ty"}","c":"tab is \\t, "quoted\\n""}');
});

test('a line that ends inside nested JSON does not spoil the next', () => {
  const broken = `${JSON.stringify({ a: JSON.stringify({ b: 'x' }) }).slice(0, -6)}\n`;
  assert.match(unescaped([Buffer.from(`${broken}{"a":"1\\\\n2"}\n`)]), /"1\\n2"/);
});

test('every string of a random document is found through its pointer at its byte offset', async () => {
  const key = fc.oneof(fc.constantFrom('a/b', 'c~d', '', 'é"\n', '0'), fc.string({ maxLength: 6 }));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant('MARK'),
      fc.constant('say "MARK"\n'),
      fc.integer(),
      fc.string(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const record = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(0, 2),
      async (records, indent) => {
        const isLines = indent === 0;
        const bytes = Buffer.from(
          isLines ? records.map((r) => JSON.stringify(r)).join('\n') : JSON.stringify(records, null, 2),
        );
        const name = isLines ? 'x.jsonl' : 'x.json';
        const { hits, result } = await decode(bytes, { name, markers: ['MARK'], chunkBytes: 17 });
        assert.equal(result.records, records.length);
        assert.equal(hits.length, bytes.toString('utf8').split('MARK').length - 1);
        for (const { location } of hits) {
          const { pointer = '', row = -1, byteOffset = -1, byteLength = -1 } = location;
          const document: unknown = isLines ? records[row] : records;
          assert.match(String(resolve(document, pointer)), /MARK/);
          assert.equal(bytes.toString('utf8', byteOffset, byteOffset + byteLength), 'MARK');
          if (!isLines) assert.equal(pointer.split('/')[1], String(row));
        }
      },
    ),
    { numRuns: 150 },
  );
});

function resolve(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

test('long strings with every kind of escape are undone across the blocks that are decoded at a time', () => {
  const parts = [
    'plain text ',
    '\n',
    'x"y',
    '\\',
    'é',
    '漢字',
    '😀',
    '\u0001',
    'a longer stretch of text without any escape in it. ',
    '\t',
  ];
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  for (const escapeFrom of [0x80, 0x7ff, 0x10ffff]) {
    const text = `x${Array.from({ length: 30_000 }, () => parts[random(parts.length)]).join('')}`;
    const json = JSON.stringify(text).replace(/[^\0-\x7f]/gu, (letter) =>
      (letter.codePointAt(0) ?? 0) < escapeFrom
        ? letter
        : [...Array(letter.length).keys()]
            .map((i) => `\\u${letter.charCodeAt(i).toString(16).padStart(4, '0')}`)
            .join(''),
    );
    for (const size of [1_000_000, 65_536, 65_535, 4099]) {
      assert.ok(unescaped(cut(Buffer.from(json), [size]), 100_000) === `"${text}"`, `${escapeFrom}, pieces of ${size}`);
    }
  }
});
