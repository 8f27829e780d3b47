import { crc32 } from 'node:zlib';
import { type DeflateEnd, decompress } from './codec.ts';
import { contentOfStream } from './content.ts';
import { DecodeStop } from './decoder.ts';
import type { ForwardReader } from './forward-reader.ts';
import type { Members } from './members.ts';
import { decodeEntry } from './zip-entry.ts';
import {
  ARCHIVE_EXTRA,
  CENTRAL,
  DESCRIPTOR,
  END,
  END64,
  hasDescriptor,
  isEncrypted,
  LOCAL,
  LOCAL_BYTES,
  localLength,
  nameOf,
  readLocal,
  type ZipEntry,
} from './zip-records.ts';

const DEFLATE = 8;
const GATHER_BYTES = 64 * 1024;
/** With its mark and 64-bit sizes. */
const DESCRIPTOR_BYTES = 24;
const DIRECTORY: ReadonlySet<number> = new Set([CENTRAL, END, END64, ARCHIVE_EXTRA]);
const MARK = Buffer.alloc(4);
MARK.writeUInt32LE(LOCAL);

/**
 * Walks a zip by its local records, from the start on: where its directory is missing, or out of reach. What is
 * impossible this way: an entry that is not deflated and whose length stands behind it.
 */
export class ZipForward {
  private readonly reader: ForwardReader;
  private readonly members: Members;
  private readonly isPaid: boolean;

  constructor(reader: ForwardReader, members: Members, isPaid: boolean) {
    this.reader = reader;
    this.members = members;
    this.isPaid = isPaid;
  }

  /** Ends at the directory, at the end of the stream, or when no further record is found. */
  async walk(): Promise<void> {
    const { reader, members } = this;
    for (;;) {
      const head = await reader.peek(LOCAL_BYTES);
      const mark = head.length < 4 ? 0 : head.readUInt32LE(0);
      if (head.length === 0 || DIRECTORY.has(mark)) return;
      if (mark === DESCRIPTOR && head.length >= 8 && head.readUInt32LE(4) === LOCAL) {
        reader.advance(4);
        continue;
      }
      const length = localLength(head);
      if (length === null) {
        members.fail(mark === LOCAL ? 'truncated' : 'corrupt');
        reader.advance(1);
        if (!(await this.findNext())) return;
        continue;
      }
      const record = await reader.peek(length);
      if (record.length < length) {
        members.fail('truncated');
        return;
      }
      const entry = readLocal(record);
      entry.nameBytes = Buffer.from(entry.nameBytes);
      reader.advance(length);
      members.count();
      if (!(await this.entry(entry)) && !(await this.findNext())) return;
    }
  }

  /** False when it is not known where the next record is. */
  private async entry(entry: ZipEntry): Promise<boolean> {
    const { members } = this;
    if (!hasDescriptor(entry) || entry.packedBytes > 0) return this.sized(entry);
    if (isEncrypted(entry)) {
      members.reject('encrypted');
      return false;
    }
    if (entry.method === DEFLATE) return this.deflated(entry);
    members.reject('unsupported-member', 'members-without-length');
    return false;
  }

  private async sized(entry: ZipEntry): Promise<boolean> {
    const { reader, members, isPaid } = this;
    const start = reader.position;
    const size = entry.packedBytes;
    const gathered = size <= GATHER_BYTES ? await reader.peek(size) : reader.peekReady(size);
    const bytes = gathered.length === size ? gathered : null;
    const packed = {
      bytes,
      stream: () => reader.take(size),
      source: null,
    };
    await decodeEntry(entry, packed, members, isPaid);
    if (!(await reader.skipTo(start + size))) {
      reader.raise();
      members.fail('truncated');
      return false;
    }
    return !hasDescriptor(entry) || this.skipDescriptor(size, entry.bytes);
  }

  /** Where deflated data ends is known when it was inflated. */
  private async deflated(entry: ZipEntry): Promise<boolean> {
    const { reader, members } = this;
    const start = reader.position;
    const end: DeflateEnd = { bytes: -1 };
    const sum = { bytes: 0, crc: 0 };
    const chunks = summed(decompress('deflate', reader.take(Number.POSITIVE_INFINITY), members.budget, end), sum);
    await members.decode(contentOfStream(nameOf(entry), keptOpen(chunks), true));
    try {
      // A member that nobody wanted to the end has one all the same.
      for await (const _ of chunks);
    } catch (error) {
      if (!(error instanceof DecodeStop)) throw error;
      members.fail(error.reason);
    }
    if (end.bytes < 0) return false;
    reader.giveBack(start + end.bytes);
    return this.skipDescriptor(end.bytes, sum.bytes, sum.crc);
  }

  /** A descriptor has a mark or none, and sizes of 4 or of 8 bytes (4.3.9). */
  private async skipDescriptor(packed: number, bytes: number, crc: number | null = null): Promise<boolean> {
    const { reader, members } = this;
    const head = await reader.peek(DESCRIPTOR_BYTES);
    const at = head.length >= 4 && head.readUInt32LE(0) === DESCRIPTOR ? 4 : 0;
    for (const width of [4, 8]) {
      const length = at + 4 + 2 * width;
      if (head.length < length) continue;
      const storedPacked = width === 4 ? head.readUInt32LE(at + 4) : Number(head.readBigUInt64LE(at + 4));
      const storedBytes = width === 4 ? head.readUInt32LE(at + 8) : Number(head.readBigUInt64LE(at + 12));
      if (storedPacked !== packed || storedBytes !== bytes) continue;
      if (crc !== null && head.readUInt32LE(at) !== crc) members.reject('corrupt');
      reader.advance(length);
      return true;
    }
    members.fail(head.length < 12 ? 'truncated' : 'corrupt');
    return false;
  }

  private async findNext(): Promise<boolean> {
    const { reader } = this;
    for (;;) {
      const seen = reader.ready >= MARK.length ? reader.peekReady(reader.ready) : await reader.peek(MARK.length);
      if (seen.length < MARK.length) return false;
      const at = seen.indexOf(MARK);
      if (at >= 0) {
        reader.advance(at);
        return true;
      }
      reader.advance(seen.length - MARK.length + 1);
    }
  }
}

async function* summed(chunks: AsyncIterable<Buffer>, sum: { bytes: number; crc: number }): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    sum.bytes += chunk.length;
    sum.crc = crc32(chunk, sum.crc);
    yield chunk;
  }
}

/** The same chunks; who stops early leaves the rest for others. */
async function* keptOpen(chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}
