import { THRIFT_STRUCT, THRIFT_TRUE, ThriftReader } from './thrift-compact.ts';

export const DATA_PAGE = 0;
export const DICTIONARY_PAGE = 2;
export const DATA_PAGE_V2 = 3;

export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  bitPacked: 4,
  deltaBinary: 5,
  deltaLength: 6,
  deltaBytes: 7,
  rleDictionary: 8,
} as const;

/** A page that does not follow its format. */
export class CorruptPage extends Error {}

/** The fields of a page header (parquet.thrift, PageHeader) that reading the page takes. */
export interface PageHeader {
  headerBytes: number;
  type: number;
  uncompressedBytes: number;
  compressedBytes: number;
  crc: number | null;
  values: number;
  encoding: number;
  definitionEncoding: number;
  repetitionEncoding: number;
  /** Version 2 only. */
  rows: number;
  definitionBytes: number;
  repetitionBytes: number;
  isCompressed: boolean;
}

/** Throws `ThriftEnd` when the header is longer than `bytes`, another error when it makes no sense. */
export function readPageHeader(bytes: Buffer): PageHeader {
  const header: PageHeader = {
    headerBytes: 0,
    type: -1,
    uncompressedBytes: -1,
    compressedBytes: -1,
    crc: null,
    values: 0,
    encoding: -1,
    definitionEncoding: ENCODING.rle,
    repetitionEncoding: ENCODING.rle,
    rows: 0,
    definitionBytes: 0,
    repetitionBytes: 0,
    isCompressed: true,
  };
  const reader = new ThriftReader(bytes, 0);
  reader.struct((field, type) => {
    if (field === 1) header.type = reader.int();
    else if (field === 2) header.uncompressedBytes = reader.int();
    else if (field === 3) header.compressedBytes = reader.int();
    else if (field === 4) header.crc = reader.int();
    else if (type !== THRIFT_STRUCT) return false;
    else if (field === 5 || field === 7) readVersion1(reader, header);
    else if (field === 8) readVersion2(reader, header);
    else return false;
    return true;
  });
  header.headerBytes = reader.at;
  const { uncompressedBytes, compressedBytes, values, definitionBytes, repetitionBytes } = header;
  const sizes = [uncompressedBytes, compressedBytes, values, definitionBytes, repetitionBytes];
  if (header.type < 0 || sizes.some((size) => size < 0 || size > 0x7fffffff)) throw new Error('parquet: page header');
  return header;
}

/** Data page or dictionary page: the fields have the same numbers. */
function readVersion1(reader: ThriftReader, header: PageHeader): void {
  reader.struct((field, type) => {
    if (type === THRIFT_STRUCT || type <= 2) return false;
    if (field === 1) header.values = reader.int();
    else if (field === 2) header.encoding = reader.int();
    else if (field === 3) header.definitionEncoding = reader.int();
    else if (field === 4) header.repetitionEncoding = reader.int();
    else return false;
    return true;
  });
}

function readVersion2(reader: ThriftReader, header: PageHeader): void {
  reader.struct((field, type) => {
    if (field === 7) header.isCompressed = type === THRIFT_TRUE;
    if (type === THRIFT_STRUCT || type <= 2) return false;
    if (field === 1) header.values = reader.int();
    else if (field === 3) header.rows = reader.int();
    else if (field === 4) header.encoding = reader.int();
    else if (field === 5) header.definitionBytes = reader.int();
    else if (field === 6) header.repetitionBytes = reader.int();
    else return false;
    return true;
  });
}
