import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeObject } from '../../src/decode/decode-object.ts';
import { endOfString } from '../../src/decode/json-strings.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { ColumnPlace, Segment } from '../../src/model/segment.ts';
import { memorySource } from './support.ts';

/** What `ask` answers about offsets of a document, a few in each window, chosen by `steps`. */
async function asked(
  bytes: Buffer,
  name: string,
  steps: number[],
  chunkBytes: number,
  ask: (segment: Segment, offset: number) => ColumnPlace,
): Promise<ColumnPlace[]> {
  const answers: ColumnPlace[] = [];
  await decodeObject({
    source: memorySource(bytes, chunkBytes),
    name,
    limits: DEFAULT_LIMITS,
    window: { window: 9000, left: 500, right: 500 },
    consume: (segment) => {
      let at = segment.from;
      for (let k = 0; at < segment.to; k++) {
        answers.push(ask(segment, segment.base + at));
        at = Math.max(segment.from, at + (steps[k % steps.length] as number));
      }
    },
  });
  return answers;
}

function columnOf({ column, pointer }: ColumnPlace, indexes: boolean): ColumnPlace {
  if (column !== undefined) return { column };
  return pointer === undefined ? {} : { pointer: indexes ? pointer.replaceAll(/\/\d+(?=\/|$)/g, '/0') : pointer };
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'a@b.com',
    '{"a": ["x\\n"]}',
    'line\nbreak "said" \\',
    'long '.repeat(150),
    'q"'.repeat(60),
    '\ud800',
  ),
);
const key = fc.constantFrom('id', 'text', 'e-mail', 'a/b', 'a~', 'é', 'q"k', 'x'.repeat(300));
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.constantFrom(null, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const record = fc.dictionary(key, value, { minKeys: 1, maxKeys: 5 });
/** Mostly forward, sometimes back. */
const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -30, max: 700 })), {
  minLength: 3,
  maxLength: 9,
});
const forward = steps.filter((given) => given.reduce((sum, step) => sum + step, 0) > 20);
const chunk = fc.constantFrom(1 << 20, 5000, 700, 23);

function check(make: fc.Arbitrary<string>, name: string): Promise<void> {
  return fc.assert(
    fc.asyncProperty(make, forward, chunk, async (json, given, chunkBytes) => {
      const bytes = Buffer.from(json);
      const columns = await asked(bytes, name, given, chunkBytes, ({ locator }, offset) => {
        assert.ok(locator.columnAt !== undefined);
        return locator.columnAt(offset);
      });
      const places = await asked(bytes, name, given, chunkBytes, ({ locator }, offset) => locator.locate(offset, 1));
      assert.deepEqual(
        columns.map((place) => columnOf(place, false)),
        places.map((place) => columnOf(place, true)),
      );
    }),
    { numRuns: 150 },
  );
}

const escaped = (json: string): string => json.replaceAll('é', '\\u00e9').replaceAll('a@', '\\u0061@');
const records = fc.array(record, { minLength: 2, maxLength: 60 });

test('the column of text in JSON lines is that of its place', async () => {
  await check(
    records.map((list) => escaped(list.map((one) => JSON.stringify(one)).join('\n'))),
    'a.jsonl',
  );
});

test('the column of text in a JSON document is that of its place', async () => {
  await check(
    fc.tuple(records, fc.constantFrom(0, 2)).map(([list, indent]) => escaped(JSON.stringify(list, null, indent))),
    'a.json',
  );
});

test('the column of text in broken JSON lines is that of its place', async () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom('"', '\\', '\n', '{', '}', ']', ',', '\\u12')), {
    maxLength: 9,
  });
  await check(
    fc.tuple(records, damage).map(([list, cuts]) => {
      let json = list.map((one) => JSON.stringify(one)).join('\n');
      for (const [at, put] of cuts) {
        const from = at % json.length;
        json = json.slice(0, from) + put + json.slice(from);
      }
      return `{"id": 1, "text": "whole"}\n{"id": 2, "text": "whole"}\n${json}`;
    }),
    'a.jsonl',
  );
});

test('a string is one column object, however often it is asked for', async () => {
  const lines = Array.from({ length: 300 }, (_, k) => JSON.stringify({ id: k, list: [{ text: 'é\n'.repeat(40) }] }));
  const places = await asked(Buffer.from(lines.join('\n')), 'a.jsonl', [23], 1 << 20, ({ locator }, offset) => {
    return locator.columnAt?.(offset) ?? {};
  });
  const texts = places.filter(({ pointer }) => pointer === '/list/0/text');
  assert.ok(texts.length > 300, `${texts.length}`);
  assert.equal(new Set(texts).size, 1);
});

test('the end of a JSON string is the first quote that is not escaped, however long the string is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('x', '\\\\', '\\"', '\\n', 'abcdefghijklmnopqrstuvwxyz', '\n', 'z'.repeat(5000)), {
        maxLength: 40,
      }),
      fc.boolean(),
      (parts, isLine) => {
        const content = parts.join('');
        const line = isLine ? content.indexOf('\n') : -1;
        const bytes = Buffer.from(`${content}"tail"`);
        assert.equal(endOfString(bytes, 0, bytes.length, isLine), line < 0 ? content.length : line);
        const cut = Buffer.from(`${content}\\`);
        if (line < 0) assert.equal(endOfString(cut, 0, cut.length, isLine), cut.length + 1);
        if (line < 0) assert.equal(endOfString(bytes, 0, content.length, isLine), content.length);
      },
    ),
  );
});
