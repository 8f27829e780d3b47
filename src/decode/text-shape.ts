import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const PARITY_BYTES = 4096;

/** The encoding of text by its first bytes; null when they are not text. */
export function encodingOf(head: Buffer): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const parity = nulParity(head.subarray(0, PARITY_BYTES));
  if (parity !== null) return parity;
  if (looksBinary(head)) return null;
  return isUtf8(withoutCutCharacter(head)) ? 'utf-8' : 'windows-1252';
}

/** NULs, or many control bytes: images, weights and other things nobody reads as text. */
export function looksBinary(bytes: Buffer): boolean {
  let nuls = 0;
  let controls = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 32) continue;
    if (byte === 0) nuls++;
    // Tab, newline, vertical tab, form feed, return, escape (terminal colours in logs) and backspace are text.
    else if ((byte < 8 || byte > 13) && byte !== 27) controls++;
  }
  const utf8 = isUtf8(withoutCutCharacter(bytes));
  return nuls * 100 > bytes.length || controls * (utf8 ? 10 : 50) > bytes.length;
}

/** UTF-16 without a mark: Latin letters have NUL in nearly every high byte and hardly any low one. */
function nulParity(head: Buffer): Encoding | null {
  if (!head.includes(0)) return null;
  const nuls = [0, 0];
  const controls = [0, 0];
  for (let i = 0; i + 1 < head.length; i += 2) {
    for (const parity of [0, 1]) {
      const byte = head[i + parity] ?? 0;
      if (byte === 0) nuls[parity] = (nuls[parity] ?? 0) + 1;
      else if (byte < 9) controls[parity] = (controls[parity] ?? 0) + 1;
    }
  }
  const pairs = head.length >> 1;
  const isText = (high: number): boolean => {
    const highNuls = nuls[high] ?? 0;
    const lowNuls = nuls[1 - high] ?? 0;
    // Small numbers of two bytes have the same NULs, and control bytes between them.
    return highNuls > pairs * 0.4 && lowNuls * 5 < highNuls && (controls[1 - high] ?? 0) * 20 < pairs;
  };
  if (pairs < 2) return null;
  if (isText(1)) return 'utf-16le';
  return isText(0) ? 'utf-16be' : null;
}

/** A head may end inside a character: up to three bytes do not count. */
function withoutCutCharacter(head: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= head.length; back++) {
    const byte = head[head.length - back] ?? 0;
    if (byte >= 0xc0) return head.subarray(0, head.length - back);
    if (byte < 0x80) break;
  }
  return head;
}
