import { crc32, inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../model/byte-source.ts';
import { decompress } from './codec.ts';
import { type Content, contentOfBytes, contentOfStream } from './content.ts';
import { DecodeStop } from './decoder.ts';
import type { Members } from './members.ts';
import { isEncrypted, nameOf, type ZipEntry } from './zip-records.ts';

const STORED = 0;
const DEFLATE = 8;
const ZSTD = 93;
/** 4.4.5 of APPNOTE.TXT: what nobody here can undo, by name. */
const METHODS: Record<number, string> = {
  1: 'shrink',
  6: 'implode',
  9: 'deflate64',
  12: 'bzip2',
  14: 'lzma',
  95: 'xz',
  97: 'wavpack',
  98: 'ppmd',
  99: 'aes',
};
/** Entries up to this are inflated in one call; a call holds a thread for some milliseconds at most. */
export const SMALL_PACKED = 1024 * 1024;
export const SMALL_BYTES = 4 * 1024 * 1024;

/** The data of an entry as it is stored. */
export interface Packed {
  /** All of it, when it is in memory. */
  bytes: Buffer | null;
  stream(): AsyncIterable<Buffer>;
  source: ByteSource | null;
}

/** Decodes one member whose stored length is known. `isPaid`: its stored bytes came out of a codec. */
export async function decodeEntry(entry: ZipEntry, packed: Packed, members: Members, isPaid: boolean): Promise<void> {
  if (isEncrypted(entry)) {
    members.reject('encrypted');
    return;
  }
  const content = contentOf(entry, packed, members, isPaid);
  if (content === null) {
    members.remark(`zip-${METHODS[entry.method] ?? `method-${entry.method}`}`);
    members.reject('unsupported-codec');
  } else if (entry.bytes > 0 || entry.packedBytes > 0) await members.decode(content);
}

function contentOf(entry: ZipEntry, packed: Packed, members: Members, isPaid: boolean): Content | null {
  const name = nameOf(entry);
  const { budget } = members;
  if (entry.method === STORED) {
    if (packed.bytes !== null && fits(packed.bytes, entry)) return contentOfBytes(name, packed.bytes, isPaid);
    const content = contentOfStream(name, checked(packed.stream(), entry), isPaid);
    content.source = packed.source;
    return content;
  }
  if (entry.method === DEFLATE) {
    const bytes = packed.bytes === null ? null : inflateSmall(packed.bytes, entry);
    if (bytes !== null) {
      budget.spend(bytes.length);
      return contentOfBytes(name, bytes, true);
    }
    return contentOfStream(name, checked(decompress('deflate', packed.stream(), budget), entry), true);
  }
  if (entry.method !== ZSTD) return null;
  return contentOfStream(name, checked(decompress('zstd', packed.stream(), budget), entry), true);
}

function fits(bytes: Buffer, entry: ZipEntry): boolean {
  return bytes.length === entry.bytes && crc32(bytes) === entry.crc;
}

/** Null when it is not small, or not what the directory says: then the slow way tells how far it goes. */
function inflateSmall(packed: Buffer, entry: ZipEntry): Buffer | null {
  if (packed.length > SMALL_PACKED || entry.bytes > SMALL_BYTES) return null;
  try {
    // With `info` the answer is an object, which the types of Node do not say.
    const { buffer, engine } = inflateRawSync(packed, {
      maxOutputLength: Math.max(1, entry.bytes),
      // Room for one byte more lets zlib see the end without a second buffer.
      chunkSize: Math.max(64, entry.bytes + 1),
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === packed.length && fits(buffer, entry) ? buffer : null;
  } catch {
    return null;
  }
}

/** Passes the data on, and ends as corrupt behind it when length or checksum are not those of the entry. */
async function* checked(chunks: AsyncIterable<Buffer>, entry: ZipEntry): AsyncGenerator<Buffer> {
  let bytes = 0;
  let crc = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (bytes !== entry.bytes || crc !== entry.crc) throw new DecodeStop('corrupt');
}
