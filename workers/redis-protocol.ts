const LINE_END = '\r\n';

/** A command as an array of bulk strings (RESP2). */
export function encodeCommand(words: (string | number | Buffer)[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`*${words.length}${LINE_END}`)];
  for (const word of words) {
    const bytes = Buffer.isBuffer(word) ? word : Buffer.from(String(word));
    pieces.push(Buffer.from(`$${bytes.length}${LINE_END}`), bytes, Buffer.from(LINE_END));
  }
  return Buffer.concat(pieces);
}

/** Cuts replies out of a stream of bytes. Strings come as text, refusals as `Error`, nothing as null. */
export class ReplyReader {
  private chunks: Buffer[] = [];
  private length = 0;
  /** Bytes without which the next reply cannot be whole, so that a long one is not parsed anew with each chunk. */
  private needed = 1;

  read(chunk: Buffer): unknown[] {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length < this.needed) return [];
    const bytes = Buffer.concat(this.chunks);
    const replies: unknown[] = [];
    let at = 0;
    this.needed = 1;
    while (at < bytes.length) {
      const parsed = parse(bytes, at);
      if ('needed' in parsed) {
        this.needed = parsed.needed - at;
        break;
      }
      replies.push(parsed.reply);
      at = parsed.end;
    }
    const rest = bytes.subarray(at);
    this.chunks = rest.length === 0 ? [] : [rest];
    this.length = rest.length;
    return replies;
  }
}

type Parsed = { reply: unknown; end: number } | { needed: number };

function parse(bytes: Buffer, at: number): Parsed {
  const lineEnd = bytes.indexOf(LINE_END, at);
  if (lineEnd < 0) return { needed: bytes.length + 1 };
  const kind = String.fromCharCode(bytes[at] ?? 0);
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const next = lineEnd + LINE_END.length;
  if (kind === '+') return { reply: line, end: next };
  if (kind === '-') return { reply: new Error(line), end: next };
  if (kind === ':') return { reply: Number(line), end: next };
  const length = Number(line);
  if (length < 0) return { reply: null, end: next };
  if (kind === '$') {
    const end = next + length;
    if (bytes.length < end + LINE_END.length) return { needed: end + LINE_END.length };
    return { reply: bytes.toString('utf8', next, end), end: end + LINE_END.length };
  }
  const items: unknown[] = [];
  let end = next;
  for (let item = 0; item < length; item++) {
    const parsed = parse(bytes, end);
    if ('needed' in parsed) return parsed;
    items.push(parsed.reply);
    end = parsed.end;
  }
  return { reply: items, end };
}
