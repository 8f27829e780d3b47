import { decodeName } from './tar-header.ts';

// APPNOTE.TXT 6.3.10 of PKWARE; numbers are the sections.
export const LOCAL = 0x04034b50; // 4.3.7
export const CENTRAL = 0x02014b50; // 4.3.12
export const END = 0x06054b50; // 4.3.16
export const END64 = 0x06064b50; // 4.3.14
export const END64_LOCATOR = 0x07064b50; // 4.3.15
export const ARCHIVE_EXTRA = 0x08064b50; // 4.3.11
export const DESCRIPTOR = 0x08074b50; // 4.3.9
export const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const ZIP64_EXTRA = 1;
const MAX32 = 0xffffffff;

export interface ZipEntry {
  nameBytes: Buffer;
  flags: number;
  method: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  /** Offset of its local header, as stored; of a local header 0. */
  offset: number;
  /** Length of the record itself, names and extra fields included. */
  recordBytes: number;
}

/** The record of the directory at `at`; null when none is there. */
export function readCentral(bytes: Buffer, at: number): ZipEntry | null {
  if (at + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) return null;
  const nameEnd = at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const end = extraEnd + bytes.readUInt16LE(at + 32);
  if (end > bytes.length) return null;
  const entry = fields(bytes, at + 8);
  entry.nameBytes = bytes.subarray(at + CENTRAL_BYTES, nameEnd);
  entry.offset = bytes.readUInt32LE(at + 42);
  entry.recordBytes = end - at;
  readZip64(entry, bytes.subarray(nameEnd, extraEnd));
  return entry;
}

/** Length of the local record that begins `bytes`, of which 30 suffice; null when none does. */
export function localLength(bytes: Buffer): number | null {
  if (bytes.length < LOCAL_BYTES || bytes.readUInt32LE(0) !== LOCAL) return null;
  return LOCAL_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
}

/** The local record in `bytes`, which hold all of it. */
export function readLocal(bytes: Buffer): ZipEntry {
  const entry = fields(bytes, 6);
  const nameEnd = LOCAL_BYTES + bytes.readUInt16LE(26);
  entry.recordBytes = nameEnd + bytes.readUInt16LE(28);
  entry.nameBytes = bytes.subarray(LOCAL_BYTES, nameEnd);
  readZip64(entry, bytes.subarray(nameEnd, entry.recordBytes));
  return entry;
}

export function nameOf({ nameBytes }: ZipEntry): string {
  return decodeName(nameBytes);
}

export function isEncrypted({ flags }: ZipEntry): boolean {
  return (flags & 1) !== 0;
}

/** The local record leaves sizes and checksum to a descriptor behind the data. */
export function hasDescriptor({ flags }: ZipEntry): boolean {
  return (flags & 8) !== 0;
}

/** Whether two readers of the same archive, one by the directory and one by local records, would see different things. */
export function disagree(central: ZipEntry, local: ZipEntry): boolean {
  if (central.method !== local.method || isEncrypted(central) !== isEncrypted(local)) return true;
  if (!central.nameBytes.equals(local.nameBytes)) return true;
  const differs =
    central.crc !== local.crc || central.packedBytes !== local.packedBytes || central.bytes !== local.bytes;
  return differs && !hasDescriptor(local);
}

/** What local and central records have in common, from the flags on. */
function fields(bytes: Buffer, at: number): ZipEntry {
  return {
    nameBytes: bytes,
    flags: bytes.readUInt16LE(at),
    method: bytes.readUInt16LE(at + 2),
    crc: bytes.readUInt32LE(at + 8),
    packedBytes: bytes.readUInt32LE(at + 12),
    bytes: bytes.readUInt32LE(at + 16),
    offset: 0,
    recordBytes: 0,
  };
}

/** 4.5.3: holds, in this order, those of the fields that are full of ones. */
function readZip64(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) {
      let next = at + 4;
      const take = (field: 'bytes' | 'packedBytes' | 'offset'): void => {
        if (entry[field] !== MAX32 || next + 8 > Math.min(end, extra.length)) return;
        entry[field] = Number(extra.readBigUInt64LE(next));
        next += 8;
      };
      take('bytes');
      take('packedBytes');
      take('offset');
      return;
    }
    at = end;
  }
}
