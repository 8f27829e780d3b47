import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';

/** Tar and zip archives made by hand, right or wrong on purpose. */
export interface TarOptions {
  type?: string;
  /** What the header says instead of the length of the data. */
  size?: number;
  /** Bytes of the size field itself. */
  sizeField?: Buffer;
  prefix?: string;
  magic?: string;
  link?: string;
}

export function tarHeader(name: string, size: number, options: TarOptions = {}): Buffer {
  const { type = '0', prefix = '', magic = 'ustar\x0000', link = '', sizeField } = options;
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write('0000644\0', 100);
  block.write('0001750\0', 108);
  block.write('0001750\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  sizeField?.copy(block, 124);
  block.write('14000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156, 'latin1');
  block.write(link, 157, 100);
  block.write(magic, 257, 'latin1');
  block.write(prefix, 345, 155);
  return withChecksum(block);
}

export function withChecksum(block: Buffer): Buffer {
  block.write('        ', 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

export function tarEntry(name: string, data: Buffer | string = '', options: TarOptions = {}): Buffer {
  const bytes = Buffer.from(data);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([tarHeader(name, options.size ?? bytes.length, options), bytes, padding]);
}

export const TAR_END = Buffer.alloc(1024);

export function tarOf(entries: [name: string, data: Buffer | string][]): Buffer {
  return Buffer.concat([...entries.map(([name, data]) => tarEntry(name, data)), TAR_END]);
}

export function paxEntry(records: Record<string, string>, type = 'x'): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + 1;
    while (String(length).length + rest !== length) length = String(length).length + rest;
    return `${length} ${key}=${value}\n`;
  });
  return tarEntry('PaxHeaders/x', lines.join(''), { type });
}

export interface ZipItem {
  name: string;
  data: Buffer | string;
  /** Default: deflate. */
  method?: number;
  /** Sizes and checksum stand behind the data. */
  hasDescriptor?: boolean;
  isZip64?: boolean;
  flags?: number;
  /** What the directory says instead of the truth. */
  central?: { name?: string; method?: number; packed?: number; size?: number; crc?: number; flags?: number };
  local?: { name?: string; method?: number; packed?: number; size?: number; crc?: number; flags?: number };
  /** The directory does not name it. */
  isHidden?: boolean;
}

const PACK: Record<number, (bytes: Buffer) => Buffer> = {
  0: (bytes) => bytes,
  8: (bytes) => deflateRawSync(bytes),
  93: (bytes) => zstdCompressSync(bytes),
};

export interface ZipParts {
  /** Local records and data. */
  body: Buffer;
  /** Of each item, in `body`. */
  offsets: number[];
  directory: Buffer;
  end: Buffer;
}

export function zipParts(items: ZipItem[], base = 0): ZipParts {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = base;
  for (const item of items) {
    const data = Buffer.from(item.data);
    const { method = 8, flags = 0x800, isZip64 = false, hasDescriptor = false } = item;
    const packed = (PACK[method] ?? ((bytes: Buffer) => bytes))(data);
    const truth = { name: item.name, method, packed: packed.length, size: data.length, crc: crc32(data), flags };
    if (hasDescriptor) truth.flags |= 8;
    const inLocal = hasDescriptor ? { ...truth, packed: 0, size: 0, crc: 0 } : truth;
    const local = record(0x04034b50, { ...inLocal, ...item.local }, isZip64 && !hasDescriptor, null);
    const descriptor = hasDescriptor ? descriptorOf(truth, isZip64) : Buffer.alloc(0);
    offsets.push(at);
    if (item.isHidden !== true) directory.push(record(0x02014b50, { ...truth, ...item.central }, isZip64, at));
    body.push(local, packed, descriptor);
    at += local.length + packed.length + descriptor.length;
  }
  const records = Buffer.concat(directory);
  return { body: Buffer.concat(body), offsets, directory: records, end: zipEnd(directory.length, records.length, at) };
}

export function zipOf(items: ZipItem[]): Buffer {
  const { body, directory, end } = zipParts(items);
  return Buffer.concat([body, directory, end]);
}

/** The last record; `comment` follows it. */
export function zipEnd(count: number, size: number, offset: number, comment = ''): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count & 0xffff, 8);
  end.writeUInt16LE(count & 0xffff, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([end, Buffer.from(comment)]);
}

/** The last records of a zip64 archive: all that is in the small one is full of ones. */
export function zip64End(count: number, size: number, offset: number): Buffer {
  const big = Buffer.alloc(56);
  big.writeUInt32LE(0x06064b50, 0);
  big.writeBigUInt64LE(44n, 4);
  big.writeBigUInt64LE(BigInt(count), 24);
  big.writeBigUInt64LE(BigInt(count), 32);
  big.writeBigUInt64LE(BigInt(size), 40);
  big.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([big, locator, zipEnd(0xffff, 0xffffffff, 0xffffffff)]);
}

interface Fields {
  name: string;
  method: number;
  packed: number;
  size: number;
  crc: number;
  flags: number;
}

function record(mark: number, fields: Fields, isZip64: boolean, offset: number | null): Buffer {
  const at = offset === null ? 4 : 6;
  const head = Buffer.alloc(offset === null ? 30 : 46);
  const name = Buffer.from(fields.name);
  head.writeUInt32LE(mark, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(fields.flags, at + 2);
  head.writeUInt16LE(fields.method, at + 4);
  head.writeUInt32LE(fields.crc, at + 10);
  head.writeUInt32LE(isZip64 ? 0xffffffff : fields.packed, at + 14);
  head.writeUInt32LE(isZip64 ? 0xffffffff : fields.size, at + 18);
  head.writeUInt16LE(name.length, at + 22);
  const extra = Buffer.alloc(isZip64 ? (offset === null ? 20 : 28) : 0);
  if (isZip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(extra.length - 4, 2);
    extra.writeBigUInt64LE(BigInt(fields.size), 4);
    extra.writeBigUInt64LE(BigInt(fields.packed), 12);
    if (offset !== null) extra.writeBigUInt64LE(BigInt(offset), 20);
  }
  head.writeUInt16LE(extra.length, at + 24);
  if (offset !== null) head.writeUInt32LE(isZip64 ? 0xffffffff : offset, 42);
  return Buffer.concat([head, name, extra]);
}

function descriptorOf(truth: Fields, isZip64: boolean): Buffer {
  const bytes = Buffer.alloc(isZip64 ? 24 : 16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(truth.crc, 4);
  if (isZip64) {
    bytes.writeBigUInt64LE(BigInt(truth.packed), 8);
    bytes.writeBigUInt64LE(BigInt(truth.size), 16);
  } else {
    bytes.writeUInt32LE(truth.packed, 8);
    bytes.writeUInt32LE(truth.size, 12);
  }
  return bytes;
}
