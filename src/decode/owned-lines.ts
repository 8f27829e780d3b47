import type { ByteSource } from '../model/byte-source.ts';

const NEWLINE = 10;

/**
 * The lines that belong to bytes [start, end) of a source: those whose preceding newline lies inside, and the first line
 * of all when `start` is 0. Ranges that join end to end share the lines out exactly.
 */
export async function ownedLines(
  source: ByteSource,
  range: { start: number; end: number },
): Promise<{ start: number; chunks: AsyncIterable<Buffer> }> {
  if (range.start === 0) return { start: 0, chunks: untilLineEnd(source.stream(0), 0, range.end) };
  const iterator = source.stream(range.start)[Symbol.asyncIterator]();
  let at = range.start;
  while (at < range.end) {
    const next = await iterator.next();
    if (next.done === true) break;
    const newline = next.value.indexOf(NEWLINE);
    if (newline >= 0 && at + newline < range.end) {
      const start = at + newline + 1;
      const first = next.value.subarray(newline + 1);
      return { start, chunks: untilLineEnd(resume(first, iterator), start, range.end) };
    }
    at += next.value.length;
  }
  await iterator.return?.();
  return { start: range.start, chunks: resume(Buffer.alloc(0), null) };
}

/** Ends after the first newline at `end` or behind it. A line that starts at `end` itself belongs to this range. */
async function* untilLineEnd(chunks: AsyncIterable<Buffer>, start: number, end: number): AsyncGenerator<Buffer> {
  let at = start;
  for await (const chunk of chunks) {
    const newline = at + chunk.length > end ? chunk.indexOf(NEWLINE, Math.max(0, end - at)) : -1;
    if (newline >= 0) {
      yield chunk.subarray(0, newline + 1);
      return;
    }
    yield chunk;
    at += chunk.length;
  }
}

async function* resume(first: Buffer, iterator: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield first;
    while (iterator !== null) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator?.return?.();
  }
}
