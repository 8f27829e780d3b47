import type { ByteSource } from '../model/byte-source.ts';

/** What is to be decoded: the object itself, or a member of a container. */
export interface Content {
  /** Object key or stored name: breaks ties of `sniff`. */
  name: string;
  /** All of it, where it is in memory already. Valid until the container goes on. */
  bytes: Buffer | null;
  /** Its bytes from the start; called once. */
  stream(): AsyncIterable<Buffer>;
  /** Random access, where the object stores the bytes as they are and reading some twice is worth it. */
  source: ByteSource | null;
  /** The bytes came out of a codec, which took them off the budget. */
  isPaid: boolean;
}

export function contentOfBytes(name: string, bytes: Buffer, isPaid: boolean): Content {
  return { name, bytes, stream: () => once(bytes), source: null, isPaid };
}

export function contentOfStream(name: string, chunks: AsyncIterable<Buffer>, isPaid: boolean): Content {
  return { name, bytes: null, stream: () => chunks, source: null, isPaid };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Bytes [start, end) of a source as a source of their own. Closing stays with the whole. */
export function sliceSource(source: ByteSource, start: number, end: number): ByteSource {
  return {
    byteLength: end - start,
    stream: (from = 0, to = end - start) => source.stream(start + from, start + to),
    read: (from, to) => source.read(start + from, start + to),
    verify: async () => {},
    close: async () => {},
  };
}
