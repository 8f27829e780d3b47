import type { ByteSource } from '../model/byte-source.ts';
import { BlockReader } from './block-reader.ts';
import { sliceSource } from './content.ts';
import { ForwardReader } from './forward-reader.ts';
import type { Members } from './members.ts';
import { readDirectory, type ZipDirectory } from './zip-directory.ts';
import { decodeEntry, type Packed, SMALL_BYTES, SMALL_PACKED } from './zip-entry.ts';
import { ZipForward } from './zip-forward.ts';
import {
  disagree,
  isEncrypted,
  LOCAL,
  LOCAL_BYTES,
  localLength,
  readCentral,
  readLocal,
  type ZipEntry,
} from './zip-records.ts';

/** The longest local record there can be. */
const MAX_LOCAL_BYTES = LOCAL_BYTES + 2 * 0xffff;
/** The longest descriptor behind the data of an entry. */
const MAX_DESCRIPTOR = 24;
const MARK = Buffer.alloc(4);
MARK.writeUInt32LE(LOCAL);

/** Decodes the members of a zip by its directory, or by the local records where there is none that can be used. */
export async function walkZip(source: ByteSource, members: Members, isPaid: boolean): Promise<void> {
  const { budget } = members;
  const directory = await readDirectory(source, budget);
  if (typeof directory === 'string') {
    members.fail(directory);
    await forward(source, members, isPaid);
    return;
  }
  const walk = new ZipWalk(source, directory, members, isPaid);
  try {
    await walk.walk();
  } finally {
    await walk.close();
    budget.free(directory.bytes.length);
  }
}

async function forward(source: ByteSource, members: Members, isPaid: boolean): Promise<void> {
  const reader = new ForwardReader(source.stream(), source);
  try {
    await new ZipForward(reader, members, isPaid).walk();
  } finally {
    await reader.close();
  }
}

/**
 * Walks the entries in the order in which they are stored, each byte once: an entry that begins inside another one is
 * not read again, and one that no directory names is read all the same.
 */
class ZipWalk {
  private readonly source: ByteSource;
  private readonly directory: ZipDirectory;
  private readonly members: Members;
  private readonly isPaid: boolean;
  private readonly reader: BlockReader;
  /** By entry, in the order of their offsets: where its record is in the directory, and where its data begins. */
  private places = new Uint32Array(64);
  private offsets = new Float64Array(64);
  private count = 0;
  /** Number of the entry that ends the current run of small ones, and the offset at which it begins. */
  private runEnd = { index: 0, offset: 0 };

  constructor(source: ByteSource, directory: ZipDirectory, members: Members, isPaid: boolean) {
    this.source = source;
    this.directory = directory;
    this.members = members;
    this.isPaid = isPaid;
    this.reader = new BlockReader(source);
  }

  async walk(): Promise<void> {
    const { directory, members } = this;
    this.index();
    if (directory.isOdd) members.fail('corrupt');
    let end = 0;
    for (let i = 0; i < this.count; i++) {
      const entry = readCentral(directory.bytes, this.places[i] ?? 0);
      if (entry === null) return;
      members.count();
      const offset = this.offsets[i] ?? 0;
      if (offset < end || offset >= directory.start) {
        members.reject('corrupt', offset < end ? 'members-overlapping' : 'members-out-of-place');
        continue;
      }
      await this.gap(end, offset);
      end = await this.entry(entry, i);
    }
    await this.gap(end, directory.start);
  }

  async close(): Promise<void> {
    await this.reader.close();
  }

  /** Notes where all entries are, so that they can be read in the order of their offsets. */
  private index(): void {
    const { directory, members } = this;
    const { bytes, shift } = directory;
    let isSorted = true;
    let at = 0;
    for (let entry = readCentral(bytes, at); entry !== null; entry = readCentral(bytes, at)) {
      if (this.count === this.places.length) {
        const { places, offsets } = this;
        this.places = new Uint32Array(this.count * 2);
        this.places.set(places);
        this.offsets = new Float64Array(this.count * 2);
        this.offsets.set(offsets);
      }
      const offset = entry.offset + shift;
      if (this.count > 0 && offset < (this.offsets[this.count - 1] ?? 0)) isSorted = false;
      this.places[this.count] = at;
      this.offsets[this.count] = offset;
      this.count++;
      at += entry.recordBytes;
      // One more than allowed, so that the walk ends at the limit.
      if (this.count > members.budget.limits.maxEntries) break;
    }
    const isWhole = at === bytes.length && (this.count & 0xffff) === (directory.entries & 0xffff);
    if (!isWhole && this.count <= members.budget.limits.maxEntries) members.fail('corrupt');
    if (isSorted) return;
    const { offsets, places } = this;
    const order = Uint32Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0) || a - b);
    this.offsets = Float64Array.from(order, (i) => offsets[i] ?? 0);
    this.places = Uint32Array.from(order, (i) => places[i] ?? 0);
  }

  /** Answers the offset behind its data. */
  private async entry(entry: ZipEntry, index: number): Promise<number> {
    const { reader, members, source } = this;
    const offset = this.offsets[index] ?? 0;
    const isSmall = this.isSmall(index);
    reader.moveTo(offset, isSmall ? this.endOfRun(index) : Math.min(offset + MAX_LOCAL_BYTES, this.directory.start));
    const length = localLength(await reader.peek(LOCAL_BYTES));
    const record = length === null ? null : await reader.peek(length);
    if (length === null || record === null || record.length < length) {
      members.reject('corrupt');
      return offset;
    }
    const local = readLocal(record);
    if (disagree(entry, local)) {
      members.remark('members-contradicted');
      members.fail('corrupt');
      // A mark that only one of them has is there to keep readers away.
      if (isEncrypted(entry) !== isEncrypted(local)) entry.flags &= ~1;
    }
    const start = offset + length;
    const end = Math.min(start + entry.packedBytes, this.directory.start);
    if (end < start + entry.packedBytes) members.reject('truncated');
    let bytes: Buffer | null = null;
    if (isSmall) {
      reader.skip(length);
      const seen = await reader.peek(end - start);
      // It may claim to reach into what is not read in blocks.
      bytes = seen.length === end - start ? seen : null;
    }
    const packed: Packed = {
      bytes,
      stream: () => (bytes === null ? source.stream(start, end) : once(bytes)),
      source: sliceSource(source, start, end),
    };
    await decodeEntry(entry, packed, members, this.isPaid);
    return end;
  }

  /** Bytes that belong to no entry: when a local record stands there, the directory keeps it back. */
  private async gap(start: number, end: number): Promise<void> {
    if (end - start < LOCAL_BYTES) return;
    const { source, members } = this;
    const head = await source.read(start, Math.min(end, start + MAX_DESCRIPTOR + MARK.length));
    const at = head.indexOf(MARK);
    if (at < 0) return;
    members.remark('members-hidden');
    await forward(sliceSource(source, start + at, end), members, this.isPaid);
  }

  private isSmall(index: number): boolean {
    const { bytes } = this.directory;
    const at = this.places[index] ?? 0;
    return bytes.readUInt32LE(at + 20) <= SMALL_PACKED && bytes.readUInt32LE(at + 24) <= SMALL_BYTES;
  }

  /** Offset of the next entry that is not small: what comes before is read in blocks. */
  private endOfRun(index: number): number {
    if (index >= this.runEnd.index) {
      let next = index + 1;
      while (next < this.count && this.isSmall(next)) next++;
      this.runEnd = { index: next, offset: next < this.count ? (this.offsets[next] ?? 0) : this.directory.start };
    }
    return Math.min(this.runEnd.offset, this.directory.start);
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
