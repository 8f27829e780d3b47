import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/** The lines of a stream, split at `\n` alone, without it; a last line needs none. */
export async function* lines(input: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      yield Buffer.concat([...parts, chunk.subarray(at, end)]);
      parts = [];
      at = end + 1;
    }
    if (at < chunk.length) parts.push(chunk.subarray(at));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}
