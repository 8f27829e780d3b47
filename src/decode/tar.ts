import type { ByteSource } from '../model/byte-source.ts';
import { type Content, contentOfBytes, contentOfStream, sliceSource } from './content.ts';
import { type ForwardReader, HOP_BYTES } from './forward-reader.ts';
import type { Members } from './members.ts';
import { decodeName, type PaxRecords, readPax, readTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

/** Pax records and long names; nobody writes larger ones. */
const MAX_EXTENSION_BYTES = 1024 * 1024;
/** A member of this size is gathered when it reaches over the end of a chunk; larger ones are streamed. */
const GATHER_BYTES = 64 * 1024;
/** Types without data: links, devices, directories, pipes, volume names. Only their names exist for us. */
const NO_DATA = new Set(['1', '2', '3', '4', '5', '6', 'V']);
const ZEROS = Buffer.alloc(TAR_BLOCK);

/** Walks the members of a tar, also of several that were joined, and goes on behind damage at the next header. */
export class TarWalk {
  private readonly reader: ForwardReader;
  /** The object, where the tar stands in it as it is. */
  private readonly source: ByteSource | null;
  private readonly members: Members;
  private readonly isPaid: boolean;
  private longName: string | null = null;
  private pax: PaxRecords = {};
  private globalPax: PaxRecords = {};

  constructor(reader: ForwardReader, source: ByteSource | null, members: Members, isPaid: boolean) {
    this.reader = reader;
    this.source = source;
    this.members = members;
    this.isPaid = isPaid;
  }

  async walk(): Promise<void> {
    const { reader, members } = this;
    let sawEnd = false;
    let isLost = false;
    for (;;) {
      const block = reader.ready >= TAR_BLOCK ? reader.peekReady(TAR_BLOCK) : await reader.peek(TAR_BLOCK);
      if (block.length < TAR_BLOCK) {
        if (block.length > 0) reader.raise();
        if (!sawEnd || block.length > 0) members.fail('truncated');
        return;
      }
      if (block[0] === 0 && block.equals(ZEROS)) {
        reader.advance(TAR_BLOCK);
        sawEnd = true;
        continue;
      }
      const header = readTarHeader(block);
      reader.advance(TAR_BLOCK);
      if (header === null || header.size < 0) {
        if (!isLost) members.fail('corrupt');
        isLost = true;
        continue;
      }
      isLost = false;
      sawEnd = false;
      if (!(await this.entry(header))) {
        reader.raise();
        members.fail('truncated');
        return;
      }
    }
  }

  /** False when the stream ended within it. */
  private async entry(header: TarHeader): Promise<boolean> {
    const { type, size } = header;
    if (type === 'x' || type === 'X' || type === 'g') {
      const records = await this.extension(size);
      const pax = records === null ? null : readPax(records);
      if (pax === null) this.members.fail('corrupt');
      else if (type === 'g') this.globalPax = { ...this.globalPax, ...pax };
      else this.pax = pax;
      return this.skipData(this.reader.position, size);
    }
    if (type === 'L' || type === 'K') {
      const name = await this.extension(size);
      if (name === null) this.members.fail('corrupt');
      else if (type === 'L') this.longName = decodeName(withoutNuls(name));
      return this.skipData(this.reader.position, size);
    }
    return this.member(header);
  }

  private async member(header: TarHeader): Promise<boolean> {
    const { reader, members } = this;
    const pax = { ...this.globalPax, ...this.pax };
    const name = pax.path ?? this.longName ?? header.name;
    const size = pax.size ?? header.size;
    this.pax = {};
    this.longName = null;
    members.count();
    if (header.isSparseExtended && !(await this.skipSparseMap())) return false;
    const start = reader.position;
    if (size < 0) {
      members.reject('corrupt');
      return true;
    }
    if (size === 0 || (NO_DATA.has(header.type) && (await this.isFollowedByHeader()))) return true;
    if (pax.isSparse === true || header.type === 'S') members.reject('unsupported-member', 'members-sparse');
    else await members.decode(await this.content(name, start, size));
    return this.skipData(start, size);
  }

  private async content(name: string, start: number, size: number): Promise<Content> {
    const { reader, source, isPaid } = this;
    const bytes = size <= GATHER_BYTES ? await reader.peek(size) : reader.peekReady(size);
    if (bytes.length === size || size <= GATHER_BYTES) return contentOfBytes(name, bytes, isPaid);
    const content = contentOfStream(name, reader.take(size), isPaid);
    if (source !== null && size > HOP_BYTES && start + size <= source.byteLength) {
      content.source = sliceSource(source, start, start + size);
    }
    return content;
  }

  /** Old writers give links the size of what they point at, without storing it; a size may also mean what it says. */
  private async isFollowedByHeader(): Promise<boolean> {
    const block = await this.reader.peek(TAR_BLOCK);
    return block.length < TAR_BLOCK || block.equals(ZEROS) || readTarHeader(block) !== null;
  }

  private async skipSparseMap(): Promise<boolean> {
    const { reader } = this;
    for (;;) {
      const block = await reader.peek(TAR_BLOCK);
      if (block.length < TAR_BLOCK) return false;
      const hasMore = block[504] !== 0;
      reader.advance(TAR_BLOCK);
      if (!hasMore) return true;
    }
  }

  private async extension(size: number): Promise<Buffer | null> {
    if (size > MAX_EXTENSION_BYTES) return null;
    const bytes = await this.reader.peek(size);
    return bytes.length < size ? null : bytes;
  }

  private async skipData(start: number, size: number): Promise<boolean> {
    const { reader } = this;
    const end = start + size;
    const isWhole = await reader.skipTo(end);
    // The last block need not be filled up.
    return (
      isWhole && ((await reader.skipTo(end + ((TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK))) || reader.ready === 0)
    );
  }
}

function withoutNuls(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
