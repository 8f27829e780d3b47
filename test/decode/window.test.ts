import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeObject } from '../../src/decode/decode-object.ts';
import type { WindowSizes } from '../../src/decode/decoder.ts';
import { TextWindow } from '../../src/decode/text-window.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { decode, type Hit, memorySource } from './support.ts';

const MARKERS = ['MARK', 'PIN-4711'];

function places(hits: Hit[]): string[] {
  return hits.map(({ marker, position, location }) => JSON.stringify([marker, position, location])).sort();
}

const words = fc.constantFrom(
  'MARK',
  'PIN-4711',
  'plain',
  'é',
  '😀',
  'a "quoted" one',
  'line\nbreak',
  '\ttab',
  'x'.repeat(90),
  '\\',
);
const texts = fc.array(
  fc.array(words, { maxLength: 8 }).map((parts) => parts.join(' ')),
  { minLength: 4, maxLength: 30 },
);

interface Format {
  name: string;
  bytes(rows: string[]): Buffer;
}
const formats: Format[] = [
  { name: 'a.txt', bytes: (rows) => Buffer.from(rows.join('\n')) },
  {
    name: 'a.jsonl',
    bytes: (rows) => Buffer.from(rows.map((text, id) => JSON.stringify({ id, t: { text } })).join('\n')),
  },
  {
    name: 'a.jsonl',
    bytes: (rows) => Buffer.from(rows.map((text) => JSON.stringify({ a: JSON.stringify([{ text }]) })).join('\n')),
  },
  {
    name: 'a.json',
    bytes: (rows) =>
      Buffer.from(
        JSON.stringify(
          rows.map((text) => ({ text })),
          null,
          1,
        ),
      ),
  },
  {
    name: 'a.csv',
    bytes: (rows) =>
      Buffer.from(`id,note\n${rows.map((text, id) => `${id},"${text.replaceAll('"', '""')}"`).join('\n')}`),
  },
  { name: 'a.txt', bytes: (rows) => Buffer.from(`\ufeff${rows.join('\n')}`, 'utf16le') },
  { name: 'a.txt', bytes: (rows) => Buffer.from(`caf\xe9\n${rows.join('\n').replaceAll('😀', '')}`, 'latin1') },
];

for (const [index, format] of formats.entries()) {
  test(`places do not depend on how the stream is cut or on the size of the window: format ${index} (${format.name})`, async () => {
    const sizes = fc.record({
      window: fc.integer({ min: 256, max: 600 }),
      left: fc.integer({ min: 0, max: 64 }),
      right: fc.integer({ min: 16, max: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(texts, sizes, fc.integer({ min: 1, max: 700 }), async (rows, window, chunkBytes) => {
        const bytes = format.bytes(rows);
        const { name } = format;
        const whole = await decode(bytes, { name, markers: MARKERS });
        const pieces = await decode(bytes, { name, markers: MARKERS, window, chunkBytes });
        assert.equal(pieces.text, whole.text);
        assert.deepEqual(places(pieces.hits), places(whole.hits));
        assert.deepEqual(pieces.result, whole.result);
        assert.ok(pieces.largestSegment <= window.window + window.left + window.right);
      }),
      { numRuns: 60 },
    );
  });
}

test('a marker is found at every offset of a long line, with its pointer', async () => {
  const window: WindowSizes = { window: 256, left: 32, right: 32 };
  for (let before = 0; before < 700; before += 13) {
    const bytes = Buffer.from(`{"k":["${'x'.repeat(before)}MARK${'y'.repeat(900 - before)}"],"z":"MARK"}\n{"k":1}\n`);
    const { hits } = await decode(bytes, { name: 'a.jsonl', markers: ['MARK'], window, chunkBytes: 100 });
    assert.deepEqual(
      hits.map(({ location }) => [location.pointer, location.byteOffset]),
      [
        ['/k/0', 7 + before],
        ['/z', bytes.lastIndexOf('MARK')],
      ],
    );
  }
});

test('keys of a deep document are still named when their bytes are long gone', async () => {
  const filler = Array.from({ length: 300 }, (_, i) => `filler ${i}`);
  const bytes = Buffer.from(JSON.stringify({ 'a/key "x"': { list: [...filler, 'MARK'] } }));
  const window: WindowSizes = { window: 256, left: 16, right: 16 };
  const { hits } = await decode(bytes, { name: 'a.json', markers: ['MARK'], window, chunkBytes: 64 });
  assert.deepEqual(
    hits.map(({ location }) => location.pointer),
    ['/a~1key "x"/list/300'],
  );
});

test('places asked for out of order are the same', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => JSON.stringify({ i, text: `some\nMARK ${i}` }));
  const { hits } = await decode(Buffer.from(rows.join('\n')), {
    name: 'a.jsonl',
    markers: ['MARK', 'text'],
    chunkBytes: 4096,
  });
  // The consumer asks for all of one marker before the first of the other.
  for (const { marker, location } of hits) {
    assert.equal(location.pointer, '/text', marker);
    assert.equal(location.line, (location.row ?? 0) + 1);
  }
  assert.equal(hits.length, 800);
});

test('the window hands over every byte once, and the context around it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (writes, size, left, right) => {
        const all = Buffer.from(
          Array.from({ length: writes.reduce((sum, count) => sum + count, 0) }, (_, i) => i % 251),
        );
        const seen: Buffer[] = [];
        let lasts = 0;
        const window = new TextWindow(
          ({ bytes, base, from, to, last }) => {
            assert.deepEqual(bytes, all.subarray(base, base + bytes.length));
            assert.equal(base + from, Buffer.concat(seen).length);
            assert.ok(last ? to === bytes.length : bytes.length - to >= right);
            assert.ok(base === 0 || from >= left);
            seen.push(Buffer.from(bytes.subarray(from, to)));
            if (last) lasts++;
          },
          { window: size, left, right },
        );
        window.open({ locate: () => ({}) });
        let at = 0;
        for (const count of writes) {
          window.write(all.subarray(at, at + count));
          at += count;
        }
        window.close();
        assert.deepEqual(Buffer.concat(seen), all);
        assert.equal(lasts, all.length > 0 ? 1 : 0);
        assert.equal(window.bytesScanned, all.length);
      },
    ),
    { numRuns: 300 },
  );
});

test('a line of more bytes than the limit ends the object behind what was scanned, wherever windows are cut', async () => {
  const limit = 5000;
  const read = async (text: string, window: number) => {
    let seen = 0;
    const result = await decodeObject({
      source: memorySource(Buffer.from(text)),
      name: 'notes.txt',
      limits: { ...DEFAULT_LIMITS, maxLineBytes: limit },
      window: { window, left: 64, right: 64 },
      consume: ({ from, to }) => {
        seen += to - from;
      },
    });
    return { outcome: result.outcome, seen };
  };
  const lines = (length: number) => `${'short\n'.repeat(700)}${'x'.repeat(length)}\n${'short\n'.repeat(700)}`;
  for (const window of [512, 4096, 65_536]) {
    assert.equal((await read(lines(limit), window)).outcome, 'complete');
    const over = await read(lines(limit + 1), window);
    assert.equal(over.outcome, 'partial:line-limit');
    assert.ok(over.seen > 4200 + limit);
  }
});
