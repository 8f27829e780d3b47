import { transcode } from 'node:buffer';
import type { Encoding } from './text-shape.ts';

/** Bytes 0x80 to 0x9F of windows-1252 (WHATWG Encoding, index windows-1252); the rest is Latin-1. */
const HIGH = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
  0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

/** Mapping an offset back walks one piece. */
const PIECE_BYTES = 64 * 1024;

interface Piece {
  stored: Buffer;
  storedAt: number;
  textAt: number;
  textLength: number;
}

/**
 * Turns stored text of another encoding into UTF-8, and UTF-8 offsets back into stored ones. Keeps the stored bytes of
 * pieces until they are released.
 */
export class Transcoder {
  private readonly encoding: Exclude<Encoding, 'utf-8'>;
  private pieces: Piece[] = [];
  private carry: Buffer = Buffer.alloc(0);
  private storedAt: number;
  private textAt = 0;

  constructor(encoding: Exclude<Encoding, 'utf-8'>, start: number) {
    this.encoding = encoding;
    this.storedAt = start;
  }

  async *run(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const slice = chunk.subarray(at, at + PIECE_BYTES);
        const all = this.carry.length === 0 ? slice : Buffer.concat([this.carry, slice]);
        const end = wholeUnits(all, this.encoding);
        this.carry = all.subarray(end);
        if (end > 0) yield this.piece(all.subarray(0, end));
      }
    }
    if (this.carry.length > 0) yield this.piece(this.carry);
  }

  /** The stored offset of the character at UTF-8 offset `text`. */
  storedOffset(text: number): number {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle]?.textAt ?? 0) <= text) low = middle;
      else high = middle - 1;
    }
    const piece = this.pieces[low];
    if (piece === undefined) return this.storedAt;
    if (text >= piece.textAt + piece.textLength) return piece.storedAt + piece.stored.length;
    return piece.storedAt + unitsFor(piece.stored, text - piece.textAt, this.encoding);
  }

  release(text: number): void {
    let drop = 0;
    while (drop < this.pieces.length - 1 && (this.pieces[drop + 1]?.textAt ?? 0) <= text) drop++;
    if (drop > 0) this.pieces.splice(0, drop);
  }

  private piece(stored: Buffer): Buffer {
    const text = toUtf8(stored, this.encoding);
    this.pieces.push({ stored, storedAt: this.storedAt, textAt: this.textAt, textLength: text.length });
    this.storedAt += stored.length;
    this.textAt += text.length;
    return text;
  }
}

/** The head of a stream as UTF-8, for the sniffer. */
export function transcodeHead(head: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return head;
  return toUtf8(head.subarray(0, wholeUnits(head, encoding)), encoding);
}

/** How many bytes can be converted without knowing what follows: no half unit, no lone high surrogate at the end. */
function wholeUnits(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'windows-1252') return bytes.length;
  const end = bytes.length & ~1;
  if (end < 2) return end;
  const high = bytes[encoding === 'utf-16le' ? end - 1 : end - 2] ?? 0;
  return high >= 0xd8 && high <= 0xdb ? end - 2 : end;
}

function toUtf8(stored: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'windows-1252') return latinToUtf8(stored);
  const even = stored.length & ~1;
  const little = encoding === 'utf-16le' ? stored.subarray(0, even) : Buffer.from(stored.subarray(0, even)).swap16();
  if (even === 0) return Buffer.from('\ufffd');
  try {
    return transcode(little, 'utf16le', 'utf8') as Buffer;
  } catch {
    // A lone surrogate: rare, and only this way knows the replacement character.
    return Buffer.from(little.toString('utf16le'), 'utf8');
  }
}

function latinToUtf8(stored: Buffer): Buffer {
  const out = Buffer.allocUnsafe(stored.length * 3);
  let end = 0;
  for (let i = 0; i < stored.length; i++) {
    const byte = stored[i] ?? 0;
    if (byte < 0x80) {
      out[end++] = byte;
      continue;
    }
    const code = byte < 0xa0 ? (HIGH[byte - 0x80] ?? byte) : byte;
    if (code < 0x800) {
      out[end++] = 0xc0 | (code >> 6);
    } else {
      out[end++] = 0xe0 | (code >> 12);
      out[end++] = 0x80 | ((code >> 6) & 0x3f);
    }
    out[end++] = 0x80 | (code & 0x3f);
  }
  return out.subarray(0, end);
}

/** Bytes of `stored` whose UTF-8 form takes `target` bytes. */
function unitsFor(stored: Buffer, target: number, encoding: Encoding): number {
  let text = 0;
  let at = 0;
  if (encoding === 'windows-1252') {
    for (; at < stored.length && text < target; at++) {
      const byte = stored[at] ?? 0;
      text += byte < 0x80 ? 1 : byte < 0xa0 && (HIGH[byte - 0x80] ?? 0) >= 0x800 ? 3 : 2;
    }
    return at;
  }
  const highByte = encoding === 'utf-16le' ? 1 : 0;
  while (at + 1 < stored.length && text < target) {
    const unit = ((stored[at + highByte] ?? 0) << 8) | (stored[at + 1 - highByte] ?? 0);
    const next = at + 3 < stored.length ? (stored[at + 2 + highByte] ?? 0) : 0;
    const paired = unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc && next <= 0xdf;
    text += paired ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    at += paired ? 4 : 2;
  }
  return at;
}
