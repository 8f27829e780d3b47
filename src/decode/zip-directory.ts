import type { ByteSource } from '../model/byte-source.ts';
import type { Budget } from './budget.ts';
import { CENTRAL, END, END64, END64_LOCATOR } from './zip-records.ts';

const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR_BYTES = 20;
/** The last record and the longest comment there can be. */
const TAIL_BYTES = END_BYTES + 0xffff;

export interface ZipDirectory {
  /** All its records. Held: free them. */
  bytes: Buffer;
  /** Offset of its first byte. */
  start: number;
  /** What has to be added to the offsets it holds: something was put before the archive. */
  shift: number;
  entries: number;
  /** Something stands behind the archive, or it says that it has several parts. */
  isOdd: boolean;
}

/** Finds and reads the directory at the end, or says why it cannot be used. */
export async function readDirectory(
  source: ByteSource,
  budget: Budget,
): Promise<ZipDirectory | 'truncated' | 'corrupt' | 'memory-limit'> {
  const { byteLength } = source;
  const tailStart = Math.max(0, byteLength - TAIL_BYTES);
  const tail = await source.read(tailStart, byteLength);
  const at = findEnd(tail);
  if (at < 0) return 'truncated';
  let size = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  let entries = tail.readUInt16LE(at + 10);
  let end = tailStart + at;
  let isOdd = at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length || tail.readUInt16LE(at + 4) !== 0;
  const end64 = await readEnd64(source, end);
  if (end64 !== null) {
    size = Number(end64.record.readBigUInt64LE(40));
    offset = Number(end64.record.readBigUInt64LE(48));
    entries = Number(end64.record.readBigUInt64LE(32));
    end = end64.start;
    isOdd ||= end64.record.readUInt32LE(16) !== 0;
  }
  if (size > end) return 'corrupt';
  const start = (await startsAt(source, offset, size, end)) ? offset : end - size;
  if (start < offset) return 'corrupt';
  if (size > budget.room) return 'memory-limit';
  budget.hold(size);
  return { bytes: await source.read(start, start + size), start, shift: start - offset, entries, isOdd };
}

/** The last record whose comment reaches the end of the file, else the last one at all. */
function findEnd(tail: Buffer): number {
  let last = -1;
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== END) continue;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at;
    if (last < 0) last = at;
  }
  return last;
}

async function readEnd64(source: ByteSource, end: number): Promise<{ start: number; record: Buffer } | null> {
  if (end < LOCATOR_BYTES + END64_BYTES) return null;
  const locator = await source.read(end - LOCATOR_BYTES, end);
  if (locator.readUInt32LE(0) !== END64_LOCATOR) return null;
  // Where it says, or directly before, if something was put before the archive.
  for (const start of [Number(locator.readBigUInt64LE(8)), end - LOCATOR_BYTES - END64_BYTES]) {
    if (start > end - LOCATOR_BYTES - END64_BYTES) continue;
    const record = await source.read(start, start + END64_BYTES);
    if (record.readUInt32LE(0) === END64) return { start, record };
  }
  return null;
}

async function startsAt(source: ByteSource, offset: number, size: number, end: number): Promise<boolean> {
  if (offset + size > end || size < 4) return false;
  return (await source.read(offset, offset + 4)).readUInt32LE(0) === CENTRAL;
}
