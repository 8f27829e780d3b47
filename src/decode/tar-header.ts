import { isUtf8 } from 'node:buffer';

export const TAR_BLOCK = 512;

export interface TarHeader {
  name: string;
  /** Bytes of data as stored; -1 when it makes no sense. */
  size: number;
  type: string;
  /** An old GNU sparse member, of whose map more follows in further blocks. */
  isSparseExtended: boolean;
}

/** Whether the first block of `head` is a header of any tar there ever was: its checksum says so. */
export function isTarHeader(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  // Cheap first: the checksum is octal digits, which hardly anything else has here.
  const first = head[148] ?? 0;
  if (first !== 0x20 && (first < 0x30 || first > 0x37)) return false;
  return checksumFits(head) && numberAt(head, 100, 108) >= 0 && numberAt(head, 124, 136) >= 0;
}

/** Reads one block as a header (POSIX.1-1988 ustar, GNU, V7); null when its checksum is wrong. */
export function readTarHeader(block: Buffer): TarHeader | null {
  if (!checksumFits(block)) return null;
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? text(block, 345, 500) : '';
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: numberAt(block, 124, 136),
    type: type === '\0' && name.endsWith('/') ? '5' : type,
    isSparseExtended: type === 'S' && block[482] !== 0,
  };
}

/** What a pax header says about the next member, or about all that follow. */
export interface PaxRecords {
  path?: string;
  size?: number;
  isSparse?: boolean;
}

/** Records `length key=value\n` (POSIX.1-2001, pax extended header); null when they make no sense. */
export function readPax(bytes: Buffer): PaxRecords | null {
  const records: PaxRecords = {};
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 || space - at > 10 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    if (!Number.isInteger(length) || end > bytes.length || end <= space || equals < 0 || equals >= end) return null;
    const key = bytes.toString('latin1', space + 1, equals);
    const value = bytes.subarray(equals + 1, end - 1);
    if (key === 'path' || key === 'GNU.sparse.name') records.path = decodeName(value);
    else if (key === 'size') records.size = wholeNumber(value.toString('latin1'));
    if (key.startsWith('GNU.sparse.')) records.isSparse = true;
    at = end;
  }
  return records;
}

/** A stored name; of those that are not UTF-8 every byte is a Latin-1 letter. */
export function decodeName(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function text(block: Buffer, from: number, to: number): string {
  const end = block.indexOf(0, from);
  return decodeName(block.subarray(from, end < 0 || end > to ? to : end));
}

/** The sum of all bytes, its own field taken as spaces. Some old writers added signed bytes. */
function checksumFits(block: Buffer): boolean {
  const stored = numberAt(block, 148, 156);
  if (stored < 0) return false;
  let unsigned = 8 * 0x20;
  let high = 0;
  for (let i = 0; i < TAR_BLOCK; i++) {
    if (i >= 148 && i < 156) continue;
    const byte = block[i] ?? 0;
    unsigned += byte;
    if (byte >= 0x80) high++;
  }
  return stored === unsigned || stored === unsigned - 256 * high;
}

/** Octal digits, or, when the first bit is set, a big-endian number (GNU, star: "base-256"). -1 when it is neither. */
function numberAt(block: Buffer, from: number, to: number): number {
  const first = block[from] ?? 0;
  let value = 0;
  if ((first & 0x80) !== 0) {
    if (first !== 0x80) return -1;
    for (let i = from + 1; i < to; i++) value = value * 256 + (block[i] ?? 0);
    return value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }
  let at = from;
  while (at < to && block[at] === 0x20) at++;
  for (; at < to; at++) {
    const byte = block[at] ?? 0;
    if (byte === 0 || byte === 0x20) break;
    if (byte < 0x30 || byte > 0x37) return -1;
    value = value * 8 + byte - 0x30;
  }
  return value;
}

function wholeNumber(digits: string): number {
  const value = /^\d{1,16}$/.test(digits) ? Number(digits) : -1;
  return Number.isSafeInteger(value) ? value : -1;
}
