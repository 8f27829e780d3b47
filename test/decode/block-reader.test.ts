import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BlockReader } from '../../src/decode/block-reader.ts';
import { memorySource } from './support.ts';

const MIB = 1024 * 1024;
const bytes = Buffer.alloc(10 * MIB + 5);
for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);

test('what is peeked at is what the source holds, across blocks, jumps and ends of stretches', async () => {
  const length = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 5 * MIB }));
  const step = fc.record({ move: fc.option(fc.tuple(length, length), { freq: 4 }), peek: length, skip: length });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const reader = new BlockReader(memorySource(bytes));
      let position = 0;
      let end = bytes.length;
      reader.moveTo(position, end);
      for (const { move, peek, skip } of steps) {
        if (move !== null) {
          position = move[0];
          end = Math.min(bytes.length, position + move[1]);
          reader.moveTo(position, end);
        }
        const seen = await reader.peek(peek);
        assert.equal(reader.position, position);
        assert.ok(seen.equals(bytes.subarray(position, Math.max(position, Math.min(position + peek, end)))));
        reader.skip(skip);
        position += skip;
      }
      await reader.close();
    }),
    { numRuns: 60 },
  );
});
